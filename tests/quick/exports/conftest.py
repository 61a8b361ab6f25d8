"""Made-up answers for the tests of exported files."""

import datetime
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
import shapely

from analysis import Answer, Filters, Measure, Question
from analysis.exports import Column, ExportContext, ExportItem, SourceFacts

MEASURE = Measure(
    code="detected_persons",
    label="People identified",
    short="People identified",
    unit="people",
    kind="count",
    door="person",
    definition="People identified as trafficked.",
    formula="Published count.",
    sources=("Example",),
    owner="Methods group",
    reviewed=datetime.date(2026, 1, 1),
    subject="person",
)
HEADLINE = "People identified: 179 in the 4 of 6 groups that can be shown."
STEM = "detected_persons_by_area_gender_example_region_form_forced_labour_2024_2025"
AREAS = {"D01": "Ashby", "D02": "=cmd|' /C calc'!A0", "D03": "São Bento – north"}


def make_answer(by: tuple[str, ...] = ("area", "gender"), **changes: Any) -> Answer:
    rows = [
        ("D01", "female", 40.0, 29.1, 53.7, ""),
        ("D01", "male", None, None, None, "c"),
        ("D02", "female", 112.0, 92.0, 135.0, "rp"),
        ("D02", "male", 17.0, 10.2, 27.0, "p"),
        ("D03", "female", None, None, None, "x"),
        ("D03", "male", 10.0, 4.7, 18.9, "u"),
    ]
    names = ["area", "gender", "value", "lower", "upper", "marker"]
    frame = pl.DataFrame(rows, schema=names, orient="row").with_columns(
        pl.col("value").is_not_null().cast(pl.Int64).alias("cells_shown"), cells_total=pl.lit(1, pl.Int64)
    )
    if by == ("area",):
        frame = frame.filter(pl.col("gender") == "female").drop("gender")
    answer = Answer(
        question=Question("detected_persons", by, {"form": ["forced_labour"]}, periods=("2024", "2025")),
        measure=MEASURE,
        frame=frame,
        caveats=["Two contributors started in 2024."],
        source="Example task force, made-up records.",
        as_of=datetime.date(2026, 1, 15),
        unit="people",
        cells_shown=4,
        cells_total=6,
        notes=["Sum of the shown cells of two years."],
    )
    return replace(answer, **changes)


def shapes() -> pl.DataFrame:
    boxes = [shapely.box(n, 50, n + 1.1234567, 51).wkb for n in range(3)]
    return pl.DataFrame({"code": list(AREAS), "name": list(AREAS.values()), "wkb": boxes})


def make_item(answer: Answer | None = None, **changes: Any) -> ExportItem:
    item = ExportItem(answer or make_answer(), HEADLINE, areas=AREAS, boundaries=shapes)
    return replace(item, **changes)


def make_context(**changes: Any) -> ExportContext:
    columns = {
        "area": Column("Area", "Area of the figures.", AREAS),
        "period": Column("Period", "Year, quarter or month."),
        "gender": Column("Gender", "As recorded.", {"female": "Women and girls", "male": "Men and boys"}),
        "form": Column("Form of exploitation", "", {"forced_labour": "Forced labour"}, multi=True),
        "age_group": Column("Child or adult", "", {"child": "Children", "adult": "Adults"}),
    }
    context = ExportContext(
        place="Example region",
        as_of="2026-01-15",
        release_id="0123456789ab",
        contact="data@example.org",
        version="0.1.0",
        synthetic=True,
        permalink="http://127.0.0.1:8501/explore?measure=detected_persons",
        columns=columns,
        filters=Filters(periods=("2024", "2025"), where=(("form", ("forced_labour",)),)),
        sources={"Example task force, made-up records": SourceFacts("Example office", "Not for reuse")},
    )
    return replace(context, **changes)


@pytest.fixture
def made_item() -> ExportItem:
    return make_item()


@pytest.fixture
def made_context() -> ExportContext:
    return make_context()
