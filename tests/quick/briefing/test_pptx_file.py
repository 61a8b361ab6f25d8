"""Slides: what can be edited, what is said, what fits, and that nothing else is in the file."""

import io
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Pt
from pypdf import PdfReader

from tests.quick.briefing import decks, office
from ui.briefing.formats.powerpoint import charts
from ui.briefing.formats.powerpoint.reading import charts_of
from ui.briefing.formats.powerpoint.series import rounded
from ui.briefing.formats.pptx_file import pptx_bytes
from ui.briefing.slide import Deck
from ui.cards.content import Titled
from ui.cards.table import Table


@pytest.fixture(scope="module")
def written() -> bytes:
    return pptx_bytes(decks.every_kind())


@pytest.fixture(scope="module")
def slides(written: bytes) -> dict[str, Any]:
    """Return the slides of the briefing by the key of their card."""
    opened = list(Presentation(io.BytesIO(written)).slides)
    return dict(zip((one.key for one in decks.every_kind().slides), opened[1:], strict=True))


def test_the_same_briefing_is_the_same_bytes(written: bytes) -> None:
    assert written == pptx_bytes(decks.every_kind())
    for name, content in office.parts(written):
        assert b"20" + b"26-" not in content, f"{name} holds a day of today"


def test_progress_is_told_slide_by_slide() -> None:
    told: list[tuple[int, int]] = []
    deck = decks.every_kind()
    pptx_bytes(deck, lambda done, of: told.append((done, of)))
    assert told == [(done, len(deck.slides)) for done in range(1, len(deck.slides) + 1)]


def test_a_line_is_a_chart_with_its_limits_its_gap_and_its_mean(slides: dict[str, Any]) -> None:
    (chart,) = office.charts_on(slides["trends/trend"])
    assert chart.chart_type in (XL_CHART_TYPE.LINE, XL_CHART_TYPE.LINE_MARKERS)
    rows = {series.name: tuple(series.values) for series in chart.plots[0].series}
    assert list(chart.plots[0].categories) == ["2016", "2017", "2018", "2019", "2020", "2021"]
    assert rows == {
        "People": (96.0, 106.0, None, 131.0, 140.0, None),
        "People (provisional)": (None, None, None, None, 140.0, 151.0),
        "People, lower 95% limit": (82.0, 91.0, None, None, None, None),
        "People, upper 95% limit": (110.0, 121.0, None, None, None, None),
        "mean 106 (98–113)": (106.0, 106.0, None, None, None, None),
    }
    book = load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    assert book.active.cell(1, 2).value == "People", "the chart can be edited"


def test_bars_have_error_amounts_and_say_what_is_not_shown(slides: dict[str, Any]) -> None:
    (chart,) = office.charts_on(slides["people/forms"])
    assert chart.chart_type == XL_CHART_TYPE.BAR_CLUSTERED
    assert list(chart.plots[0].categories) == [
        "Forced labour: 36%",
        "Forced begging & more: 8%*",
        "Other forms (not shown)",
    ]
    assert tuple(chart.plots[0].series[0].values) == (36.0, 8.0, None)
    amounts = chart._chartSpace.xpath(".//c:errBars//c:v")
    assert [float(amount.text) for amount in amounts] == [2.0, 1.5, 3.0, 2.5]


def test_other_kinds_have_their_form(slides: dict[str, Any]) -> None:
    (stack,) = office.charts_on(slides["funding/cliff"])
    assert stack.chart_type == XL_CHART_TYPE.COLUMN_STACKED
    assert list(stack.plots[0].categories) == ["Q1 2023", "Q2 2023", "Q3 2023", "Q4 2023"]
    (funnel,) = office.charts_on(slides["geography/funnel"])
    assert funnel.chart_type in (XL_CHART_TYPE.XY_SCATTER, XL_CHART_TYPE.XY_SCATTER_LINES)
    assert [series.name for series in funnel.plots[0].series] == [
        "95% limit, upper",
        "95% limit, lower",
        "Above",
        "About the same",
    ]
    for key in ("pathway/flow", "area/list"):
        assert any(shape.has_table for shape in slides[key].shapes)
    assert not any(shape.shape_type == 13 for slide in slides.values() for shape in slide.shapes), "a picture"


def test_a_grid_is_a_table_with_shades_and_a_hatch(slides: dict[str, Any]) -> None:
    (table,) = [shape.table for shape in slides["gaps/matrix"].shapes if shape.has_table]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows == [["", "North", "South"], ["Beds", "23%", "31%*"], ["Law", "44%", ""]]
    assert table.cell(1, 1)._tc.xpath(".//a:tcPr/a:solidFill")
    assert table.cell(2, 2)._tc.xpath(".//a:tcPr/a:pattFill"), "not shown is hatched, never white"


def test_a_map_is_a_shape_an_area_with_its_words(slides: dict[str, Any]) -> None:
    said = {
        shape.name: shape._element.xpath(".//p:cNvPr/@descr")[0]
        for shape in slides["geography/map"].shapes
        if shape._element.xpath(".//a:custGeom")
    }
    assert said == {"Larkfield": "Larkfield, 41 people", "Saltreach & Fen": "Saltreach & Fen, 41 people"}
    hidden = [shape for shape in slides["geography/map"].shapes if shape.name == "Saltreach & Fen"]
    assert hidden[0]._element.xpath("./p:spPr/a:pattFill")


def test_a_long_table_says_that_there_is_more(slides: dict[str, Any]) -> None:
    (table,) = [shape.table for shape in slides["area/list"].shapes if shape.has_table]
    shown = len(table.rows) - 1
    assert 8 <= shown < 60
    words = [shape.text_frame.text for shape in slides["area/list"].shapes if shape.has_text_frame]
    assert f"{60 - shown} more rows stand in the table of the card." in words


def test_definitions_are_read_in_full_on_as_many_slides_as_they_need() -> None:
    long = "Care. " * 60
    rows = tuple((f"Figure {one}", "What it counts. " * one, "people", long) for one in range(9))
    table = Table(("Figure", "What it is", "Unit", "To be read with care"), (False,) * 4, rows)
    definitions = decks.slide("methods/appendix", "How each figure is measured", tables=(Titled("", table),))
    document = Presentation(io.BytesIO(pptx_bytes(decks.deck((definitions,)))))
    found = [shape.table for slide in document.slides for shape in slide.shapes if shape.has_table]
    cells = [tuple(cell.text.strip() for cell in row.cells) for one in found for row in list(one.rows)[1:]]
    assert cells == [tuple(words.strip() for words in row) for row in rows]
    assert len(found) > 1
    titles = [slide.shapes.title.text for slide in list(document.slides)[1:]]
    assert titles[0].endswith(f"(1 of {len(found)})") and len(set(titles)) == len(found)
    shapes = [shape for slide in document.slides for shape in slide.shapes if shape.has_text_frame]
    assert not any("more rows" in shape.text for shape in shapes)


def test_every_slide_has_its_title_number_marks_and_notes(written: bytes) -> None:
    deck = decks.every_kind()
    opened = Presentation(io.BytesIO(written))
    assert (opened.slide_width, opened.slide_height) == (Pt(960), Pt(540))
    for place, slide in enumerate(opened.slides):
        words = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        assert slide.shapes.title.text_frame.text
        assert deck.synthetic in words and deck.stamp in words
        assert slide.shapes._spTree.xpath('.//a:fld[@type="slidenum"]/a:t')[0].text == str(place + 1)
        assert slide.notes_slide.notes_text_frame.text
        for shape in slide.shapes:
            assert shape._element.xpath(".//p:cNvPr/@descr")[0], f"{shape.name} is not described"
    first = " ".join(shape.text_frame.text for shape in opened.slides[0].shapes if shape.has_text_frame)
    for said in (
        deck.title,
        deck.place,
        deck.period,
        deck.as_of,
        deck.next_update,
        deck.contact,
        deck.reported,
    ):
        assert said in first
    notes = opened.slides[1].notes_slide.notes_text_frame.text
    for said in ("My own note.", "Filters: ", "9 of 90 numbers", "As of 31 December 2021", deck.reported):
        assert said in notes


@pytest.mark.parametrize("deck", [decks.every_kind(), decks.attacks()], ids=["every kind", "attacks"])
def test_words_are_large_enough_and_nothing_lies_on_or_beyond_anything(deck: Deck) -> None:
    office.check_layout(pptx_bytes(deck))


def test_charts_and_their_workbooks_hold_what_the_figure_shows_and_no_more(written: bytes) -> None:
    """Any number in any part of a chart is one of the figure's, as exact as a reader sees it."""
    found = office.numbers_in(written)
    assert found, "no numbers were looked at"
    years = {float(value) for value in range(2016, 2022)}
    assert found <= office.numbers_of(decks.every_kind()) | years


def test_no_part_holds_what_only_a_pointer_would_read(written: bytes) -> None:
    looked = 0
    for name, content in office.parts(written):
        looked += 1
        assert str(int(decks.SECRET)).encode() not in content, name
    assert looked > 60


def test_words_are_words_whatever_they_say() -> None:
    document = Presentation(io.BytesIO(pptx_bytes(decks.attacks())))
    titles = [slide.shapes.title.text_frame.text for slide in document.slides]
    for words in decks.ATTACKS[:3]:
        assert words in titles
    assert "bell escape[31m null half" in titles
    assert any(title.startswith("Long Long") and title.endswith("…") for title in titles)
    for name, content in office.parts(pptx_bytes(decks.attacks())):
        if name.endswith((".xml", ".rels")):
            assert b"<script" not in content, name


def test_a_briefing_without_anything_is_one_slide() -> None:
    assert len(Presentation(io.BytesIO(pptx_bytes(decks.deck(())))).slides) == 1


def test_what_lines_mean_is_said_once() -> None:
    assert charts.key_of(charts_of(decks.trend())) == [
        "Thin lines are 95% limits.",
        "Dashed is provisional.",
        "Where a line has a gap, the number is not shown.",
    ]
    assert charts.key_of([]) == []


@pytest.mark.command
def test_libreoffice_opens_it(written: bytes, tmp_path: Path) -> None:
    """An office program that is not the one it was written for reads every slide."""
    program = shutil.which("soffice")
    if program is None:
        reason = "LibreOffice is not installed"
        if os.environ.get("LTT_OFFICE") == "required":
            pytest.fail(f"{reason}. LTT_OFFICE=required does not let this test be skipped")
        pytest.skip(reason)
    file = tmp_path / "briefing.pptx"
    file.write_bytes(written)
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [program, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)

    pages = PdfReader(tmp_path / "briefing.pdf").pages
    assert len(pages) == len(decks.every_kind().slides) + 1
    assert "People identified rose" in pages[1].extract_text()
    assert "Forced labour: 36%" in pages[2].extract_text()


def test_a_single_period_is_a_column_with_its_interval() -> None:
    figure = decks.trend()
    for trace in figure["data"]:
        trace["x"], trace["y"] = trace["x"][:1], trace["y"][:1]
    band, line, *_ = figure["data"]
    band |= {"x": [*line["x"], *line["x"]], "y": [110, 82]}
    figure["data"] = [band, line]

    (chart,) = charts_of(figure)
    assert chart.categories == ("2016",)
    assert [(one.values, one.less, one.more) for one in chart.series] == [((96.0,), (14.0,), (14.0,))]


def test_events_are_numbered_at_their_periods_and_told_below() -> None:
    figure = decks.trend()
    event = {"x": "2019-03-01", "y": 1, "xref": "x", "yref": "paper", "text": "1"}
    figure["layout"]["annotations"].append(event)
    listed = '<ol class="ltt-events"><li>1. 1 March 2019: An act</li></ol>'
    deck = decks.deck((decks.slide("trends/trend", "People", figure=figure, drawing=listed),))

    slide = Presentation(io.BytesIO(pptx_bytes(deck))).slides[1]
    assert "2019 (1)" in list(office.charts_on(slide)[0].plots[0].categories)
    words = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    assert "In force: (1) 1 March 2019: An act." in words


def test_more_bars_than_have_room_are_a_table() -> None:
    figure = decks.bars()
    names = [f"Area {number}" for number in range(40)]
    figure["data"] = [{"type": "bar", "orientation": "h", "y": names, "x": [1.0] * 40}]
    figure["layout"]["yaxis"] |= {"categoryarray": names}
    assert charts_of(figure) == []


def test_numbers_are_as_exact_as_a_reader_sees_them() -> None:
    assert [rounded(value) for value in (92.55555, 1_326.4, 0.881271, 36.0)] == [92.6, 1_326.0, 0.881, 36.0]
