"""Writes the text of an SVG drawing: shapes, words, hatches. Nothing in it is random or of today."""

import re
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from ui.briefing.paper import fonts
from ui.briefing.paper.words import cleaned

Point = tuple[float, float]
LINE_HEIGHT = 1.25
#: From the middle of a line of words down to where its letters stand.
_TO_BASELINE = 0.34
_RGBA = re.compile(r"rgba?\(\s*([\d.]+)\s*,\s*([\d.]+)\s*,\s*([\d.]+)\s*(?:,\s*([\d.]+)\s*)?\)")
_DASHES = {"dot": "2 3", "dash": "8 5", "dashdot": "8 4 2 4", "longdash": "12 5"}


def number(value: float) -> str:
    """Return a length with at most two decimals.

    >>> number(3.0), number(2.456)
    ('3', '2.46')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def colour_of(text: str) -> tuple[str, float]:
    """Return a colour as hex text and its opacity.

    >>> colour_of("rgba(11,102,103,0.15)")
    ('#0b6667', 0.15)
    """
    if (found := _RGBA.fullmatch(text.strip())) is None:
        return text, 1.0
    red, green, blue = (round(float(part)) for part in found.groups()[:3])
    return f"#{red:02x}{green:02x}{blue:02x}", float(found.group(4) or 1)


def dashes(words: str) -> str:
    """Return Plotly's dashes as SVG has them; empty for a whole line.

    >>> dashes("6px,4px"), dashes("solid")
    ('6 4', '')
    """
    if words in ("", "solid"):
        return ""
    return _DASHES.get(words) or words.replace("px", "").replace(",", " ")


class Canvas:
    """Collects the elements of a drawing in the order they are painted."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._elements: list[str] = []
        self._patterns: dict[tuple[str, ...], str] = {}

    def rectangle(self, left: float, top: float, width: float, height: float, **style: object) -> None:
        """Paint a rectangle."""
        box = f'x="{number(left)}" y="{number(top)}" width="{number(width)}" height="{number(height)}"'
        self._elements.append(f"<rect {box}{self._style(style)}/>")

    def lines(self, parts: Iterable[Sequence[Point]], *, closed: bool = False, **style: object) -> None:
        """Paint lines, or areas where they are closed, as one shape."""
        path = "".join(
            "M" + "L".join(f"{number(x)} {number(y)}" for x, y in part) + ("Z" if closed else "")
            for part in parts
            if part
        )
        if path:
            style = {"fill": "none"} | style
            self._elements.append(f'<path d="{path}"{self._style(style)}/>')

    def path(self, path: str, **style: object) -> None:
        """Paint a shape whose path is given as SVG has it."""
        self._elements.append(f'<path d="{path}"{self._style(style)}/>')

    def circle(self, x: float, y: float, radius: float, **style: object) -> None:
        """Paint a circle."""
        place = f'cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"'
        self._elements.append(f"<circle {place}{self._style(style)}/>")

    def words(
        self,
        x: float,
        y: float,
        lines: Sequence[tuple[str, bool]],
        *,
        size: float,
        colour: str,
        across: str = "middle",
        down: str = "middle",
        behind: str = "",
        turned: bool = False,
    ) -> None:
        """Paint lines of words.

        Parameters
        ----------
        x, y
            The point they are at.
        lines
            Each with whether it is bold.
        size, colour
            Of the letters.
        across
            Which end of a line is at x: ``start``, ``middle``, ``end``.
        down
            Which edge of the block is at y: ``top``, ``middle``, ``bottom``.
        behind
            Colour of a box behind them; empty for none.
        turned
            Whether they read upwards.
        """
        high = size * LINE_HEIGHT
        block = high * len(lines)
        top = y - {"top": 0.0, "middle": block / 2, "bottom": block}[down]
        if behind:
            wide = max(fonts.width(line, size, weight_of(bold)) for line, bold in lines)
            left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[across]
            self.rectangle(left - 2, top, wide + 4, block, fill=behind)
        fill, opacity = colour_of(colour)
        for place, (line, bold) in enumerate(lines):
            base = top + high * (place + 0.5) + size * _TO_BASELINE
            turn = f' transform="rotate(-90 {number(x)} {number(y)})"' if turned else ""
            weight = f' font-weight="{weight_of(bold)}"' if bold else ""
            faint = f' fill-opacity="{number(opacity)}"' if opacity < 1 else ""
            self._elements.append(
                f'<text x="{number(x)}" y="{number(base)}" font-size="{number(size)}" fill={quoteattr(fill)}'
                f'{faint} text-anchor="{across}"{weight}{turn}>{escape(cleaned(line))}</text>'
            )

    def hatch(self, shape: str, size: float, lines: str, paper: str) -> str:
        """Return a fill of lines on paper, for `fill`."""
        key = (shape, number(size), lines, paper)
        name = self._patterns.setdefault(key, f"hatch{len(self._patterns) + 1}")
        return f"url(#{name})"

    def _style(self, style: dict[str, object]) -> str:
        words = ""
        opacity = style.pop("opacity", 1.0)
        for name, value in style.items():
            attribute = name.replace("_", "-")
            if attribute in ("fill", "stroke") and isinstance(value, str):
                colour, alpha = colour_of(value)
                words += f" {attribute}={quoteattr(colour)}"
                alpha *= float(opacity)  # type: ignore[arg-type]
                words += f' {attribute}-opacity="{number(alpha)}"' if alpha < 1 else ""
            elif value not in ("", None):
                shown = number(value) if isinstance(value, int | float) else str(value)
                words += f" {attribute}={quoteattr(shown)}"
        return words

    def text(self) -> str:
        """Return the whole drawing."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{number(self.width)}" '
            f'height="{number(self.height)}" viewBox="0 0 {number(self.width)} {number(self.height)}" '
            f'font-family="{fonts.FAMILY}">'
        )
        hatches = "".join(_pattern(name, *key) for key, name in self._patterns.items())
        definitions = f"<defs>{hatches}</defs>" if hatches else ""
        return f"{head}{definitions}{''.join(self._elements)}</svg>"


def weight_of(bold: bool) -> int:
    """Return the weight of words."""
    return fonts.SEMIBOLD if bold else fonts.REGULAR


def _pattern(name: str, shape: str, size: str, lines: str, paper: str) -> str:
    """Return the definition of a hatch: diagonals, uprights or dots."""
    side = float(size)
    ink, opacity = colour_of(lines)
    stroke = f'stroke={quoteattr(ink)} stroke-opacity="{number(opacity)}" stroke-width="{number(side / 5)}"'
    tile = f'<rect width="{size}" height="{size}" fill={quoteattr(colour_of(paper)[0])}/>'
    if shape == ".":
        middle = number(side / 2)
        tile += f'<circle cx="{middle}" cy="{middle}" r="{number(side / 6)}" fill={quoteattr(ink)}/>'
    else:
        middle = number(side / 2)
        tile += f'<line x1="{middle}" y1="0" x2="{middle}" y2="{size}" {stroke}/>'
    turn = {"/": ' patternTransform="rotate(45)"', "\\": ' patternTransform="rotate(-45)"'}.get(shape, "")
    return (
        f'<pattern id="{name}" width="{size}" height="{size}" patternUnits="userSpaceOnUse"{turn}>'
        f"{tile}</pattern>"
    )
