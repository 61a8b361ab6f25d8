"""Turns the periods and areas of a question into axes: which codes are rows, which are summed."""

from collections.abc import Sequence

from analysis import periods
from analysis.catalog.model import NOT_RECORDED, lower_first
from analysis.errors import NotPermitted, UnknownCode, echo
from analysis.periods import PERIOD_LEVELS, Span
from analysis.questions.checked import Axis
from analysis.questions.question import Question
from analysis.release.places import Geography


def covered_span(first_period: str, last_month: str) -> Span:
    """Return the months from a first to a last period, both inside."""
    return Span(periods.span_of(first_period).first, periods.span_of(last_month).last)


def period_axis(question: Question, covered: Span, resolution: str) -> tuple[Axis, tuple[str, ...]]:
    """Return the periods of a question.

    Parameters
    ----------
    question
        Its `periods`, and its `period_level` when it has rows by period.
    covered
        Months for which there are figures.
    resolution
        Finest level of the figures.

    Returns
    -------
    (axis, notes)
        Rows by period are whole periods of the asked level. Otherwise the range is made of the fewest whole
        years, quarters and months, which are summed.

    Raises
    ------
    UnknownCode, NotPermitted
        For what is no period, lies outside, or is finer than the figures.
    """
    asked = _asked_span(question)
    span = Span(max(covered.first, asked.first), min(covered.last, asked.last)) if asked else covered
    if span.first > span.last:
        raise UnknownCode(
            f"There are no figures for {_words(asked or covered)}.", f"There are: {_words(covered)}."
        )
    clipped = asked is not None and span != asked
    notes = (f"Figures exist for {_words(covered)}; the rest of the range is left out.",) if clipped else ()
    if "period" in question.by:
        rows = _row_periods(question.period_level, span, resolution)
        return rows, notes + (not_in_rows(span, rows.codes) if asked else ())
    codes = periods.cover(span)
    finest = min(codes, key=lambda code: PERIOD_LEVELS.index(periods.level_of(code)))
    if PERIOD_LEVELS.index(periods.level_of(finest)) < PERIOD_LEVELS.index(resolution):
        codes = periods.periods_inside(span, resolution)
        notes = (
            *notes,
            f"These figures exist for whole {resolution}s only; parts of a {resolution} are left out.",
        )
    if not codes:
        raise NotPermitted(
            f"These figures exist for whole {resolution}s only.", f"There are: {_words(covered)}."
        )
    return Axis("period", tuple(codes)), notes


def several_axis(question: Question, spans: Sequence[str]) -> tuple[Axis, tuple[str, ...]]:
    """Return the periods of a question about figures that are each of several years together.

    They are never divided over the years, and never added up: without rows by period the one of exactly the
    chosen years stands for itself, else the newest of those that lie in them.

    Parameters
    ----------
    question
        As in `period_axis`.
    spans
        The periods there are (`periods.SEVERAL`), the newest last.

    Raises
    ------
    UnknownCode, NotPermitted
        For what is no period, a finer level, or years in which none of them lies as a whole.
    """
    asked = _asked_span(question, several=True)
    ends = {code: periods.span_of(code) for code in spans}
    inside = [
        code
        for code, span in ends.items()
        if asked is None or (asked.first <= span.first and span.last <= asked.last)
    ]
    if question.periods and question.periods[0] == question.periods[1] and question.periods[0] in ends:
        inside = [question.periods[0]]
    words = ", ".join(map(periods.label_of, spans))
    if not inside:
        raise NotPermitted(
            "Each of these figures is of several years together, and none lies wholly in "
            f"{_words(asked or ends[spans[-1]])}.",
            f"There are: {words}. Choose all years of one of them.",
        )
    if "period" not in question.by:
        chosen = next((code for code in inside if ends[code] == asked), inside[-1])
        of_years = periods.label_of(chosen)
        more = ", and figures of other years are not added to it" if len(spans) > 1 else ""
        note = f"The figure is of {of_years} together: it is not divided over the years{more}."
        return Axis("period", (chosen,)), (note,)
    if question.period_level != "year":
        raise NotPermitted(
            f"These figures are of several years together, and not published by {question.period_level}.",
            "Ask by year: each row then is of several years.",
        )
    left = [periods.label_of(code) for code in spans if code not in inside]
    notes = ["Each row is of several years together. Rows are not divided over the years, and not added up."]
    if left:
        notes.append(f"Rows that do not lie wholly in the chosen years are left out: {', '.join(left)}.")
    return Axis("period", tuple(inside)), tuple(notes)


def not_in_rows(span: Span, rows: Sequence[str]) -> tuple[str, ...]:
    """Return the note on what of a range lies in no row, such as the months of a year that is not whole.

    Parameters
    ----------
    span
        The range that is asked for and has figures.
    rows
        Periods of one level, in order.
    """
    ends = Span(periods.span_of(rows[0]).first, periods.span_of(rows[-1]).last)
    if ends == span:
        return ()
    level = periods.level_of(rows[0])
    words = {"year": "calendar years"}.get(level) or (
        lower_first(periods.joined_words(level)) if level in periods.JOINED_LEVELS else f"{level}s"
    )
    return (f"The rows are whole {words}: of {_words(span)} they hold {_words(ends)}.",)


def _row_periods(level: str, span: Span, resolution: str) -> Axis:
    if level not in PERIOD_LEVELS:
        raise UnknownCode(f"{echo(level)} is not a period level.", f"Known: {', '.join(PERIOD_LEVELS)}.")
    if PERIOD_LEVELS.index(level) < PERIOD_LEVELS.index(resolution):
        raise NotPermitted(f"These figures are not published by {level}.", f"Ask by {resolution}.")
    codes = periods.periods_inside(span, level)
    if not codes:
        raise NotPermitted(
            f"No whole {level} lies in {_words(span)}.", "Choose a longer range or a finer level."
        )
    return Axis("period", tuple(codes))


def _asked_span(question: Question, *, several: bool = False) -> Span | None:
    if question.periods is None:
        return None
    first, last = question.periods
    for code in (first, last):
        if any(sign in code for sign in ("..", "/", ":")):
            raise NotPermitted(
                f"A free range such as {echo(code)} is not one published number.",
                "Give its first and its last period; the answer is the sum of the shown periods in it.",
            )
    for code in () if several else (first, last):
        periods.level_of(code)  # years together are no period of other figures
    span = Span(periods.span_of(first).first, periods.span_of(last).last)
    if span.first > span.last:
        raise NotPermitted(
            f"The range ends ({echo(last)}) before it begins ({echo(first)}).", "Exchange the two."
        )
    return span


def _words(span: Span) -> str:
    codes = [periods.code_of(span.first, "month"), periods.code_of(span.last, "month")]
    whole = periods.periods_inside(span, "year")
    if (
        whole
        and periods.span_of(whole[0]).first == span.first
        and periods.span_of(whole[-1]).last == span.last
    ):
        codes = [whole[0], whole[-1]]
    return periods.label_of_range(codes[0], codes[1])


def area_axis(question: Question, geography: Geography | None) -> tuple[Axis | None, tuple[str, ...]]:
    """Return the areas of a question, or None for the whole region.

    Parameters
    ----------
    question
        Its filter ``area``, and its `area_level` when it has rows by area.
    geography
        The areas of the collection.

    Returns
    -------
    (axis, notes)
        Rows by area are the areas of the asked level that lie in the chosen ones; a chosen area finer than
        the asked level is its own row. Without rows by area, chosen areas are summed, none counted twice.

    Raises
    ------
    UnknownCode, NotPermitted
        For unknown areas or levels.
    """
    chosen = question.filters.get("area", ())
    by_area = "area" in question.by
    if geography is None:
        if chosen or by_area:
            raise NotPermitted("These figures are not divided by area.", "Leave out the area.")
        return None, ()
    for code in chosen:
        if code not in geography.areas and code != NOT_RECORDED:
            refuse_not("area", code)
            known = ", ".join(list(geography.areas)[:12])
            raise UnknownCode(f"{echo(code)} is not a known area.", f"Known: {known}, ….")
    whole = [code for code in chosen if geography.levels.get(code) == 0]
    if len(whole) == len(geography.at(0)) and whole:
        chosen = tuple(code for code in chosen if code == NOT_RECORDED)
    if by_area:
        return _row_areas(question, chosen, geography), ()
    if not chosen:
        return None, ()
    kept = geography.without_nested(chosen) + tuple(code for code in chosen if code == NOT_RECORDED)
    inner = (
        ("Areas that lie within another chosen area are counted with it.",) if len(kept) < len(chosen) else ()
    )
    return Axis("area", kept), inner


def _row_areas(question: Question, chosen: tuple[str, ...], geography: Geography) -> Axis:
    known = sorted(geography.level_names)
    level = question.area_level
    if level is None:
        level = min(1, max(known, default=0))
    if level not in known:
        words = ", ".join(f"{one} ({geography.level_names[one]})" for one in known)
        raise UnknownCode(f"{echo(level)} is not an area level here.", f"Known: {words}.")
    if not chosen:
        return Axis("area", geography.at(level))
    rows: dict[str, None] = {}
    for code in chosen:
        inner = geography.within(code, level) if code != NOT_RECORDED else ()
        rows |= dict.fromkeys(inner or (code,))
    ordered = [code for code in geography.areas if code in rows]
    return Axis("area", tuple(ordered) + ((NOT_RECORDED,) if NOT_RECORDED in rows else ()))


def refuse_not(name: str, code: str) -> None:
    """Raise when a code asks for everybody but a category.

    Raises
    ------
    NotPermitted
        All minus the rest would give a hidden number.
    """
    text = str(code).strip().lower()
    if text.startswith(("!", "-", "~", "not ", "not(", "<>", "except ")):
        raise NotPermitted(
            f"A filter cannot say 'not' ({name}: {echo(code)}): all less the rest gives a hidden number.",
            "Name the categories to keep; the answer is the sum of their shown numbers.",
        )
