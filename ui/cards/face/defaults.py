"""What is the same in every figure: the browser is told it once, and a card sends the rest.

A layout and its axes are made by `ui.theme.layout` and `ui.theme.axis`, about a kilobyte a figure. Where one
has all of their keys, those of the same value stay here and a mark takes their place; `face.js` puts them
back.
"""

import functools
from typing import Any

from ui import theme
from ui.charts.figure import Figure

#: Stands in a layout or an axis for what it shares with all others.
MARK = "usual"
_AXES = ("xaxis", "yaxis")


@functools.cache
def usual(palette: theme.Palette) -> dict[str, dict[str, Any]]:
    """Return what layouts and axes in these colours share."""
    layout = {name: value for name, value in theme.layout(palette).items() if name != "height"}
    return {"layout": layout, "axis": theme.axis(palette)}


def told_once() -> dict[str, dict[str, dict[str, Any]]]:
    """Return what the browser is told, by the name of the palette."""
    return {palette.name: usual(palette) for palette in (theme.LIGHT, theme.DARK)}


def lean(figure: Figure, palette: theme.Palette) -> Figure:
    """Return a figure without what it shares with all others."""
    shared = usual(palette)
    layout = {
        name: _without(part, shared["axis"]) if name.startswith(_AXES) and isinstance(part, dict) else part
        for name, part in _without(figure["layout"], shared["layout"]).items()
    }
    return figure | {"layout": layout}


def _without(part: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    if not part.keys() >= shared.keys():
        return part
    own = {name: value for name, value in part.items() if name not in shared or shared[name] != value}
    return own | {MARK: True}
