"""What a file says of itself beside its rows: no user, no machine, no path, and no number of its own."""

import getpass
import io
import re
import socket
import zipfile
from pathlib import Path

import openpyxl
import pyarrow.parquet
import pytest

from analysis.exports import FORMATS, ExportItem, data_package
from tests.support import PROJECT

from .conftest import make_context

ORIGINS = {PROJECT.as_posix(), Path.home().as_posix(), str(Path.cwd()), "/tmp/", "release-"}
CREATED = "2000-01-01T00:00:00Z"


def files_of(item: ExportItem, kind: str, profile: str = "public") -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data_package([item], make_context(profile=profile), kind))) as archive:
        assert not archive.comment
        assert not any(entry.comment or entry.extra for entry in archive.infolist())
        return {name: archive.read(name) for name in archive.namelist()}


def workbook_of(item: ExportItem, profile: str = "public") -> zipfile.ZipFile:
    files = files_of(item, "xlsx", profile)
    return zipfile.ZipFile(io.BytesIO(next(files[name] for name in files if name.endswith(".xlsx"))))


@pytest.mark.parametrize("profile", ["public", "partner", "steward"])
def test_a_workbook_says_who_made_it_and_when_of_nobody(made_item: ExportItem, profile: str) -> None:
    with workbook_of(made_item, profile) as archive:
        core = archive.read("docProps/core.xml").decode()
        application = archive.read("docProps/app.xml").decode()
        names = archive.namelist()
    for field in ("dc:creator", "cp:lastModifiedBy"):
        assert re.findall(rf"<{field}>([^<]*)</{field}>", core) in ([], [""]), field
    assert set(re.findall(r">(\d{4}-[^<]+)<", core)) == {CREATED}
    assert set(re.findall(r"<(?:Company|Manager|HyperlinkBase)>([^<]*)", application)) <= {""}
    assert "docProps/custom.xml" not in names
    assert not [name for name in names if re.search("comment|external|printer|vba|custom", name, re.I)]


def test_a_workbook_holds_no_number_beside_its_rows(made_item: ExportItem) -> None:
    """Sheets, defined names and properties: numbers of the answer only, and nothing is hidden."""
    shown = {one for row in made_item.answer.frame.rows() for one in row if isinstance(one, int | float)}
    with workbook_of(made_item) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        beside = [_defined(archive.read("xl/workbook.xml").decode())]
        beside += [archive.read(f"docProps/{name}.xml").decode() for name in ("core", "app")]
        opened = openpyxl.load_workbook(io.BytesIO(archive.fp.getvalue()))  # type: ignore[union-attr]
    numbers = {float(one) for one in re.findall(r"<c><v>([^<]+)</v>", sheet)}
    assert numbers and numbers <= shown
    assert all(one.sheet_state == "visible" for one in opened.worksheets)
    assert not any(dim.hidden for one in opened.worksheets for dim in one.column_dimensions.values())
    text = re.sub(rf"{CREATED}|\$[A-Z]+\$\d+|<AppVersion>.*?</AppVersion>|vt:i4>\d", "", " ".join(beside))
    periods = {"2024", "2025", "0"}  # 0: no security flag
    assert set(re.findall(r"\d+", " ".join(re.findall(r">([^<]+)<", f">{text}<")))) <= periods


def _defined(book: str) -> str:
    return "".join(re.findall(r"<definedName[^>]*>([^<]*)<", book))


@pytest.mark.parametrize("kind", FORMATS)
def test_no_file_names_a_user_a_machine_or_a_path(made_item: ExportItem, kind: str) -> None:
    origins = {*ORIGINS, socket.gethostname()} | ({getpass.getuser()} - {"root", "user", "runner"})
    for name, content in files_of(made_item, kind).items():
        parts = {name: content}
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                parts = {part: archive.read(part) for part in archive.namelist()}
        for part, of_part in parts.items():
            named = [origin for origin in origins if origin.encode() in of_part]
            assert not named, (part, named)


def test_a_parquet_file_has_no_statistics_of_what_is_not_in_it(made_item: ExportItem) -> None:
    files = files_of(made_item, "parquet")
    file = pyarrow.parquet.ParquetFile(io.BytesIO(next(files[n] for n in files if n.endswith(".parquet"))))
    assert file.metadata.num_rows == made_item.answer.frame.height
    numbers = {one for row in made_item.answer.frame.rows() for one in row if isinstance(one, int | float)}
    for place in range(file.metadata.num_columns):
        statistics = file.metadata.row_group(0).column(place).statistics
        ends = (statistics.min, statistics.max) if statistics is not None and statistics.has_min_max else ()
        assert {one for one in ends if isinstance(one, int | float)} <= numbers
