"""Every download is one zip that validates, says what it is, and holds the published numbers and no more."""

import csv
import hashlib
import io
import json
import time
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path

import frictionless
import geopandas
import openpyxl
import polars as pl
import pyarrow.parquet
import pytest

from analysis import load_catalog
from analysis.errors import LttError
from analysis.exports import (
    FORMATS,
    PACKAGE,
    ExportContext,
    ExportItem,
    data_package,
    export_name,
    from_release,
)
from analysis.exports.beside.documents import documents
from analysis.exports.words import REPORTED, RESTRICTED, SYNTHETIC

from .conftest import HEADLINE, STEM, make_answer, make_context, make_item


def unpack(content: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return folder


def rows_of(folder: Path, name: str = f"{STEM}.csv") -> list[dict[str, str]]:
    return list(csv.DictReader((folder / name).read_text("utf-8").splitlines()))


@pytest.mark.parametrize("kind", [*FORMATS, PACKAGE])
@pytest.mark.parametrize("profile", ["public", "steward"])
@pytest.mark.parametrize("count", [1, 2])
def test_each_kind_is_a_valid_data_package(
    kind: str, profile: str, count: int, made_item: ExportItem, tmp_path: Path
) -> None:
    content = data_package([made_item] * count, make_context(profile=profile), kind)
    folder = unpack(content, tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of the validator's own dependencies
        report = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])
    package = json.loads((folder / "datapackage.json").read_text())
    for resource in package["resources"]:
        written = (folder / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(written).hexdigest()}"
        assert resource["bytes"] == len(written)


def test_the_validator_would_notice_a_changed_number(
    made_item: ExportItem, made_context: ExportContext, tmp_path: Path
) -> None:
    folder = unpack(data_package([made_item], made_context, "csv"), tmp_path)
    file = folder / f"{STEM}.csv"
    file.write_bytes(file.read_bytes().replace(b"112", b"113"))
    assert not frictionless.Package(str(folder / "datapackage.json")).validate().valid


@pytest.mark.parametrize("kind", [*FORMATS, PACKAGE])
def test_equal_answers_give_equal_bytes(kind: str, made_context: ExportContext) -> None:
    first = data_package([make_item()], made_context, kind)
    time.sleep(1.1)  # a clock in the file would show
    assert data_package([make_item()], made_context, kind) == first


def test_csv_holds_the_published_cells_with_words_and_markers(
    made_item: ExportItem, made_context: ExportContext, tmp_path: Path
) -> None:
    rows = rows_of(unpack(data_package([made_item], made_context, "csv"), tmp_path))
    assert [row["value"] for row in rows] == ["40", "", "112", "17", "", "10"]
    assert [row["marker"] for row in rows] == ["", "c", "rp", "p", "x", "u"]
    assert rows[0]["gender_label"] == "Women and girls"
    assert rows[5]["area_label"] == "São Bento – north"
    assert list(rows[0]) == [
        *("measure", "measure_label", "area", "area_label", "period", "gender", "gender_label"),
        *("form", "form_label", "value", "denominator", "lower", "upper", "marker"),
        *("cells_shown", "cells_total", "unit", "release"),
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_labels_that_look_like_formulas_are_harmless(
    kind: str, made_item: ExportItem, made_context: ExportContext, tmp_path: Path
) -> None:
    folder = unpack(data_package([made_item], made_context, kind), tmp_path)
    if kind == "csv":
        cells = [row["area_label"] for row in rows_of(folder)]
        cells += [row["meaning"] for row in rows_of(folder, "dictionary.csv")]
    else:
        book = openpyxl.load_workbook(folder / f"{STEM}.xlsx")
        found = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in found} <= {"s", "n"}
        cells = [cell.value for cell in found if isinstance(cell.value, str)]
    dangerous = [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell]
    assert not dangerous
    assert "'=cmd|' /C calc'!A0" in cells


def test_workbook_has_data_dictionary_and_about(
    made_item: ExportItem, made_context: ExportContext, tmp_path: Path
) -> None:
    folder = unpack(data_package([made_item], made_context, "xlsx"), tmp_path)
    book = openpyxl.load_workbook(folder / f"{STEM}.xlsx")
    assert book.sheetnames == ["Data", "Dictionary", "About"]
    assert [cell.value for cell in book["Data"]["J"]] == ["value", 40, None, 112, 17, None, 10]
    about = [cell.value for cell in book["About"]["A"]]
    assert REPORTED in about
    assert SYNTHETIC in about


def test_parquet_keeps_types_and_says_what_it_is(
    made_item: ExportItem, made_context: ExportContext, tmp_path: Path
) -> None:
    folder = unpack(data_package([made_item], made_context, "parquet"), tmp_path)
    frame = pl.read_parquet(folder / f"{STEM}.parquet")
    assert frame.schema["value"] == pl.Int64
    assert frame["value"].to_list() == [40, None, 112, 17, None, 10]
    facts = pyarrow.parquet.read_metadata(folder / f"{STEM}.parquet").metadata
    assert facts[b"reported_not_prevalence"].decode() == REPORTED
    assert facts[b"synthetic"].decode() == SYNTHETIC


def test_geojson_has_one_feature_an_area_and_null_where_not_shown(
    made_item: ExportItem, made_context: ExportContext, tmp_path: Path
) -> None:
    folder = unpack(data_package([made_item], made_context, "geojson"), tmp_path)
    found = json.loads((folder / f"{STEM}.geojson").read_text())
    assert [feature["id"] for feature in found["features"]] == ["D01", "D02", "D03"]
    assert found["features"][0]["properties"] == {
        "area": "D01",
        "area_name": "Ashby",
        "period": "2024..2025",
        "form": "forced_labour",
        "value_female": 40,
        "value_male": None,
        "marker_female": "",
        "marker_male": "c",
    }
    corner = found["features"][0]["geometry"]["coordinates"][0]
    assert max(point[0] for point in corner) == 1.12346
    assert SYNTHETIC in found["notice"]
    assert REPORTED in found["notice"]


def test_geojson_of_areas_alone_has_plain_names(made_context: ExportContext, tmp_path: Path) -> None:
    content = data_package([make_item(make_answer(("area",)))], made_context, "geojson")
    [file] = unpack(content, tmp_path).glob("*.geojson")
    found = json.loads(file.read_text())
    names = ["area", "area_name", "period", "form", "value", "lower", "upper", "marker"]
    assert list(found["features"][0]["properties"]) == names


@pytest.mark.parametrize("missing", ["boundaries", "area"])
def test_geojson_without_areas_is_refused_in_words(missing: str, made_item: ExportItem) -> None:
    item = replace(made_item, boundaries=None)
    if missing == "area":
        answer = made_item.answer
        question = answer.question.changed(by=("gender",))
        item = make_item(replace(answer, question=question, frame=answer.frame.drop("area")))
    assert not FORMATS["geojson"].fits([item])
    with pytest.raises(LttError, match="by area") as refused:
        data_package([item], make_context(), "geojson")
    assert "CSV" in refused.value.next_step


def test_an_unknown_kind_is_refused_with_the_known_ones(
    made_item: ExportItem, made_context: ExportContext
) -> None:
    with pytest.raises(LttError) as refused:
        data_package([made_item], made_context, "docx")
    assert "csv, xlsx, json, parquet, geojson" in refused.value.next_step


def test_readme_and_descriptor_say_what_a_reader_must_know(
    made_item: ExportItem, made_context: ExportContext, tmp_path: Path
) -> None:
    folder = unpack(data_package([made_item], made_context, "csv"), tmp_path)
    readme = " ".join((folder / "README.txt").read_text().split())
    for needed in (
        REPORTED,
        SYNTHETIC,
        "numbers below 10 are not shown",
        "by area and gender",
        "form of exploitation: Forced labour",
        "2024–2025",
        "Two contributors started in 2024.",
        "4 of 6 cells are shown.",
        "Licence: Not for reuse",
        "Cite as: Example office: People identified by area and gender, Example region, forced labour",
        "0123456789ab",
        "on screen: /explore?measure=detected_persons",
        f"What it says: {HEADLINE}",
        "Each person is counted in one month of a year, so months and quarters add up to the year",
        "c Not shown: fewer than 10, or none.",
    ):
        assert needed in readme, needed
    package = json.loads((folder / "datapackage.json").read_text())
    assert package["measures"][0]["filters"].startswith("People identified by area and gender; 2024–2025")
    assert package["licenses"] == [{"name": "Not-for-reuse", "title": "Not for reuse"}]
    assert package["synthetic"] is True
    assert "127.0.0.1" not in json.dumps(package) + readme
    assert package["sources"][0]["publisher"] == "Example office"
    title = "People identified by area and gender, Example region, forced labour, 2024–2025"
    assert package["title"] == package["resources"][0]["title"] == title
    assert HEADLINE not in package["description"]
    fields = {field["name"]: field for field in package["resources"][0]["schema"]["fields"]}
    assert fields["value"]["unit"] == "people"
    assert fields["gender"]["constraints"] == {"enum": ["female", "male"]}


def test_dictionary_explains_every_column_and_code(
    made_item: ExportItem, made_context: ExportContext, tmp_path: Path
) -> None:
    folder = unpack(data_package([made_item], made_context, "csv"), tmp_path)
    rows = rows_of(folder, "dictionary.csv")
    assert {row["column"] for row in rows} == set(rows_of(folder)[0])
    meanings = {(row["column"], row["code"]): row["meaning"] for row in rows}
    assert meanings["gender", "male"] == "Men and boys"
    assert meanings["marker", "c"].startswith("Not shown")


def test_a_restricted_file_is_stamped_everywhere(made_item: ExportItem, tmp_path: Path) -> None:
    context = make_context(profile="steward", threshold=0)
    assert export_name([made_item], context, "csv").startswith("RESTRICTED_")
    folder = unpack(data_package([made_item], context, "csv"), tmp_path / "csv")
    assert {row["notice"] for row in rows_of(folder)} == {RESTRICTED}
    assert (folder / "README.txt").read_text().splitlines()[2] == RESTRICTED
    assert json.loads((folder / "datapackage.json").read_text())["restricted"] == RESTRICTED
    folder = unpack(data_package([made_item], context, "xlsx"), tmp_path / "xlsx")
    book = openpyxl.load_workbook(folder / f"{STEM}.xlsx")
    assert {sheet.oddHeader.center.text for sheet in book} == {RESTRICTED}
    folder = unpack(data_package([made_item], context, "geojson"), tmp_path / "geo")
    assert RESTRICTED in json.loads((folder / f"{STEM}.geojson").read_text())["notice"]
    folder = unpack(data_package([made_item], context, "parquet"), tmp_path / "parquet")
    facts = pyarrow.parquet.read_metadata(folder / f"{STEM}.parquet").metadata
    assert facts[b"restricted"].decode() == RESTRICTED


def test_an_empty_answer_still_makes_a_valid_package(
    made_item: ExportItem, made_context: ExportContext, tmp_path: Path
) -> None:
    empty = make_item(replace(made_item.answer, frame=made_item.answer.frame.clear()))
    for kind in (*FORMATS, PACKAGE):
        folder = unpack(data_package([empty], made_context, kind), tmp_path / kind)
        assert (folder / "README.txt").stat().st_size > 500


def test_the_whole_package_holds_every_format_and_every_document(
    made_item: ExportItem, made_context: ExportContext, tmp_path: Path
) -> None:
    folder = unpack(data_package([made_item], made_context, PACKAGE), tmp_path)
    data = {f"{STEM}.{ending}" for ending in ("csv", "parquet", "xlsx", "geojson")} | {
        f"{STEM}_areas.parquet"
    }
    beside = {"dictionary.csv", "measures.md", "README.txt", "filters.json", "sources.csv", "CITATION.cff"}
    assert {path.name for path in folder.iterdir()} == data | beside | {"LICENCE.txt", "datapackage.json"}
    measures = (folder / "measures.md").read_text("utf-8")
    assert "## People identified" in measures and made_item.answer.measure.definition in measures
    filters = json.loads((folder / "filters.json").read_text("utf-8"))
    assert filters["questions"][0]["where"] == {"form": ["forced_labour"]}
    assert filters["permalink"].startswith("/explore?measure=detected_persons")
    assert filters["release"] == made_context.release_id
    [source] = rows_of(folder, "sources.csv")
    assert (source["publisher"], source["release"]) == ("Example office", made_context.release_id)
    cited = dict(line.split(": ", 1) for line in (folder / "CITATION.cff").read_text("utf-8").splitlines())
    assert json.loads(cited["cff-version"]) == "1.2.0" and json.loads(cited["type"]) == "dataset"
    assert json.loads(cited["authors"]) == [{"name": "Example office"}]
    assert json.loads(cited["version"]) == made_context.release_id
    # The day of publication, where the archive has it, and never the day that the figures describe.
    assert "date-released" not in cited and "as of 15 January 2026" in cited["abstract"]
    out = replace(made_context, published="2026-02-01")
    assert 'date-released: "2026-02-01"' in documents([made_item], out)[3].content.decode()
    assert "Not for reuse" in (folder / "LICENCE.txt").read_text("utf-8")


def test_a_table_that_is_not_by_area_comes_without_boundaries(
    made_context: ExportContext, tmp_path: Path
) -> None:
    folder = unpack(data_package([make_item(boundaries=None)], made_context, PACKAGE), tmp_path)
    assert not list(folder.glob("*.geojson")) and not list(folder.glob("*_areas.parquet"))
    assert list(folder.glob("*.xlsx")) and list(folder.glob("*.parquet"))


def test_the_rows_with_boundaries_are_read_as_areas(
    made_item: ExportItem, made_context: ExportContext, tmp_path: Path
) -> None:
    folder = unpack(data_package([made_item], made_context, "geoparquet"), tmp_path)
    found = geopandas.read_parquet(folder / f"{STEM}_areas.parquet")
    assert found["value"].tolist()[0] == 40 and found.geometry.notna().any()
    assert (found.crs is not None and found.crs.to_epsg() == 4326) or "CRS84" in str(found.crs)


def test_sources_with_one_citation_are_one_line_for_all_their_months() -> None:
    """Contributors of a register share its citation: the last of them is not the source of it all."""

    class Cited:
        columns = ()  # it has no table of files
        cited_sources = (
            ("police", "Register", "County", "", "2019-01", "2023-06"),
            ("health", "Register.", "County", "", "2020-01", "2024-12"),
        )

    [facts] = from_release._sources(Cited(), load_catalog()).values()  # type: ignore[arg-type]
    assert (facts.code, facts.publisher) == ("", "County")
    assert (facts.period_from, facts.period_to) == ("2019-01", "2024-12")
