"""The largest numbers of a grid as bars, for a screen that has no room for the grid."""

from collections.abc import Callable
from typing import Any

from analysis import Answer
from ui import theme
from ui.charts.bars.estimates import Bar, estimates_chart
from ui.charts.figure import Figure
from ui.charts.time.series import Words

MOST_BARS = 8


def largest_bars(
    answer: Answer,
    *,
    words: Words,
    palette: theme.Palette = theme.LIGHT,
    most: int = MOST_BARS,
    name: Callable[..., str] | None = None,
) -> Figure:
    """Return the largest shown numbers of an answer by two dimensions, from the largest down.

    Parameters
    ----------
    answer
        By two dimensions.
    words
        Words for codes.
    palette
        Colours of the theme.
    most
        Bars at most.
    name
        Makes the words of a bar from its two codes; both words side by side when None.

    Returns
    -------
    Figure
        A sum of only a part carries its star, as in the grid.
    """
    by = answer.question.by
    shown = [row for row in answer.frame.iter_rows(named=True) if row["value"] is not None]
    shown.sort(key=lambda row: -row["value"])

    def bar(row: dict[str, Any]) -> Bar:
        codes = [row[dimension] for dimension in by]
        pairs = zip(by, codes, strict=True)
        label = name(*codes) if name else " · ".join(words(*pair) for pair in pairs)
        value = row["value"]
        lower, upper = (value if row[end] is None else row[end] for end in ("lower", "upper"))
        is_part = row["cells_shown"] < row["cells_total"]
        return Bar(label, value, min(lower, value), max(upper, value), is_part=is_part)

    bars = [bar(row) for row in shown[:most]]
    unit = answer.unit if len(bars) == len(shown) else f"{answer.unit}, the {len(bars)} largest"
    return estimates_chart(bars, unit=unit, kind=answer.measure.written_as, palette=palette, narrow=True)
