"""Signs that mark a value: circles, squares, diamonds."""

from dataclasses import dataclass
from typing import Any

from ui.briefing.paper.canvas import Canvas, Point

_DRAWN_OPEN = 1.5


@dataclass(frozen=True)
class Look:
    """How a sign looks: Plotly's name of it, half its size, its colours and how wide its edge is."""

    symbol: str
    half: float
    colour: str
    edge: tuple[str, float | None] = ("", 0)
    opacity: float = 1.0


def draw(canvas: Canvas, at: Point, look: Look) -> None:
    """Draw one sign at a point: a circle, a square or a diamond, open or filled."""
    x, y = at
    half = look.half
    style: dict[str, Any] = {"fill": look.colour, "opacity": look.opacity}
    if look.symbol.endswith("-open"):
        style |= {"fill": "none", "stroke": look.colour, "stroke_width": float(look.edge[1] or _DRAWN_OPEN)}
    elif look.edge[1]:
        style |= {"stroke": look.edge[0], "stroke_width": float(look.edge[1])}
    symbol = look.symbol.removesuffix("-open")
    if symbol == "diamond":
        corners = [(x, y - half * 1.3), (x + half * 1.3, y), (x, y + half * 1.3), (x - half * 1.3, y)]
        canvas.lines([corners], closed=True, **style)
    elif symbol == "square":
        canvas.rectangle(x - half, y - half, half * 2, half * 2, **style)
    else:
        canvas.circle(x, y, half, **style)
