"""Explore and export: any permitted table, what could be shown, what to give up, and the files."""

import csv
import io
import json
import zipfile
from functools import partial
from pathlib import Path

import pytest

from analysis import Question, answer
from analysis.cli import main
from analysis.exports import FORMATS
from tests import release_states
from tests.pages.conftest import said
from ui.view import hand_over

TABLE = "card_table"

EVERY = ["Data package", "CSV", "Excel (XLSX)", "JSON", "Parquet"]


def buttons(app) -> list[str]:
    """Return the files of the table; those that take the whole page along are tested elsewhere."""
    return [one.label for one in app.button if one.key.startswith("download_")]


def picker(app):
    return app.multiselect(key="pick_by")


def test_it_opens_with_a_table_by_year(open_page) -> None:
    app = open_page("explore")
    assert picker(app).value == ["period"]
    text = said(app)
    assert "<table>" in text
    assert "95% interval" in text


def test_each_dimension_says_how_much_could_be_shown_before_it_is_chosen(open_page, release) -> None:
    app = open_page("explore")
    options = picker(app).options
    assert "Period" in options
    form = next(option for option in options if option.startswith("Form of exploitation"))
    [wider] = answer([Question("detected_persons", ["period", "form"])], release)
    shown = wider.frame.height - wider.frame["value"].null_count()
    assert form == f"Form of exploitation ({shown} of {wider.frame.height})"


def test_four_dimensions_are_a_table_of_seven_columns(open_page) -> None:
    text = said(open_page("explore", by="period,area,form,gender"))
    assert text.count('<th scope="col"') == 7


def test_a_fifth_dimension_is_refused_with_what_to_give_up(open_page) -> None:
    app = open_page("explore", by="period,area,form,gender,status")
    text = said(app)
    assert "One dimension too many" in text
    assert "<table>" not in text
    assert not buttons(app), "nothing to download"
    offers = [button for button in app.button if button.key.startswith("give_up_")]
    assert len(offers) == 4
    assert all("could be shown)" in offer.label for offer in offers)
    name = offers[0].key.removeprefix("give_up_")
    offers[0].click().run()
    assert name not in picker(app).value
    assert len(picker(app).value) == 4
    assert "<table>" in said(app)


def test_what_would_be_one_too_many_says_so_in_the_picker(open_page) -> None:
    options = picker(open_page("explore", by="period,area,form,gender")).options
    assert "Status (one too many)" in options


def test_filters_count_as_dimensions(open_page) -> None:
    text = said(open_page("explore", by="period,area,form", gender="female", status="confirmed"))
    assert "One dimension too many" in text
    assert "Or clear the filter" in text


def test_the_choice_is_in_the_address(open_page) -> None:
    app = open_page("explore")
    picker(app).set_value(["period", "gender"]).run()
    assert "period,gender" in app.query_params["by"]
    [link] = [code.value for code in app.code if "by=period,gender" in code.value]
    assert "measure" not in link, "defaults stay out of the link"


def test_unknown_rows_in_a_link_are_left_out_with_a_notice(open_page) -> None:
    app = open_page("explore", by="period,person_key,<b>")
    assert picker(app).value == ["period"]
    assert "was left out" in said(app)
    assert "<b>" not in said(app)


@pytest.mark.parametrize(
    ("address", "files"),
    [
        ({}, EVERY),
        ({"by": "area"}, [*EVERY, "GeoJSON", "GeoParquet"]),
        ({"measure": "form_share", "by": "period"}, EVERY),
        ({"measure": "fbi_offences_known", "by": "area,offence"}, EVERY),
    ],
    ids=["years", "areas", "share", "published, without shapes"],
)
def test_formats_that_make_sense_are_offered(open_page, address, files) -> None:
    assert buttons(open_page("explore", **address)) == files


def test_a_share_keeps_its_own_dimension(open_page) -> None:
    assert "form" in picker(open_page("explore", measure="form_share", by="period")).value


@pytest.fixture
def packages(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Catch what the download buttons would hand over."""
    made: dict[str, bytes] = {}

    def caught(label: str, data: partial, **more) -> bool:
        if label in {"Data package", *(one.label for one in FORMATS.values())}:
            made[label] = data()
        return False

    monkeypatch.setattr(hand_over, "button", caught)
    return made


def test_the_files_hold_the_published_table_and_say_what_it_is(open_page, release, packages) -> None:
    open_page("explore", by="area,gender", level="2", form="forced_labour")
    assert set(packages) == {
        *("Data package", "CSV", "Excel (XLSX)", "JSON", "Parquet", "GeoJSON", "GeoParquet")
    }
    stem = "detected_persons_by_county_gender_example_region_form_forced_labour_2021_2025"
    with zipfile.ZipFile(io.BytesIO(packages["CSV"])) as archive:
        rows = list(csv.DictReader(archive.read(f"{stem}.csv").decode().splitlines()))
        package = json.loads(archive.read("datapackage.json"))
        readme = " ".join(archive.read("README.txt").decode().split())
    question = Question("detected_persons", ["area", "gender"], {"form": "forced_labour"}, area_level=1)
    [published] = answer([question], release)
    assert [row["value"] for row in rows] == [
        "" if value is None else f"{value:.0f}" for value in published.frame["value"]
    ]
    assert {row["area_label"] for row in rows} == {"Larkfield", "Moorhaven"}
    assert "form of exploitation: Forced labour" in package["measures"][0]["filters"]
    assert package["synthetic"] is True
    assert package["resources"][0]["schema"]["fields"][0]["name"] == "measure"
    assert "Synthetic data, fictional place" in readme
    with zipfile.ZipFile(io.BytesIO(packages["GeoJSON"])) as archive:
        features = json.loads(archive.read(f"{stem}.geojson"))["features"]
    assert {feature["id"] for feature in features} == {"C1", "C2"}
    assert features[0]["geometry"]["coordinates"]


def test_the_command_line_writes_the_same_bytes_as_the_button(
    open_page, folder, packages, tmp_path: Path, capsys
) -> None:
    open_page("explore", by="period,area", level="quarter", form="forced_labour", period="2022..2024")
    words = ["answer", "--measure", "detected_persons", "--by", "period", "area", "--period-level", "quarter"]
    words += ["--where", "form=forced_labour", "--periods", "2022..2024", "--area-level", "1"]
    kinds = {form.label: ["--format", form.code] for form in FORMATS.values()} | {"Data package": []}
    assert set(packages) == kinds.keys()
    for label, kind in kinds.items():
        file = tmp_path / "package.zip"
        assert main([*words, *kind, "--package", str(file), "--release", str(folder)]) == 0, (
            capsys.readouterr().err
        )
        assert file.read_bytes() == packages[label], label


def test_a_restricted_table_is_logged_or_not_handed_over(
    open_page, steward_folder, packages, monkeypatch, tmp_path: Path
) -> None:
    log = tmp_path / "access.log"
    monkeypatch.setenv("LTT_ACCESS_LOG", str(log))
    open_page("explore", release_folder=steward_folder)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["event"] for line in lines] == ["page", *["file"] * len(packages)]
    assert set(packages) == set(EVERY)


def test_when_all_is_hidden_it_says_why(open_page, tiny_folder) -> None:
    text = said(open_page("explore", release_folder=tiny_folder, by="area,form,gender"))
    assert "Nothing here can be shown" in text


@pytest.mark.parametrize("state", ["published_only", "person_only", "no_areas"])
def test_states(open_page, tmp_path, state) -> None:
    app = open_page("explore", release_folder=release_states.make(state, tmp_path / state))
    assert "<table>" in said(app)
    if state == "no_areas":
        assert "Area" not in [option.split(" (")[0] for option in picker(app).options]
