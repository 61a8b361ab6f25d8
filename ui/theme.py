"""The only place that names a colour: palettes, Plotly layout, and the conventions every chart keeps.

Conventions
-----------
- Not shown: diagonal hatch on grey (`hatch`). Provisional: dashed line or lighter fill. Interval: 15 % band
or
  whisker. Arrows give direction; colour never judges.
- A code keeps its colour on every page: its `slot` in the catalog picks the colour (`colour_of`). Codes
without a
  slot ("other") and "not recorded" are greys.
- Text and lines reach a contrast of 4.5 on paper and panel in both themes; the six category colours stay
apart
  under the three kinds of colour blindness (tests/quick/ui/test_theme.py measures both).
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import streamlit as st

from analysis.catalog.model import NOT_RECORDED, Dimension

FONT = "'Source Sans', 'Source Sans Pro', 'Segoe UI', Arial, sans-serif"
HEIGHT = 320
HEIGHT_SMALL = 280
HEIGHT_LARGE = 360
HEIGHT_PHONE = 240
SPARKLINE_HEIGHT = 36
MOST_CATEGORIES = 6
MOST_DIRECT_LABELS = 4
BAND_OPACITY = 0.15
GRID_OPACITY = 0.12
DASH_PROVISIONAL = "6px,4px"
DASH_EVENT = "2px,3px"
HATCH = {"shape": "/", "size": 6, "solidity": 0.25}
STRIPES = {"shape": "|", "size": 6, "solidity": 0.35}
#: A pointer anywhere above a period says its values, also those of the panels above and below.
ALONG = {"hovermode": "x unified", "hoversubplots": "axis"}
POINTER_LINE = {"showspikes": True, "spikethickness": 1}
CONFIG = {
    "displayModeBar": False,
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
    "responsive": True,
}
_STATIC = Path(__file__).parent / "static"
# An icon by name would be fetched from a server outside, and a file lie in the process that drew the page.
FAVICON = f"data:image/png;base64,{base64.b64encode((_STATIC / 'favicon.png').read_bytes()).decode()}"


@dataclass(frozen=True)
class Palette:
    """The colours of one theme, as hex text.

    `categories` has six, in slot order; `sequential` five from low to high; `diverging` five from purple
    (below the middle) to teal (above). `hidden` is the grey under the hatch, `hatch` its lines.
    """

    name: str
    ink: str
    muted: str
    paper: str
    panel: str
    border: str
    grid: str
    brand: str
    amber: str
    restricted: str
    on_restricted: str
    categories: tuple[str, ...]
    other: str
    not_recorded: str
    sequential: tuple[str, ...]
    diverging: tuple[str, ...]
    hidden: str
    hatch: str
    neighbour: str


LIGHT = Palette(
    name="light",
    ink="#1b2a2f",
    muted="#566468",
    paper="#ffffff",
    panel="#f3f6f5",
    border="#d5dddb",
    grid="#e4e9e8",
    brand="#0b6667",
    amber="#8a5a00",
    restricted="#a3172a",
    on_restricted="#ffffff",
    categories=("#0b6667", "#775cd3", "#7d6a00", "#053065", "#c53388", "#56271c"),
    other="#4f5b5f",
    not_recorded="#6a7579",
    sequential=("#e0eeeb", "#9dcbc6", "#64aaa5", "#26807e", "#07494b"),
    diverging=("#5b2a86", "#b49bcd", "#eceeed", "#8bc3be", "#0b6667"),
    hidden="#e2e6e6",
    hatch="#7c888b",
    neighbour="#edf0ef",
)
DARK = Palette(
    name="dark",
    ink="#e4ebea",
    muted="#a3b1b3",
    paper="#10181a",
    panel="#182326",
    border="#34444a",
    grid="#26343a",
    brand="#56bdb5",
    amber="#e0ad4b",
    restricted="#a3172a",
    on_restricted="#ffffff",
    categories=("#56bdb5", "#9e73d9", "#b59221", "#afb7ff", "#e3587e", "#d9eaa4"),
    other="#b3bfc1",
    not_recorded="#8c989b",
    sequential=("#1d393b", "#27605f", "#4aa39d", "#8fd0c9", "#d8f3ef"),
    diverging=("#c7a3ec", "#75539b", "#39464b", "#3d9a95", "#8be3da"),
    hidden="#2a363a",
    hatch="#7d8b8f",
    neighbour="#1b272a",
)


def active() -> Palette:
    """Return the palette of the theme the reader's browser shows; light until the browser has told."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def colour_of(palette: Palette, dimension: Dimension | None, code: str) -> str:
    """Return the colour of one code: the same on every page.

    Parameters
    ----------
    palette
        `LIGHT`, `DARK` or `active()`.
    dimension
        Where the code comes from; None for a total, which takes the brand colour.
    code
        A code of the dimension. Unknown codes and codes without a slot are grey.
    """
    if dimension is None:
        return palette.brand
    if code == NOT_RECORDED:
        return palette.not_recorded
    slot = next((category.slot for category in dimension.categories if category.code == code), None)
    return palette.categories[slot - 1] if slot and slot <= MOST_CATEGORIES else palette.other


def transparent(colour: str, opacity: float) -> str:
    """Return a hex colour as `rgba(…)` text with the opacity given (0–1)."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def ink_on(palette: Palette, fill: str) -> str:
    """Return ink or paper, whichever reads better on a fill (WCAG contrast)."""
    return max((palette.ink, palette.paper), key=lambda colour: contrast(colour, fill))


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast of two hex colours, 1 to 21."""
    dark, light = sorted(_luminance(colour) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def axis(palette: Palette, **more: Any) -> dict[str, Any]:
    """Return a quiet Plotly axis: no grid, no zero line, small muted ticks. `more` overrides."""
    return {
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "fixedrange": True,
        "automargin": True,
        "tickfont": {"size": 14, "color": palette.muted},
        "title": {"font": {"size": 14, "color": palette.muted}, "standoff": 8},
    } | more


def value_axis(palette: Palette, **more: Any) -> dict[str, Any]:
    """Return the axis of the values: from zero, with a light grid."""
    grid = transparent(palette.ink, GRID_OPACITY)  # see-through, so that a dark page prints
    return axis(palette, showgrid=True, gridcolor=grid, gridwidth=1, rangemode="tozero") | more


def layout(palette: Palette, height: int = HEIGHT, **more: Any) -> dict[str, Any]:
    """Return the Plotly layout every chart starts from.

    Parameters
    ----------
    palette
        Colours of the theme.
    height
        Pixels; 280–360. `ui.cards.layout` lowers a chart to 240 on a phone.
    more
        Layout keys that replace the ones here.

    Returns
    -------
    dict
        Plain values; no template, so little travels to the browser.
    """
    return {
        "height": height,
        "autosize": True,
        "margin": {"l": 8, "r": 8, "t": 12, "b": 8, "pad": 4},
        "paper_bgcolor": transparent(palette.paper, 0),
        "plot_bgcolor": transparent(palette.paper, 0),
        "font": {"family": FONT, "size": 14, "color": palette.ink},
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": palette.paper,
            "bordercolor": palette.border,
            "font": {"family": FONT, "size": 14, "color": palette.ink},
            "align": "left",
        },
        "dragmode": False,
        "autotypenumbers": "strict",  # names such as "2024" are no numbers
        "separators": ".,",
        "modebar": {"remove": ["zoom", "pan"]},
        "colorway": list(palette.categories),
    } | more


def hatch(palette: Palette) -> dict[str, Any]:
    """Return the Plotly marker of a bar whose value is not shown: diagonal lines on grey."""
    return {
        "color": palette.hidden,
        "pattern": HATCH | {"fgcolor": palette.hatch, "bgcolor": palette.hidden, "fillmode": "replace"},
        "line": {"color": palette.hatch, "width": 1},
    }


def striped(palette: Palette) -> dict[str, Any]:
    """Return the Plotly marker of what ends soon: upright stripes, not the diagonal of "not shown"."""
    # Faint: the outline says it, and full stripes would be the loudest thing on the page.
    stripe = transparent(palette.amber, 0.35)
    return {
        "color": palette.panel,
        "pattern": STRIPES | {"fgcolor": stripe, "bgcolor": palette.panel, "fillmode": "replace"},
        "line": {"color": palette.amber, "width": 2},
    }


_SHEET_FONT = 'font-family: "Source Sans", sans-serif; font-size: 9pt;'


def sheet_css(sentences: Sequence[str]) -> str:
    """Return the style that repeats sentences above each sheet but the first, which has the ribbon."""
    words = " · ".join(sentences).replace("\\", "").replace('"', "")
    above = f'@top-left {{ content: "{words}"; {_SHEET_FONT} }}'
    return f"@page {{ {above} }} @page :first {{ @top-left {{ content: none; }} }}"


def page_css(palette: Palette) -> str:
    """Return the style sheet of the frame, with the colours of `palette` put in."""
    return coloured("\n".join(file.read_text("utf-8") for file in sorted(_STATIC.glob("*.css"))), palette)


#: Comments of style sheets are for whoever reads the source, and not for pages and files.
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def coloured(style: str, palette: Palette) -> str:
    """Return a style sheet whose colours are names, such as ``$ink``, with those of `palette` put in."""
    return Template(_COMMENT.sub("", style)).safe_substitute(
        ink=palette.ink,
        muted=palette.muted,
        paper=palette.paper,
        panel=palette.panel,
        border=palette.border,
        brand=palette.brand,
        amber=palette.amber,
        restricted=palette.restricted,
        on_restricted=palette.on_restricted,
        # Light words of the dark theme would be lost on paper; the light theme's are right as they are.
        print_words="black !important" if palette is DARK else "revert-layer",
    )
