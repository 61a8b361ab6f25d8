"""What the Referral pathway page draws about time: waits, open referrals; national figures beside."""

from analysis import Answer
from analysis.findings.differences import compare
from ui.app.view import View
from ui.cards import layout
from ui.topics.pathway import pathway_figures
from ui.topics.reporting import respond_cards, respond_words

AREA_KINDS = ("urban", "rural")
NATIONAL = (
    "nrm_first_decisions",
    "nrm_final_decisions",
    "nrm_first_decision_share",
    "nrm_final_decision_share",
    "nrm_duty_to_notify",
)


def draw_waits(view: View) -> None:
    """Draw waits for the first contact, the decision and the first service."""
    kinds = {"area_kind": AREA_KINDS}
    ends, median, years, p90, bands, decision, contact = view.answer(
        [
            view.question("referrals_made", ["stage"]),
            view.question("service_wait_median", ["area_kind"], where=kinds),
            view.question("service_wait_median", ["period", "area_kind"], where=kinds),
            view.question("service_wait_p90", ["area_kind"], where=kinds),
            view.question("referrals_made", ["start_band"], where={"start_band": _waits(view)}),
            view.question("decision_wait_median", ["period"]),
            view.question("contact_within_48h_share", ["period"]),
        ],
        strict=False,
    )
    bars = respond_cards.bars(view)
    if pathway_figures.has_services(ends):
        respond_cards.side_by_side(
            lambda: respond_cards.card(
                view,
                "service_wait",
                median,
                bars,
                _by_area_kind(view, median),
                notes=[] if p90.refusal else [_nine_in_ten(view, p90)],
            ),
            lambda: _card_by_years(view, years),
        )
        respond_cards.card(
            view,
            "service_bands",
            bands,
            bars,
            respond_words.led(bands, "The first service came most often after"),
            notes=["Referrals that were not accepted are left out."],
        )
    respond_cards.side_by_side(
        lambda: _card_over_years(view, "contact", contact),
        lambda: _card_over_years(view, "decision", decision),
    )


def _waits(view: View) -> list[str]:
    codes = view.catalog.dimensions["start_band"].codes
    return [code for code in codes if code not in ("not_applicable", "not_recorded")]


def _card_by_years(view: View, answer: Answer) -> None:
    said = "" if answer.refusal else respond_words.groups_over_the_years(answer, "area_kind", view.words)
    respond_cards.card(view, "service_wait_years", answer, respond_cards.lines(view), said)


def _card_over_years(view: View, key: str, answer: Answer, smallest: float = 0.0) -> None:
    said = "" if answer.refusal else respond_words.over_the_years(answer, smallest)
    respond_cards.card(view, key, answer, respond_cards.lines(view), said)


def _by_area_kind(view: View, answer: Answer) -> str:
    rows = [row for row in answer.frame.iter_rows(named=True) if row["value"] is not None]
    if len(rows) != 2:
        return ""
    rows.sort(key=lambda row: -row["value"])
    is_apart = int(compare(rows[1], rows[0]).direction) > 0
    return respond_words.wait_apart(rows, answer.measure, view.words, is_apart)


def _nine_in_ten(view: View, answer: Answer) -> str:
    rows = [row for row in answer.frame.iter_rows(named=True) if row["base"] is not None]
    return respond_words.nine_in_ten(rows, answer.measure, view.words, _longest(view))


def _longest(view: View) -> float:
    return max(one.low or 0.0 for one in view.catalog.dimensions["start_band"].categories)


def draw_backlog(view: View) -> None:
    """Draw how many referrals were open at the ends of years, and for how long."""
    if "open_referrals" not in respond_cards.known(view):
        return
    total, older = view.answer(
        [view.question(code, ["period"]) for code in ("open_referrals", "open_over_90_share")], strict=False
    )
    if total.refusal or total.frame.is_empty():
        respond_cards.card(view, "backlog", total, respond_cards.lines(view))
        return
    year = str(total.frame["period"][-1])
    known = {"open_band": view.catalog.dimensions["open_band"].known_codes}
    [bands] = view.answer(
        [view.question("open_referrals", ["open_band"], where=known, periods=(year, year))], strict=False
    )
    rows = [_row_of(answer, year) for answer in (total, older)]
    said = respond_words.backlog(rows[0], rows[1], total.measure, older.measure, year)
    respond_cards.side_by_side(
        lambda: respond_cards.card(view, "backlog", bands, respond_cards.bars(view), said),
        lambda: _card_over_years(view, "backlog_years", total, view.catalog.protection.change),
    )


def _row_of(answer: Answer, period: str) -> respond_words.Row | None:
    if answer.refusal:
        return None
    return next((row for row in answer.frame.iter_rows(named=True) if row["period"] == period), None)


def draw_national(view: View) -> None:
    """Draw the decisions and reports of the United Kingdom, each on an axis of its own, where loaded."""
    there = [
        code
        for code in NATIONAL
        if code in respond_cards.known(view) | respond_cards.known_on(view, "trends")
    ]
    if not there:
        return
    layout.heading("Beside it: the United Kingdom's National Referral Mechanism")
    layout.quiet(
        "Published by the Home Office, about other people and places. Never added to the figures above."
    )
    answers = view.answer(
        [view.question(code, ["period"], period_level="quarter") for code in there], strict=False
    )
    lines = respond_cards.lines(view)
    respond_cards.side_by_side(
        *(
            lambda code=code, answer=answer: respond_cards.card(view, code, answer, lines)
            for code, answer in zip(there, answers, strict=True)
        )
    )
