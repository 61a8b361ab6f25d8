"""A grid of colours as a table: its numbers in shaded cells, hatched where nothing is shown."""

from collections.abc import Mapping
from typing import Any

from ui.briefing.formats.powerpoint.tables import Cells
from ui.briefing.paper.marks import shades
from ui.briefing.paper.words import plain
from ui.cards.table import Table
from ui.charts.figure import Figure

_NOT_SHOWN = "not shown"


def grid_of(figure: Figure) -> tuple[Table, Cells] | None:
    """Return the table of a heat map and the colours of its cells; None for other figures."""
    maps = [trace for trace in figure["data"] if trace["type"] == "heatmap"]
    if not maps:
        return None
    trace, layout = maps[0], figure["layout"]
    columns, rows = _names(layout["xaxis"], trace["x"]), _names(layout["yaxis"], trace["y"])
    words = {
        (label["y"], label["x"]): plain(label["text"])
        for label in layout.get("annotations") or ()
        if label.get("xref", "x") == "x" and label.get("yref", "y") == "y"
    }
    hatched = _hatched(figure)
    colour = shades(trace)
    fills: dict[tuple[int, int], str | None] = {}
    body = []
    for down, (y, values) in enumerate(zip(trace["y"], trace["z"], strict=True)):
        texts = [rows.get(y, "")]
        for across, (x, value) in enumerate(zip(trace["x"], values, strict=True), start=1):
            if value is not None:
                fills[down, across] = colour(float(value))
            elif (x, y) in hatched:
                fills[down, across] = None
            texts.append(words.get((y, x), "") if (x, y) not in hatched else "")
        body.append(tuple(texts))
    names = ("", *(columns.get(x, "") for x in trace["x"]))
    return Table(names, (False, *(True for _ in trace["x"])), tuple(body)), Cells(fills)


def _names(axis: Mapping[str, Any], values: list[Any]) -> dict[Any, str]:
    texts = axis.get("ticktext") or [str(value) for value in values]
    return {value: plain(text) for value, text in zip(axis.get("tickvals") or values, texts, strict=False)}


def _hatched(figure: Figure) -> set[tuple[int, int]]:
    """Return the middles of the fields that are drawn hatched."""
    fields = set()
    for trace in figure["data"]:
        if trace["type"] != "scatter" or not trace.get("fillpattern"):
            continue
        xs: list[float] = []
        ys: list[float] = []
        for x, y in zip([*trace["x"], None], [*trace["y"], None], strict=True):
            if x is not None and y is not None:
                xs.append(x)
                ys.append(y)
            elif xs:
                fields.add((round((min(xs) + max(xs)) / 2), round((min(ys) + max(ys)) / 2)))
                xs, ys = [], []
    return fields
