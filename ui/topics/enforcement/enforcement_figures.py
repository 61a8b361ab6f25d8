"""What the Enforcement page draws: its questions, asked at once, and one function a card."""

from collections.abc import Mapping, Sequence

from analysis import Answer, Question
from analysis.findings.enforcement import (
    Spans,
    compared,
    first_provisional,
    largest_groups,
    spans_of,
    value_of,
)
from ui.app import controls, states, width
from ui.app.view import View
from ui.cards import events, layout
from ui.cards import figure_card as cards
from ui.charts.bars.bar import bar_chart
from ui.charts.figure import Figure
from ui.charts.flows.funnel import FunnelStep, funnel_chart
from ui.charts.flows.funnel_groups import funnel_groups
from ui.charts.time.line import line_chart
from ui.topics.enforcement import enforcement_words as say
from ui.topics.people.people_figures import refused, subtitle

Answers = Mapping[str, Answer]
Headlines = Mapping[str, str]
Where = dict[str, tuple[str, ...]]

STEP_COUNTS = (
    "investigations_opened",
    "investigations_with_arrest",
    "investigations_with_charge",
    "investigations_with_trafficking_charge",
    "investigations_with_conviction",
)
STEP_SHARES = (
    "arrest_share",
    "charge_reached_share",
    "trafficking_charge_reached_share",
    "conviction_reached_share",
)
STEP_NAMES = ("Opened", "Arrest or summons", "Charge filed", "Trafficking charge", "Trafficking conviction")
KINDS: Where = {"charge_kind": ("trafficking", "other_charge")}
COMPARE = {
    "none": "All together",
    "form": "Form of exploitation",
    "investigation_origin": "Proactive and reactive",
    "investigating_agency": "Investigating agency",
}
SEVERAL_FORMS = "An investigation can concern several forms, so the groups do not add up."
APART = (
    "Shares leave out investigations closed because there was no offence. The two kinds of clearance are "
    "different things and are not added up."
)
_MOST_GROUPS = 3
_LEAST_FOR_COLUMNS = 640
TABLES = {
    "investigation": (
        "Investigations by form, agency and origin, and how far they have come",
        "investigation",
    ),
    "charge": ("Charges, what became of them and how long it took", "charge"),
    "operation_person": ("People met, referred and arrested in operations", "operation"),
}


def ask(view: View) -> dict[str, Answer]:
    """Return the answers of the whole page by name, from one look-up; none about what is not loaded."""
    held = {one.code for one in view.measures(view.page.code)}
    wanted = {
        name: view.question(measure, by, where=where)
        for part in _QUESTIONS.values()
        for name, (measure, by, where) in part.items()
        if measure in held
    }
    return _answered(view, wanted)


def has(found: Answers, subject: str) -> bool:
    """Return whether anything about a subject is loaded; if not, say what would be here and how to load it.

    Parameters
    ----------
    found
        What `ask` gives.
    subject
        A key of `TABLES`.
    """
    if next(iter(_QUESTIONS[subject])) in found:
        return True
    what, table = TABLES[subject]
    states.empty(
        what,
        f"python -m etl template {table}, fill it in, then: python -m etl load FILE --source own "
        "--mapping FILE.toml && python -m etl release",
    )
    return False


def _answered(view: View, wanted: Mapping[str, Question]) -> dict[str, Answer]:
    return dict(zip(wanted, view.answer(list(wanted.values()), strict=False), strict=True))


_Asked = tuple[str, list[str], Where]
_QUESTIONS: dict[str, dict[str, _Asked]] = {
    "investigation": {
        "opened": ("investigations_opened", ["period"], {}),
        "proactive": ("proactive_share", ["period"], {}),
        "forms": ("investigations_opened", ["form"], {}),
        "agencies": ("investigations_opened", ["investigating_agency"], {}),
        "reached": ("trafficking_charge_reached_share", ["form"], {}),
        "outcomes": ("investigations_opened", ["investigation_outcome"], {}),
        "by_arrest": ("cleared_by_arrest_share", [], {}),
        "by_exception": ("cleared_exceptionally_share", [], {}),
        "charge_follows": ("prosecution_share", [], {}),
    }
    | {code: (code, [], {}) for code in (*STEP_COUNTS, *STEP_SHARES)},
    "charge": {
        "charges": ("charges_filed", ["period", "charge_kind"], KINDS),
        "trafficking": ("trafficking_charge_share", ["period"], {}),
        "links": ("charges_filed", ["charge_link"], {}),
        "time": ("median_days_to_disposition", ["period"], {}),
        "dispositions": ("trafficking_charges_filed", ["charge_disposition"], {}),
        "convicted": ("conviction_share", [], {}),
    },
    "operation_person": {
        "met": ("people_met", [], {}),
        "met_referred": ("people_met_referred", [], {}),
        "met_arrested": ("people_met_arrested", [], {}),
        "exploited": ("exploited_people_arrested", [], {}),
        "exploited_share": ("arrested_exploited_share", [], {}),
        "exploited_over_time": ("arrested_exploited_share", ["period"], {}),
        "referred": ("operation_referred_share", ["period"], {}),
        "held": ("operations_held", ["period"], {}),
        "per_operation": ("referred_per_operation", ["period"], {}),
    },
}


def early_and_late(view: View, answers: Answers, names: Mapping[str, str]) -> dict[str, str]:
    """Return a headline for each of some answers by period: the first complete years beside the newest.

    Parameters
    ----------
    view, answers
        The page's view and its answers by period.
    names
        Names of answers to the subject of their sentence.
    """
    wanted: dict[str, Question] = {}
    spans: dict[str, Spans] = {}
    late = first_provisional(answers.values())
    for name in names:
        answer = answers.get(name)
        if answer is None or answer.refusal or answer.all_hidden:
            continue
        codes = answer.frame["period"].to_list()
        found = spans_of(codes[0], codes[-1], late)
        if found:
            spans[name] = found
            for side, years in (("earlier", found.earlier), ("later", found.later)):
                wanted[f"{name} {side}"] = view.question(answer.measure.code, periods=years)
    given = _answered(view, wanted)
    return {
        name: say.early_and_late(
            answers[name], years, compared(given[f"{name} earlier"], given[f"{name} later"]), names[name]
        )
        for name, years in spans.items()
    }


def draw_line(
    view: View, key: str, answer: Answer, headline: str = "", notes: Sequence[str] = (), *, laws: bool = False
) -> None:
    """Draw a measure over time; the card says why when it cannot be asked with these filters."""
    if answer.refusal:
        refused(f"{answer.measure.label} over time", answer)
        return
    marked = events.laws_of(view, answer) if laws else []
    figure = line_chart(answer, view.catalog, words=view.words, palette=view.palette, events=marked)
    cards.figure_card(view, key, answer, figure, headline, notes=notes, below=events.listed(marked))


def draw_bars(
    view: View,
    key: str,
    answers: Answer | Sequence[Answer],
    headline: str = "",
    notes: Sequence[str] = (),
    *,
    coloured: bool = False,
) -> None:
    """Draw the first answer as bars; further answers stand in the table."""
    given = (answers,) if isinstance(answers, Answer) else tuple(answers)
    first = given[0]
    [name] = first.question.by
    if first.refusal:
        refused(f"{first.measure.label} by {view.header(name).lower()}", first)
        return
    figure = bar_chart(first, view.catalog, words=view.words, palette=view.palette, coloured=coloured)
    told = [answer for answer in given if not answer.refusal]
    several = [SEVERAL_FORMS] if view.catalog.dimensions[name].multi else []
    cards.figure_card(
        view, key, told, figure, headline, subtitle=subtitle(view, first), notes=[*notes, *several]
    )


def draw_funnel(view: View, answers: Answers) -> None:
    """Draw how far investigations have come: all together, or in the largest groups of a choice."""
    left, _ = layout.row([2, 3])
    with left:
        split = controls.page_choice("compare", "Compare", COMPARE, "none")
    if split == "none":
        _draw_whole_funnel(view, answers)
    else:
        _draw_groups(view, split)


def _draw_whole_funnel(view: View, answers: Answers) -> None:
    counts, shares = ([answers[code] for code in codes] for codes in (STEP_COUNTS, STEP_SHARES))
    refusal = next((answer for answer in counts if answer.refusal), None)
    if refusal:
        refused("From opening to conviction", refusal)
        return
    steps = [
        _step(name, answer, share)
        for name, answer, share in zip(STEP_NAMES, counts, [None, *shares], strict=True)
    ]
    follows = answers["charge_follows"]
    row = None if follows.refusal else value_of(follows)
    said = (
        f"Of investigations with an arrest or summons, {say.figure(follows, row)} led to a charge."
        if row
        else ""
    )
    cards.figure_card(
        view,
        "stages",
        [*counts, *(share for share in shares if not share.refusal)],
        funnel_chart(steps, palette=view.palette, unit="investigations"),
        say.steps([share for share in shares if not share.refusal])
        if not any(share.refusal for share in shares)
        else "",
        subtitle=_subtitle(view, "Investigations that have reached each stage or a later one"),
        notes=[said],
    )


def _step(name: str, answer: Answer, share: Answer | None) -> FunnelStep:
    row = value_of(answer)
    part = value_of(share) if share is not None and not share.refusal else None
    note = f"{say.figure(share, part)} of investigations" if share is not None and part else ""
    if row is None:
        return FunnelStep(name, None)
    return FunnelStep(name, row["value"], row["lower"], row["upper"], note)


def _draw_groups(view: View, split: str) -> None:
    given = _answered(view, {code: view.question(code, [split]) for code in (STEP_COUNTS[0], *STEP_SHARES)})
    opened, shares = given[STEP_COUNTS[0]], [given[code] for code in STEP_SHARES]
    refusal = next((answer for answer in given.values() if answer.refusal), None)
    if refusal:
        refused(f"From opening to conviction, by {COMPARE[split].lower()}", refusal)
        return
    codes = largest_groups(opened, _MOST_GROUPS)
    groups = [(_group_name(view, opened, split, code), _group_steps(shares, split, code)) for code in codes]
    figure: Figure | None = None
    if groups:
        columns = None if width.inside_card("stages", 1_000) >= _LEAST_FOR_COLUMNS else 1
        figure = funnel_groups(groups, palette=view.palette, unit="%", columns=columns)
    cards.figure_card(
        view,
        "stages",
        shares,
        figure,
        say.apart(view, shares[2], "A trafficking charge was reached in"),
        subtitle=_subtitle(view, f"% of investigations, by {COMPARE[split].lower()}"),
        notes=[
            f"The {len(groups)} largest groups are drawn; the table has all of them."
            if len(groups) < opened.frame.height
            else ""
        ],
    )


def _group_name(view: View, opened: Answer, split: str, code: str) -> str:
    row = value_of(opened, **{split: code})
    name = view.words(split, code).split(":")[0]
    return f"{name}, {row['value']:,.0f} opened" if row else name


def _group_steps(shares: Sequence[Answer], split: str, code: str) -> list[FunnelStep]:
    steps = []
    for name, share in zip(STEP_NAMES[1:], shares, strict=True):
        row = value_of(share, **{split: code})
        steps.append(
            FunnelStep(name, row["value"], row["lower"], row["upper"]) if row else FunnelStep(name, None)
        )
    return steps


def draw_met(view: View, answers: Answers) -> None:
    """Draw people met, referred and arrested: one unit, one scale."""
    names = {
        "met": "People met",
        "met_referred": "Referred to a service",
        "met_arrested": "Arrested",
        "exploited": "Arrested, and met as exploited",
    }
    refusal = next((answers[name] for name in names if answers[name].refusal), None)
    if refusal:
        refused("People met in operations", refusal)
        return
    steps = [_step(label, answers[name], None) for name, label in names.items()]
    cards.figure_card(
        view,
        "met",
        [answers[name] for name in names],
        funnel_chart(steps, palette=view.palette, unit="people"),
        say.met(answers["met"], answers["met_referred"], answers["met_arrested"]),
        subtitle=_subtitle(view, "People met in operations, and what followed"),
        notes=["Somebody can be both referred and arrested; the sheets do not say who."],
    )


def _subtitle(view: View, what: str) -> str:
    applied = view.applied_filters("investigations_opened")
    return " · ".join([what, view.described(applied), f"{view.profile} release"])
