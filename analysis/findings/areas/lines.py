"""Several areas over time, in rates or as an index: what may stand beside the whole region in one chart."""

from dataclasses import dataclass

from analysis.answers.answer import Answer
from analysis.findings.compare import Value, values_of

START = 3  # years whose mean is 100 in an index


@dataclass(frozen=True)
class AreaSeries:
    """One area over time; None where a period is not shown."""

    code: str
    periods: tuple[str, ...]
    values: tuple[float | None, ...]
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]


def area_series(answer: Answer, *, as_index: bool) -> list[AreaSeries]:
    """Return the areas of an answer by ``period`` and ``area``, or the whole of one by ``period``.

    Parameters
    ----------
    answer
        Rates or shares, or anything as an index.
    as_index
        Whether each value is divided by the mean of the area's first `START` periods, times 100. An area that
        does not show all of these has no index, and its line is empty.
    """
    if answer.refusal:
        return []
    periods = tuple(dict.fromkeys(answer.frame["period"]))
    by_area = "area" in answer.question.by
    codes = tuple(dict.fromkeys(answer.frame["area"])) if by_area else ("",)
    shown = {(one.codes.get("area", ""), one.codes["period"]): one for one in values_of(answer)}
    return [_series(code, periods, shown, as_index=as_index) for code in codes]


def _series(
    code: str, periods: tuple[str, ...], shown: dict[tuple[str, str], Value], *, as_index: bool
) -> AreaSeries:
    values = [shown.get((code, period)) for period in periods]
    start = values[:START]
    scale = 1.0
    if as_index:
        known = [one.value for one in start if one is not None]
        mean = sum(known) / len(known) if len(known) == START else 0.0
        if not mean:
            empty = (None,) * len(periods)
            return AreaSeries(code, periods, empty, empty, empty)
        scale = 100 / mean

    def scaled(part: str) -> tuple[float | None, ...]:
        numbers = [None if one is None else getattr(one, part) for one in values]
        return tuple(None if number is None else number * scale for number in numbers)

    return AreaSeries(code, periods, scaled("value"), scaled("lower"), scaled("upper"))
