"""The cards of the Service gaps page that show published numbers: unmet need, occupancy, reasons, reach."""

from dataclasses import replace
from functools import partial

from analysis import Answer
from analysis.questions.filters import lower_first
from analysis.topics.gaps import EVERYONE, FULL_AT, Estimate, Situation, cells, largest
from analysis.words import listed
from ui import format as text
from ui.app import controls, width
from ui.app.view import View
from ui.cards import fact_card, layout
from ui.cards import figure_card as cards
from ui.cards.table import Table
from ui.charts.bars.bar import bar_chart
from ui.charts.bars.estimates import Bar, estimates_chart
from ui.charts.figure import Figure
from ui.charts.grids.largest import largest_bars
from ui.charts.grids.matrix import matrix_chart
from ui.charts.time.line import line_chart
from ui.format import PARTIAL_NOTE
from ui.topics import opening
from ui.topics.gaps.gaps_asked import BY_TYPE, KINDS, OF_SITUATIONS, Gaps, words

_LEAST_FOR_A_GRID = 560
_ENOUGH = 0.8

SHOWS = {
    "unmet_need_share": "Share not met",
    "service_needs": "Needs",
    "needs_served": "Served",
    "needs_unmet": "Not met",
    "people_turned_away": "Turned away",
    "places": "Places",
    "occupancy": "Occupancy",
}
ALL_PLACES = "All places together"
WAITS = ("waits/0", "waits/1", "waits/2")
HOW_LONG = (
    "How long those who wait would wait at the rate at which places become free. Types and groups for which "
    "too few wait to show a number are left out: for most of them hardly anybody waits."
)
BALANCE = (
    "Places can take: places times the people who leave one in a year. Gap: needs less that; below 0 there "
    "is room. Types and groups with a number that is not shown are left out."
)
WHOLE = "Whole region: an area cannot be combined with groups."


def draw_largest(gaps: Gaps) -> None:
    """Draw needs not met by type of service and group; the headline names the largest."""
    view, answer = gaps.view, gaps.answer("largest")
    if answer is None:
        return
    note = WHOLE if view.filters.areas else ""
    cards.figure_card(
        view,
        "largest",
        answer,
        grid(view, answer, "largest") or _largest_bars(gaps, answer),
        largest_words(gaps, answer),
        subtitle=_subtitle(gaps, answer, "by service type and group"),
        notes=[note, *_partial(answer)],
    )


def _largest_bars(gaps: Gaps, answer: Answer) -> Figure:
    """Return the largest numbers as bars, for a narrow screen."""
    view = gaps.view
    return largest_bars(answer, words=view.words, palette=view.palette, name=partial(words, view))


def largest_words(gaps: Gaps, answer: Answer) -> str:
    """Return "Housing and shelter for men and boys is the largest unmet need: …", or that none stands out."""
    found = largest(cells(answer))
    if found is None:
        return ""
    name = words(gaps.view, *found.key)
    if not found.is_clear:
        return "No single need stands out: chance and protection do not tell the largest numbers apart"
    shares = gaps.answer("unmet_share/2")
    share = cells(shares).get(found.key) if shares else None
    said = f"{name} is the largest unmet need: {_number(found.unmet)} not met in {gaps.when}"
    if share is None:
        return said
    return f"{said}, {share.value:.0f}% of their needs ({share.lower:.0f}–{share.upper:.0f}%)"


def draw_matrix(gaps: Gaps) -> None:
    """Draw area × service type for one of several measures."""
    view = gaps.view
    offered = {code: name for code, name in SHOWS.items() if code in gaps.has}
    if not offered:
        return
    with layout.row([3, 5])[0]:
        shown = controls.page_choice("show", "Grid of areas and services shows", offered, next(iter(offered)))
    question = gaps.question(
        shown, ("area", "service_type"), areas=True, area_level=1, where={"service_type": KINDS}
    )
    [answer] = view.answer([question], strict=False)
    if answer.refusal:
        layout.note("Areas and types of service", answer.sentence, *answer.notes)
        return
    notes = [] if shown not in ("places", "occupancy") else [_region_wide(gaps)]
    cards.figure_card(
        view,
        "matrix",
        answer,
        grid(view, answer, "matrix"),
        _range_words(gaps, answer),
        subtitle=_subtitle(gaps, answer, "by area and service type"),
        notes=[*notes, *_partial(answer)],
    )


def _range_words(gaps: Gaps, answer: Answer) -> str:
    """Return the range of what is wholly shown, and the whole; areas are never ranked."""
    values = [one.value for one in cells(answer, complete=True).values()]
    if not values or answer.measure.code != "unmet_need_share":
        return ""
    whole = gaps.answer("unmet_share")
    region = next(iter(cells(whole).values()), None) if whole else None
    said = f"{min(values):.0f}% to {max(values):.0f}% of needs were not met, by area and type of service"
    if region is None:
        return said
    return f"{said}; {region.value:.0f}% ({region.lower:.0f}–{region.upper:.0f}%) in all"


def _region_wide(gaps: Gaps) -> str:
    return "Services for the whole region belong to no one area and are not in this grid."


def draw_occupancy(gaps: Gaps) -> None:
    """Draw how full places are: by group for one type of service, and by type."""
    view, whole, places = gaps.view, gaps.answer("occupancy"), gaps.answer("places/2")
    if whole is None or places is None:
        return
    groups: dict[str, set[str]] = {}
    for kind, group in cells(places):
        groups.setdefault(kind, set()).add(group)
    types = {kind: view.words("service_type", kind) for kind, kept in groups.items() if len(kept) > 1}
    left, right = layout.row(2)
    with right:
        said = _occupancy_words(gaps, whole, "By type of service")
        _occupancy_card(gaps, "occupancy_type", whole, said, "by service type")
    if not types:
        return
    with left:
        if len(types) > 1:
            chosen = controls.page_choice("type", "Occupancy by group of", types, next(iter(types)))
        else:
            [chosen] = types
        question = gaps.question("occupancy", ("eligibility",), where={"service_type": (chosen,)})
        [answer] = view.answer([question], strict=False)
        if not answer.refusal:
            kept = answer.frame.filter(answer.frame["eligibility"].is_in(sorted(groups[chosen])))
            answer = replace(answer, frame=kept)
            words_said = _occupancy_words(gaps, answer, types[chosen])
            _occupancy_card(gaps, "occupancy", answer, words_said, types[chosen], "by group")


def _occupancy_card(gaps: Gaps, key: str, answer: Answer, headline: str, *more: str) -> None:
    view = gaps.view
    cards.figure_card(
        view,
        key,
        answer,
        bar_chart(answer, view.catalog, words=view.words, palette=view.palette),
        headline,
        subtitle=_subtitle(gaps, answer, *more),
        notes=[WHOLE if view.filters.areas else ""],
    )


def _occupancy_words(gaps: Gaps, answer: Answer, name: str) -> str:
    [by] = answer.question.by
    known = {key[0]: one for key, one in cells(answer).items() if key[0] not in ("other", "not_recorded")}
    if len(known) < 2:
        return ""
    full = [code for code, one in known.items() if one.lower >= 100 * FULL_AT]
    room = [code for code, one in known.items() if one.upper < 100 * FULL_AT]

    def named(codes: list[str]) -> str:
        return listed([lower_first(gaps.view.words(by, code)) for code in codes])

    if not full:
        return f"{name}: no places are clearly full"
    said = f"{name}: places for {named(full)} are full"
    numbers = [round(known[code].value) for code in full]
    low, high = min(numbers), max(numbers)
    percent = f"{low}%" if low == high else f"{low}–{high}%"
    rest = f"; those for {named(room)} have room" if room else ""
    return f"{said} ({percent}){rest}"


def draw_waits(gaps: Gaps) -> None:
    """Draw the wait for a place where enough of it can be shown, and the average stay by type of service."""
    view = gaps.view
    columns = layout.row(2)
    bars = _wait_bars(gaps)
    if bars:
        with columns[0]:
            _draw_wait_bars(gaps, bars)
    if "average_stay" in gaps.has:
        question = gaps.question("average_stay", BY_TYPE, where={"service_type": KINDS})
        [answer] = view.answer([question], strict=False)
        if not answer.refusal:
            with columns[1]:
                _bars(gaps, "stay", answer)


def _wait_bars(gaps: Gaps) -> list[Bar]:
    """Return the waits that can be shown, the longest first: of types, of groups within them, and of all."""
    answers = [gaps.answer(name) for name in WAITS]
    whole, by_type, by_group = (cells(answer) if answer else {} for answer in answers)
    waits = {words(gaps.view, service, group): wait for (service, group), wait in by_group.items()}
    waits |= {words(gaps.view, service, EVERYONE): wait for (service,), wait in by_type.items()}
    bars = [Bar(name, wait.value, wait.lower, wait.upper) for name, wait in waits.items()]
    bars.sort(key=lambda bar: -bar.value)
    return bars + [Bar(ALL_PLACES, one.value, one.lower, one.upper, is_quiet=True) for one in whole.values()]


def _draw_wait_bars(gaps: Gaps, bars: list[Bar]) -> None:
    said = [
        (bar.label, text.significant(bar.value), text.interval_text(bar.lower, bar.upper, "ratio"))
        for bar in bars
    ]
    first, days, interval = said[0]
    if bars[0].is_quiet:
        headline = f"Wait for a place: {days} ({interval}) days over all places together"
    else:
        headline = f"The wait for a place is longest in {lower_first(first)}: {days} ({interval}) days"
    if len(bars) > 1 and bars[-1].is_quiet:
        whole = said[-1][1]
        headline += f"; over all places together {whole} {'day' if whole == '1' else 'days'}"
    fact_card.fact_card(
        gaps.view,
        "waits",
        headline,
        Table(("Places", "Wait (days)", "95% interval"), (False, True, True), tuple(said)),
        subtitle=f"Wait for a place (days) · {_where(gaps)} · {gaps.when} · {gaps.view.profile} release",
        caption=cards.caption(gaps.answers(*WAITS), [HOW_LONG]),
        figure=estimates_chart(bars, unit="days", palette=gaps.view.palette, narrow=True),
    )


def draw_turned_away(gaps: Gaps) -> None:
    """Draw people turned away over time, at the finest level that shows enough."""
    view = gaps.view
    if "people_turned_away" not in gaps.has:
        return
    opened = opening.open_at(view, "people_turned_away", ["period"])
    figure = line_chart(opened.answer, view.catalog, words=view.words, palette=view.palette)
    cards.figure_card(view, "turned_away", opened.answer, figure, notes=[opened.note])


def draw_reasons(gaps: Gaps) -> None:
    """Draw why needs were not met, and at which level the barrier stood."""
    parts = [(name, gaps.answer(name)) for name in ("reasons", "barriers")]
    for column, (name, answer) in zip(layout.row([3, 2]), parts, strict=True):
        if answer is None:
            continue
        with column:
            _bars(gaps, name, answer)


def draw_no_place(gaps: Gaps) -> None:
    """Draw the part of unmet need that places would help, by type of service."""
    answer = gaps.answer("no_place")
    if answer is not None:
        _bars(gaps, "no_place", answer)


def _bars(gaps: Gaps, key: str, answer: Answer) -> None:
    view = gaps.view
    figure = bar_chart(answer, view.catalog, words=view.words, palette=view.palette)
    cards.figure_card(view, key, answer, figure, subtitle=_subtitle(gaps, answer))


def draw_balance(gaps: Gaps, rows: list[Situation]) -> None:
    """Draw need against places as a table, people a year."""
    if not rows:
        return
    waits = [one.wait_days is not None for one in rows]
    # A column that mostly says "not shown" tells nothing; the card of waits shows what can be shown.
    has_waits = sum(waits) >= _ENOUGH * len(waits)
    short = [one for one in rows if one.gap.lower > 0]
    enough = [one for one in rows if one.gap.upper < 0]
    names = [words(gaps.view, one.service_type, one.group) for one in short]
    # The names have an "and" of their own, so the last one is set apart by a comma too.
    told = ", and ".join(
        part for part in (", ".join(map(lower_first, names[:-1])), *map(lower_first, names[-1:])) if part
    )
    said = f"Need is larger than places can take in: {told}"
    headline = said if short else "No type of service is clearly short of places"
    if enough:
        headline += f"; {len(enough)} of {len(rows)} have places for more"
    table = Table(
        (
            "Service and group",
            "Gap",
            "95% interval",
            "Needs a year",
            "Places can take",
            "Places",
            *(["Wait (days)"] if has_waits else []),
        ),
        (False, *(True for _ in range(6 if has_waits else 5))),
        tuple(_balance_row(gaps, one)[: 7 if has_waits else 6] for one in rows),
    )
    fact_card.fact_card(
        gaps.view,
        "balance",
        headline,
        table,
        subtitle=f"Need and places, people a year · Whole region · {gaps.when} · {gaps.view.profile} release",
        caption=cards.caption(gaps.answers(*OF_SITUATIONS), [BALANCE]),
    )


def _balance_row(gaps: Gaps, one: Situation) -> tuple[str, ...]:
    wait = one.wait_days
    return (
        words(gaps.view, one.service_type, one.group),
        _whole(one.gap.value),
        f"{_whole(one.gap.lower)} to {_whole(one.gap.upper)}",
        _whole(one.need.value),
        _whole(one.capacity.value),
        _whole(one.places),
        "not shown" if wait is None else _whole(wait),
    )


def _subtitle(gaps: Gaps, answer: Answer, *more: str) -> str:
    unit = f" ({answer.unit})" if answer.unit not in answer.measure.label.lower() else ""
    where = _where(gaps) if "area" in dict(answer.question.where) else "Whole region"
    parts = [answer.measure.label + unit, *more, where, gaps.when, f"{gaps.view.profile} release"]
    return " · ".join(part for part in parts if part)


def _where(gaps: Gaps) -> str:
    return listed([gaps.view.words("area", code) for code in gaps.view.filters.areas]) or "Whole region"


def _partial(answer: Answer) -> list[str]:
    rows = answer.frame.iter_rows(named=True)
    partly = any(row["value"] is not None and row["cells_shown"] < row["cells_total"] for row in rows)
    return [PARTIAL_NOTE] if partly else []


def grid(view: View, answer: Answer, key: str) -> Figure | None:
    """Return a grid, or None (the card then shows its table) where there is no room for its headings."""
    room = width.inside_card(key, 1_000)
    if view.phone or room < _LEAST_FOR_A_GRID:
        return None
    return matrix_chart(answer, words=view.words, palette=view.palette, width=room)


def _number(one: Estimate) -> str:
    return f"{one.value:,.0f} ({one.lower:,.0f}–{one.upper:,.0f})"


def _whole(value: float) -> str:
    """Return a whole number with a true minus, and without a minus zero."""
    rounded = round(value)
    return f"−{abs(rounded):,}" if rounded < 0 else f"{rounded:,}"
