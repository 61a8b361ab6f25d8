"""Answers written by hand, so that charts can be tested without a release."""

import datetime
import json
from collections.abc import Callable, Sequence
from typing import ParamSpec

import plotly.graph_objects as go
import polars as pl

from analysis import Answer, Question, load_catalog
from ui.charts.figure import Figure

Cell = tuple[float | None, str]
Given = ParamSpec("Given")


def checked(chart: Callable[Given, Figure]) -> Callable[Given, go.Figure]:
    """Return a chart function whose plain figure Plotly has checked, key by key and value by value."""

    def draw(*given: Given.args, **named: Given.kwargs) -> go.Figure:
        return go.Figure(chart(*given, **named))

    return draw


def answer(
    by: Sequence[str], rows: Sequence[tuple], *, measure: str = "detected_persons", period_level: str = "year"
) -> Answer:
    """Return an answer; each row is the codes of `by`, then value and marker. Intervals are ± 10 %."""
    frame = pl.DataFrame(
        [(*row[:-2], row[-2], _times(row[-2], 0.9), _times(row[-2], 1.1), row[-1], 1, 1) for row in rows],
        schema=[
            *((name, pl.String) for name in by),
            ("value", pl.Float64),
            ("lower", pl.Float64),
            ("upper", pl.Float64),
            ("marker", pl.String),
            ("cells_shown", pl.Int64),
            ("cells_total", pl.Int64),
        ],
        orient="row",
    )
    shown = frame.height - frame["value"].null_count()
    return Answer(
        question=Question(measure, by, period_level=period_level),
        measure=load_catalog().measures[measure],
        frame=frame,
        caveats=[],
        source="Made up",
        as_of=datetime.date(2026, 1, 15),
        unit="people",
        cells_shown=shown,
        cells_total=frame.height,
    )


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def words(dimension: str, code: str) -> str:
    return load_catalog().label_of(dimension, code)


def sent(figure: go.Figure) -> str:
    """Return all that a figure sends to the browser, but for the template of Plotly's own."""
    spec = json.loads(figure.to_json())
    spec["layout"].pop("template", None)
    return json.dumps(spec)
