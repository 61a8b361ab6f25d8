"""What LibreOffice makes of the files: codes keep their zeros, periods stay periods, accents stay accents."""

import csv
import os
import shutil
import subprocess
from pathlib import Path

import polars as pl
import pytest

from analysis.exports import data_file

from .conftest import make_answer, make_context, make_item

CODES = {"D01": "06037", "D02": "1E5", "D03": "0012"}
NAMES = {"06037": "Señal – Åre", "1E5": "2024-03", "0012": "=1+1"}
PERIODS = ["2024-03", "2024-Q1", "2024"]


@pytest.fixture
def office() -> str:
    """The command of LibreOffice; `LTT_OFFICE=required` makes its absence an error."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        reason = "LibreOffice is not installed; on Debian and Ubuntu: apt-get install libreoffice-calc"
        if os.environ.get("LTT_OFFICE") == "required":
            pytest.fail(f"{reason}. LTT_OFFICE=required does not let these tests be skipped")
        pytest.skip(reason)
    return found


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_codes_periods_and_accents_are_the_same_in_a_spreadsheet(
    office: str, kind: str, tmp_path: Path
) -> None:
    frame = make_answer().frame
    frame = frame.with_columns(
        area=frame["area"].replace(CODES),
        period=pl.Series([PERIODS[place % 3] for place in range(frame.height)]),
    )
    item = make_item(make_answer(frame=frame), areas=NAMES)
    content = data_file(item, make_context(), kind)
    (tmp_path / f"in.{kind}").write_bytes(content)
    with_types = [f"--infilter=CSV:44,34,76,1,{text_columns(item)}"] if kind == "csv" else []
    out = tmp_path / "out"
    command = [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", *with_types]
    command += ["--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false", "--outdir"]
    subprocess.run([*command, str(out), str(tmp_path / f"in.{kind}")], check=True, capture_output=True)
    rows = list(csv.DictReader((out / "in.csv").read_text("utf-8").splitlines()))
    expected = list(csv.DictReader(data_file(item, make_context(), "csv").decode().splitlines()))
    assert [row["area"] for row in rows] == [row["area"] for row in expected]
    assert {row["period"] for row in rows} == set(PERIODS)
    # What begins like a formula is shown and never worked out.
    assert {row["area_label"] for row in rows} == {"Señal – Åre", "2024-03", "'=1+1"}
    assert [row["value"] for row in rows] == [row["value"] for row in expected]


def text_columns(item: object) -> str:
    """Return the columns of text as LibreOffice's import wants them: what the dictionary calls "string"."""
    header = data_file(item, make_context(), "csv").decode().splitlines()[0].split(",")  # type: ignore[arg-type]
    numbers = {"value", "denominator", "lower", "upper", "cells_shown", "cells_total"}
    return "/".join(f"{place}/{1 if name in numbers else 2}" for place, name in enumerate(header, 1))
