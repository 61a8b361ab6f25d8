"""What stands under a figure on its page as HTML: a legend of colours, numbered events. As data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from ui import format as text
from ui import theme
from ui.briefing.paper.words import cleaned
from ui.charts.figure import Figure

_COLOUR = re.compile(r"background:\s*(#[0-9a-fA-F]{6}|rgba?\([^)]*\))")
#: Which fill of a map a gradient stands for: lines are hidden, spots are not available.
_HATCHED, _DOTTED = "repeating-linear-gradient", "radial-gradient"


@dataclass
class Beside:
    """The legend's title, its colours with their words, and what is listed under the figure."""

    title: str = ""
    colours: list[tuple[str, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.read = Beside()
        self._within: list[str] = []
        self._style = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self._within.append(told.get("class") or tag)
        if tag == "i":
            self._style = told.get("style", "")
        if tag == "li" and "ltt-events" in self._within:
            self.read.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        if self._within:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        words = cleaned(data)
        if "ltt-legend-title" in self._within:
            self.read.title += words
        elif "ltt-legend-item" in self._within and words.strip():
            self.read.colours.append((self._style, words.strip()))
        elif "ltt-events" in self._within and self.read.lines:
            self.read.lines[-1] += words


def beside(html: str) -> Beside:
    """Return the legend and the list in the HTML under a figure.

    >>> beside('<ol class="ltt-events"><li>1. An act</li></ol>').lines
    ['1. An act']
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.read


def with_legend(figure: Figure, html: str) -> Figure:
    """Return a figure with the legend that its page has beside it, if it has none of its own."""
    read = beside(html)
    if not read.colours or figure["layout"].get("showlegend"):
        return figure
    traces = [dict(trace, showlegend=False) for trace in figure["data"]]
    entries = [_entry(style, words) for style, words in read.colours]
    legend = {"title": {"text": text.plain(read.title)}, "orientation": "h"}
    return {
        "data": [*traces, *entries],
        "layout": figure["layout"] | {"showlegend": True, "legend": legend},
    }


def _entry(style: str, words: str) -> Mapping[str, Any]:
    """Return a trace without places that only stands in the legend."""
    palette = theme.LIGHT
    trace: dict[str, Any] = {"type": "scatter", "mode": "lines", "x": [], "y": [], "fill": "toself"}
    trace |= {"name": text.plain(words), "line": {"width": 0, "color": palette.border}}
    if _HATCHED in style or _DOTTED in style:
        shape, paper = ("/", palette.hidden) if _HATCHED in style else (".", palette.panel)
        pattern = {"shape": shape, "size": 6, "solidity": 0.2, "fgcolor": palette.hatch, "bgcolor": paper}
        return trace | {"fillcolor": paper, "fillpattern": pattern}
    found = _COLOUR.search(style)
    return trace | {"fillcolor": found.group(1) if found else palette.panel}
