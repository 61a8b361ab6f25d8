"""A register as a data package: read by another library, the same from each door, its columns and no more."""

import io
import json
import re
import zipfile
from pathlib import Path

import polars as pl
import pytest
from frictionless import Package

from analysis import Release
from analysis.catalog.model import Catalog
from analysis.cli import main
from analysis.errors import LttError
from analysis.exports.registers.package import package_name, register_package
from analysis.exports.registers.table import register_table, registers
from analysis.release.catalog_of_release import catalog_for
from analysis.release.release_file import open_release
from tests.pages.opening import OpenPage

LOADED = ("action", "agreement", "award", "campaign", "indicator", "receiver", "service", "law_provision")


@pytest.fixture(scope="module")
def release(demonstration: Path) -> Release:
    return open_release(demonstration)


@pytest.fixture(scope="module")
def catalog(release: Release) -> Catalog:
    return catalog_for(release)


def read(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


@pytest.mark.parametrize("code", LOADED)
def test_it_validates_and_holds_every_row_and_what_it_means(
    release: Release, catalog: Catalog, code: str, tmp_path: Path
) -> None:
    content, register, context = register_package(code, release, catalog)
    with read(content) as archive:
        archive.extractall(tmp_path)
        names = set(archive.namelist())
    assert names == {
        *("README.txt", "datapackage.json", "dictionary.csv", "sources.csv", "filters.json"),
        *("CITATION.cff", "LICENCE.txt", f"{code}.csv", f"{code}.parquet", f"{code}.xlsx"),
    }
    report = Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "message"])

    rows = release.table("law_provision" if code == "law_provision" else f"register_{code}")
    written = pl.read_csv(tmp_path / f"{code}.csv", infer_schema=False)
    declared = [column.code for column in register.columns]
    assert [name for name in written.columns if not name.endswith("_label")] == declared
    assert written.height == rows.height == pl.read_parquet(tmp_path / f"{code}.parquet").height
    said = pl.read_csv(tmp_path / "dictionary.csv", infer_schema=False)
    assert set(said["column"]) == set(written.columns)
    told = (tmp_path / "README.txt").read_text("utf-8")
    assert "Synthetic data" in told and "No person is in this register." in told
    asked = json.loads((tmp_path / "filters.json").read_text("utf-8"))
    assert asked["permalink"] == f"/{register.pages[0]}" and asked["register"] == code
    assert context.release_id in package_name(code, context)


def test_the_command_line_writes_the_same_bytes(
    release: Release,
    catalog: Catalog,
    demonstration: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = "https://trends.example.org/partnerships"
    file = tmp_path / "agreement.zip"
    given = ["register", "agreement", "--release", str(demonstration)]
    assert main([*given, "--package", str(file), "--link", page]) == 0
    assert file.read_bytes() == register_package("agreement", release, catalog, page)[0]
    assert main(["register", "--release", str(demonstration)]) == 0
    assert "agreement        Agreements (" in capsys.readouterr().out
    assert main(given) == 1
    assert "--package agreement.zip" in capsys.readouterr().err


def test_sums_for_a_statistic_are_no_list(release: Release, catalog: Catalog) -> None:
    assert "knowledge" in catalog.registers and "knowledge" not in registers(catalog)
    with pytest.raises(LttError, match="is no register"):
        register_table("knowledge", release, catalog)


def test_a_register_of_which_nothing_was_loaded_says_so(folder: Path) -> None:
    example = open_release(folder)
    with pytest.raises(LttError, match="no rows of the register 'public awards'"):
        register_table("award", example, catalog_for(example))


@pytest.mark.parametrize(
    ("page", "codes"),
    [
        ("partnerships", {"action", "agreement", "law_provision"}),
        ("funding", {"award"}),
        ("prevention", {"campaign"}),
        ("gaps", {"service"}),
    ],
)
def test_a_card_of_a_register_leads_to_its_package(
    open_page: OpenPage, demonstration: Path, page: str, codes: set[str]
) -> None:
    app = open_page(page, release_folder=demonstration, every_card=True)
    bodies = "".join(element.proto.body for element in app.get("html"))
    assert set(re.findall(r'href="\./api/v1/registers/(\w+)"', bodies)) == codes
