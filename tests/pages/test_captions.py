"""Captions are a small part of what a page says: what stands under figures is not what the page is about."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.opening import OpenPage
from ui.view import registry

MOST = 0.15
NO_CARDS = ("methods", "briefing")
_CAPTION = re.compile(r'<(p|dd) class="(?:ltt-caption|ltt-quiet)">(.*?)</\1>', re.DOTALL)
_FRAME = re.compile(r'<style>.*?</style>|<footer.*?</footer>|<p class="ltt-basis">.*?</p>', re.DOTALL)


def words(body: str) -> int:
    return len(re.findall(r"[^\s·,;]+", html.unescape(re.sub(r"<[^>]+>", " ", body))))


def chart_words(figure: dict[str, Any]) -> Iterator[str]:
    """Return what a chart writes: names on its axes, labels in it and beside lines; no numbers of axes."""
    layout = figure["layout"]
    for note in layout.get("annotations", ()):
        yield note.get("text", "")
    for name, axis in layout.items():
        if re.fullmatch(r"[xy]axis\d*", name) and axis.get("showticklabels", True):
            yield from map(str, axis.get("ticktext", ()))
    for trace in figure["data"]:
        if "text" in trace.get("mode", "") or "textposition" in trace:
            yield from map(str, trace["text"] if isinstance(trace.get("text"), list) else ())


def share_of_captions(app: AppTest) -> tuple[int, int]:
    """Return words in captions, and all words of a page outside its frame, as it opens."""
    bodies = _FRAME.sub(" ", "\n".join(element.proto.body for element in app.get("html")))
    captions = " ".join(text for _, text in _CAPTION.findall(bodies))
    controls = [one.label for kind in ("button", "selectbox", "radio") for one in app.get(kind)]
    controls += [text for one in app.radio for text in (*one.options, *one.proto.captions)]
    charts = [text for one in app.get("plotly_chart") for text in chart_words(json.loads(one.proto.spec))]
    titles = [one.value for one in app.title]
    return words(captions), words(" ".join([*titles, bodies, *controls, *charts]))


@pytest.mark.parametrize("page", registry.available(), ids=lambda page: page.code)
def test_captions_are_a_small_part_of_a_page(
    open_page: OpenPage, demonstration: Path, page: registry.PageEntry
) -> None:
    address = {"area": "TM1"} if page.code == "area" else {}
    in_captions, in_all = share_of_captions(open_page(page.code, demonstration, **address))
    assert page.code in NO_CARDS or in_captions, "the page names its day once"
    assert in_captions <= MOST * in_all, f"{in_captions} of {in_all} words are captions"
