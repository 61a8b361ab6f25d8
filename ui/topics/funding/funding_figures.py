"""What the Funding page draws: the cliff, need and money, what stops, sources, spending, posts."""

from collections.abc import Mapping, Sequence

from analysis import Answer, Question
from analysis.catalog.model import NOT_RECORDED, lower_first
from analysis.findings.apart import Step, steps
from analysis.topics.agreements import Row, in_force
from analysis.topics.awards import Cliff, a_year, by_quarter, cliffs, concentration_of_funders, stops
from analysis.words import interval_text, listed, money, number_text
from ui import format as text
from ui.app import width
from ui.app.view import View
from ui.cards import layout
from ui.cards.table import Table
from ui.charts.bars.need_money import NeedMoney, need_money_chart
from ui.charts.timelines.money_ahead import money_chart
from ui.topics import topic_cards
from ui.topics.partnerships import register_tables, register_timelines
from ui.topics.partnerships.register_tables import percent, short_money

Answers = Mapping[str, Answer]
LEAST_STEP = 5.0  # points: one post in a small service is worth more than a few
KNOWN_TODAY = "Fainter bars: only awards known by then. Money in the prices of the day, public awards only."
NO_SAMPLE = "Every post is counted, so nothing is sampled; few posts move in steps."
HOUSING = {"service_type": ("housing",)}


def questions(view: View) -> dict[str, Question]:
    """Return every question of the page."""
    year = topic_cards.settled_year(view)
    one_year = {"periods": (year, year)} if year else {}
    newest = _newest(view, "public_funding", one_year)
    return {
        "need": view.question("needs_served", ["service_type"], **one_year),
        "sources": view.question("public_funding", ["period", "funder_kind"]),
        "purposes": view.question("public_funding", ["award_purpose"], **newest),
        "private": view.question("private_funding", ["period"]),
        "per_resident": view.question("public_funding_per_1000", ["period"]),
        "per_referral": view.question("cost_per_accepted_referral", ["service_type"], **one_year),
        "spent": view.question("expenditure_in_all", ["period"]),
        "helped": view.question("people_helped", ["period"]),
        "per_person": view.question("cost_per_person_helped", ["period"]),
        "per_need": view.question("cost_per_need_met", ["service_type"], **one_year),
        "per_night": view.question("cost_per_bed_night", ["period"], where=HOUSING),
        "vacancy": view.question("vacancy_share", ["period", "service_type"]),
    }


def _newest(view: View, measure: str, fallback: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Return the newest year of own figures, unless the reader chose periods."""
    series = view.release.observed.get(("own", measure)) if view.release else None
    if series is None or view.filters.periods:
        return fallback
    return {"periods": (series.last[:4], series.last[:4])}


def cliff(view: View, awards: Sequence[Row]) -> None:
    """Draw public money behind and ahead of the reporting date."""
    day = topic_cards.today(view)
    found = cliffs(awards, day, "purpose")
    if not found:
        layout.note("Public money that ends", "No public award is in force on the day of this release.")
        return
    top = found[0]
    name = view.words("award_purpose", top.group)
    currency = str(awards[0]["currency"])
    drawing = money_chart(
        by_quarter(awards, day), top.group, name, day, currency=currency, palette=view.palette
    )
    topic_cards.register_card(
        view,
        "cliff",
        _cliff_sentence(view, awards),
        register_tables.cliff_table(found, lambda code: view.words("award_purpose", code)),
        f"Public money by quarter, {lower_first(name)} and everything else, in nominal {currency}",
        caption=KNOWN_TODAY,
        chart=drawing,
    )


def _cliff_sentence(view: View, awards: Sequence[Row]) -> str:
    day = topic_cards.today(view)
    top = cliffs(awards, day, "purpose")[0]
    ends = [row for row in stops(awards, day) if row["purpose"] == top.group]
    if not ends:
        return "No public award that ends within 12 months is without one that follows"
    by_funder = {row["funder"] for row in ends}
    last = text.date_text(max(row["end_date"] for row in ends))
    name = lower_first(view.words("award_purpose", top.group))
    said = f"{percent(top.share)} of the public money for {name} ends by {last}, with nothing that follows: "
    said += f"{money(top.ends, str(awards[0]['currency']))} a year (nominal)"
    return f"{said}, all from one funder, {by_funder.pop()}" if len(by_funder) == 1 else said


def need(view: View, answers: Answers, awards: Sequence[Row]) -> None:
    """Set the money that ends beside the needs that are met with the same kind of help."""
    found = cliffs(awards, topic_cards.today(view), "service_type")
    paid = [one for one in found if one.group != NOT_RECORDED]
    answer = answers.get("need")
    if not paid:
        return
    counted = {}
    year = ""
    if answer is not None and not answer.refusal:
        counted = {row["service_type"]: row for row in answer.frame.iter_rows(named=True)}
        year = answer.question.periods[0] if answer.question.periods else ""
    currency = str(awards[0]["currency"])
    head = f"Needs met or partly met {year}".strip()
    rows = tuple(
        (
            view.words("service_type", one.group),
            _met(answer, counted.get(one.group)),
            f"{one.active:,.0f}",
            f"{one.ends:,.0f}",
            percent(one.share),
        )
        for one in paid
    )
    header = (
        "Kind of help",
        head,
        f"Public money a year ({currency})",
        f"Ends within 12 months ({currency})",
        "Share",
    )
    most = paid[0]
    topic_cards.register_card(
        view,
        "need",
        _need_sentence(view, answer, counted.get(most.group), most),
        Table(header, (False, True, True, True, True), rows),
        "Needs met with each kind of help, and the public money that pays for it",
        caption="Within one kind of help and a year, a need is one person. Striped: ends within 12 months "
        "with nothing that follows. Money in the prices of the day; other money may pay for the same.",
        chart=need_money_chart(
            [_beside(view, answer, counted.get(one.group), one) for one in paid],
            (head, f"Money a year ({currency}), share that ends"),
            palette=view.palette,
            width=width.inside_card("need_width", 1_000),
        ),
    )


def _beside(view: View, answer: Answer | None, row: Mapping[str, object] | None, one: Cliff) -> NeedMoney:
    return NeedMoney(
        name=view.words("service_type", one.group),
        need=_number(row["value"]) if row else None,
        need_said=_met(answer, row),
        active=one.active,
        ends=one.ends,
        money_said=f"{short_money(one.active)} · {percent(one.share)} ends",
    )


def _met(answer: Answer | None, row: Mapping[str, object] | None) -> str:
    if answer is None or row is None or row["value"] is None:
        return text.NOT_SHOWN
    limits = interval_text(answer.measure, _number(row["lower"]), _number(row["upper"]))
    return number_text(answer.measure, _number(row["value"])) + limits


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _need_sentence(view: View, answer: Answer | None, row: Mapping[str, object] | None, most: Cliff) -> str:
    name = view.words("service_type", most.group)
    if not most.share:
        return "No kind of help loses public money within 12 months that nothing follows"
    said = f"{name}: {percent(most.share)} of its public money ends within 12 months"
    if answer is None or row is None or row["value"] is None or not answer.question.periods:
        return said
    return f"{said}; it met {_met(answer, row)} needs, in full or in part, in {answer.question.periods[0]}"


def what_stops(view: View, awards: Sequence[Row]) -> None:
    """List what stops if nothing follows an award."""
    found = stops(awards, topic_cards.today(view))
    alone = [row for row in found if not row["other_funders"]]
    if not found:
        said = "Every award that ends within 12 months is followed by another"
    else:
        ends = register_tables.many(len(found), "award ends", "awards end")
        said = f"{ends} within 12 months with nothing that follows"
        said += (
            f"; for {len(alone)} of them nobody else pays" if alone else "; others pay for the same each time"
        )
    topic_cards.register_card(
        view,
        "stops",
        said,
        register_tables.stops_table(found, view.catalog),
        "What stops if an award ends: public awards that end within 12 months, the first to end first, "
        "with their nominal money a year",
        caption="Private money is not listed by the row and may go on.",
        chart=register_timelines.awards_timeline(view, found) if found else None,
    )


def funders(view: View, awards: Sequence[Row]) -> None:
    """Show how many funders carry the public money."""
    day = topic_cards.today(view)
    spread = concentration_of_funders(awards, day)
    if spread is None:
        return
    by_funder: dict[str, list[Row]] = {}
    for row in in_force(awards, day):
        by_funder.setdefault(row["funder"], []).append(row)
    total = sum(a_year(row) for rows in by_funder.values() for row in rows)
    ordered = sorted(by_funder.items(), key=lambda item: -sum(map(a_year, item[1])))
    table = Table(
        ("Funder", f"Money a year ({awards[0]['currency']})", "Share", "Awards", "Kind"),
        (False, True, True, True, False),
        tuple(
            (
                name,
                f"{sum(map(a_year, rows)):,.0f}",
                percent(sum(map(a_year, rows)) / total),
                str(len(rows)),
                view.words("funder_kind", rows[0]["funder_kind"]),
            )
            for name, rows in ordered
        ),
    )
    topic_cards.register_card(
        view,
        "funders",
        f"{register_tables.many(spread.parts, 'public funder')}; the largest, {spread.largest}, gives "
        f"{percent(spread.largest_share)}",
        table,
        "Funders of the public money in force, by money a year (nominal)",
        caption=f"Public awards only. Money is {register_tables.spread(spread)}: the sum of the squared "
        "shares (Herfindahl index).",
    )


def figures(view: View, answers: Answers) -> None:
    """Draw sources, purposes, private money and money per resident."""
    parts = (
        ("sources", "Public money by kind of funder", "funding_award"),
        ("purposes", "Public money by purpose", "funding_award"),
        ("private", "Private money given", "funding_award"),
        ("per_resident", "Public money per 1,000 residents", "funding_award"),
    )
    _two_a_row(view, answers, parts)


def spending(view: View, answers: Answers) -> None:
    """Draw what help costs."""
    parts = (
        ("spent", "Money spent on all kinds of help", "expenditure"),
        ("helped", "People helped", "service_need"),
        ("per_person", "Spending per person helped", "expenditure"),
        ("per_need", "Spending per need met", "expenditure"),
        ("per_referral", "Spending per accepted referral", "expenditure"),
        ("per_night", "Spending per bed-night in housing and shelter", "expenditure"),
    )
    _two_a_row(view, answers, parts)


def _two_a_row(view: View, answers: Answers, parts: Sequence[tuple[str, str, str]]) -> None:
    there = [part for part in parts if part[0] in answers]
    for start in range(0, len(there), 2):
        for column, (key, what, table) in zip(layout.row(2), there[start : start + 2], strict=False):
            with column:
                said = _money_sentence(view, what, answers[key])
                topic_cards.figure(view, key, answers[key], what=what, table=table, headline=said)
    missing: dict[str, list[str]] = {}
    for _, what, table in (part for part in parts if part not in there):
        missing.setdefault(table, []).append(what)
    for table, names in missing.items():
        topic_cards.not_loaded(listed([names[0], *map(lower_first, names[1:])]), table)


def _money_sentence(view: View, what: str, answer: Answer) -> str:
    """Return the newest money, or the two largest parts of it, to three figures and in nominal prices.

    Where the protection lies around the numbers, the answer's own sentence has the interval.
    """
    if answer.refusal or answer.all_hidden:
        return ""
    if answer.measure.kind == "count":
        return answer.sentence
    if answer.measure.door == "person":
        label = answer.measure.label
        told = answer.sentence.replace(label, f"{what} (nominal)", 1)
        return told.replace(lower_first(label), f"{lower_first(what)} (nominal)", 1)
    rows = [row for row in answer.frame.to_dicts() if row["value"] is not None]
    word = answer.measure.unit.split(" ")[0]
    parts = [name for name in answer.question.by if name != "period"]
    if not parts:
        *earlier, newest = sorted(rows, key=lambda row: row["period"])
        said = f"{what}: {money(newest['value'], word)} in {newest['period']}"
        said += f", {money(earlier[-1]['value'], word)} in {earlier[-1]['period']}" if earlier else ""
        return f"{said} (nominal)"
    if "period" in answer.question.by:
        when = max(row["period"] for row in rows)
        rows = [row for row in rows if row["period"] == when]
    else:
        when = "–".join(dict.fromkeys(answer.question.periods or ("all years",)))
    largest = sorted(rows, key=lambda row: -row["value"])[:2]
    named = [
        f"{lower_first(view.words(parts[0], row[parts[0]]))}, {money(row['value'], word)}" for row in largest
    ]
    return f"{what} in {when}: {'; '.join(named)} (nominal)"


def posts(view: View, answers: Answers) -> None:
    """Draw posts that are not filled."""
    answer = answers.get("vacancy")
    headline = ""
    if answer is not None and not answer.refusal and not answer.all_hidden:
        headline = _posts_sentence(view, steps(answer.frame.iter_rows(named=True), "service_type"))
    topic_cards.figure(
        view,
        "vacancy",
        answer,
        what="Share of posts not filled, by kind of help",
        table="staffing",
        headline=headline,
        notes=[NO_SAMPLE],
    )


def _posts_sentence(view: View, found: Sequence[Step]) -> str:
    known = [one for one in found if one.code != NOT_RECORDED]
    rose = [one for one in known if one.last - one.first >= LEAST_STEP]
    if not known:
        return ""
    ends = f"from {min(one.first_period for one in known)} to {max(one.last_period for one in known)}"
    if not rose:
        return f"Posts not filled: no kind of help rose by {LEAST_STEP:.0f} points or more {ends}"
    named = [
        f"{lower_first(view.words('service_type', one.code))} ({one.first:.0f}% to {one.last:.0f}%)"
        for one in sorted(rose, key=lambda one: one.first - one.last)
    ]
    rest = f"; no other kind of help by {LEAST_STEP:.0f} points or more" if len(rose) < len(known) else ""
    return f"Posts not filled rose in {listed(named)} {ends}{rest}"
