"""Reads back what a page sends to the browser: every number that a chart draws."""

import base64
import functools
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from streamlit.testing.v1 import AppTest

from analysis import Answer, load_catalog
from ui.format import NOT_SHOWN_LONG

# Charts that draw numbers worked out from published ones; what they draw is tested where it is worked out.
WORKED_OUT = {
    "service_wait_chart": "shares of a wait, added up over published bands (analysis.findings.within)",
    "months_chart": "averages of published months (analysis.findings.seasons)",
    "funnel_chart": "limits around the whole region's rate (analysis.findings.areas.bands)",
    "steps_chart": "shares of the step before, of published numbers (analysis.topics.pathway)",
    "low_reporting_chart": "numbers of signs, not of people (analysis.findings.areas.underreporting)",
    "laws_chart": "dates and places of laws, not people (ui.charts.timelines.laws)",
    "network_chart": "places on a ring; its words are tested in test_partnerships",
    "coverage_chart": "months with a report, not people (analysis.topics.data_quality)",
}
MOST_CLASSES = 6
_NUMBER = re.compile(r"(?<![\w.,#-])\d[\d,]*(?:\.\d+)?(?![\w]|[.,]\d)")


def charts(app: AppTest) -> dict[str, dict[str, Any]]:
    """Return the figures of a page by the last part of their key, such as ``trend_chart``, once checked."""
    drawn = {
        element.proto.id.rsplit("-", 1)[-1]: json.loads(element.proto.spec)
        for element in app.get("plotly_chart")
    }
    for figure in drawn.values():
        go.Figure(figure)  # raises at a key or a value that Plotly does not know
    return drawn


def values_of(array: Any) -> list[Any]:
    """Return a Plotly array as a list, whether it is written out or packed."""
    if isinstance(array, dict) and "bdata" in array:
        found = np.frombuffer(base64.b64decode(array["bdata"]), dtype=array["dtype"]).tolist()
        return found
    if isinstance(array, list):
        return [one for part in array for one in (values_of(part) if isinstance(part, list) else [part])]
    return [] if array is None else [array]


def drawn_numbers(trace: dict[str, Any]) -> list[float]:
    """Return the numbers of a trace that stand for figures: not places, classes, shapes or stubs."""
    kind = trace["type"]
    if trace.get("fill") == "toself" or is_stub(trace):
        return []
    if kind == "heatmap":  # its numbers are colour classes; the published ones stand in its words
        classes = [one for one in values_of(trace.get("z")) if one is not None]
        assert all(float(one).is_integer() and 0 <= one < MOST_CLASSES for one in classes), classes
        arrays = []
    elif kind == "bar":
        error = trace.get("error_x") or trace.get("error_y") or {}
        along = "x" if trace.get("orientation") == "h" else "y"
        arrays = [trace.get(along), error.get("array"), error.get("arrayminus")]
    elif kind == "scatter":
        across = trace.get("mode") == "text" or isinstance(next(iter(values_of(trace.get("y"))), None), str)
        arrays = [trace.get("x") if across else trace.get("y")]
    else:
        arrays = []
    return [float(one) for array in arrays for one in values_of(array) if isinstance(one, int | float)]


def is_stub(trace: dict[str, Any]) -> bool:
    """Return whether a trace is the hatched stubs of values that are not shown."""
    return trace["type"] == "bar" and "pattern" in (trace.get("marker") or {})


def stub_lengths(trace: dict[str, Any]) -> set[float]:
    """Return the lengths of the stubs of a trace; one, or they would tell something."""
    along = "x" if trace.get("orientation") == "h" else "y"  # the other axis holds places
    return {one for one in values_of(trace.get(along)) if isinstance(one, int | float)}


def said_numbers(trace: dict[str, Any]) -> Iterator[str]:
    """Return the numbers in the words that a trace shows or says on hover, but for names of categories."""
    for name in ("hovertext", "text", "customdata"):
        for one in values_of(trace.get(name)):
            if isinstance(one, str):
                words = re.sub(r"<[^>]*>", " ", one).replace(NOT_SHOWN_LONG, " ")
                yield from _NUMBER.findall(_names().sub(" ", words))


@functools.cache
def _names() -> re.Pattern[str]:
    labels = [category.label for found in load_catalog().dimensions.values() for category in found.categories]
    named = sorted((label for label in labels if re.search(r"\d", label)), key=len, reverse=True)
    units = ["per 100,000", "per 1,000", "points of 100", "95% interval"]
    return re.compile(rf"(?<!\d)(?:{'|'.join([*map(re.escape, named), *units])})(?!\d)")


def published(answers: Sequence[Answer]) -> tuple[set[float], set[str]]:
    """Return every number of some answers, and every way in which a page may write one."""
    numbers: set[float] = {0.0}
    counts: set[float] = set()
    for answer in answers:
        columns = [name for name in ("value", "lower", "upper", "base") if name in answer.frame.columns]
        for row in answer.frame.select(columns).rows():
            known = [float(one) for one in row if one is not None]
            numbers |= {round(one, 6) for one in known}
            value, lower, upper = row[:3]
            if None not in (value, lower, upper):
                numbers |= {round(upper - value, 6), round(value - lower, 6)}
        for row in answer.frame.select("cells_shown", "cells_total").rows():
            counts |= {float(one) for one in row if one is not None}
    words = {form.format(one) for one in numbers | counts for form in ("{:,.0f}", "{:.2g}", "{:g}")}
    return numbers, words
