"""The lines of Python and R in a package's README read its first table."""

import io
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from analysis.exports import FORMATS, ExportItem, data_package

from .conftest import STEM, make_answer, make_context, make_item


def code_of(readme: str, language: str) -> str:
    lines = readme.replace("\r\n", "\n").split(f"Read it in {language}:\n")[1]
    return lines.split("\n\n")[0]


@pytest.fixture(params=FORMATS)
def folder(request: pytest.FixtureRequest, made_item: ExportItem, tmp_path: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(data_package([made_item], make_context(), request.param))) as archive:
        archive.extractall(tmp_path)
    return tmp_path


def test_the_python_lines_run_beside_the_files(folder: Path) -> None:
    code = code_of((folder / "README.txt").read_text("utf-8"), "Python")
    assert len(code.splitlines()) <= 13
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = "Rows with a number: 4 of 6\nRows not shown: 1 (fewer than 10, or none; not zero)"
    assert done.stdout.startswith(said)
    assert "D01" in done.stdout


def test_the_r_lines_name_files_and_columns_that_are_there(folder: Path) -> None:
    code = code_of((folder / "README.txt").read_text("utf-8"), "R")
    assert len(code.splitlines()) <= 13
    named = re.findall(r'"([a-z0-9_]+\.[a-z]+)"', code)
    assert named and all((folder / name).exists() for name in named)
    columns = set(re.findall(r"(?:data|shown)\$(\w+)", code)) - {"width"}
    header = (
        "measure,measure_label,area,area_label,period,gender,gender_label,form,form_label,value,lower,upper"
    )
    typed = re.findall(r'(\w+) = "character"', code)
    assert columns | set(typed) <= {*header.split(","), "marker", "unit", "release"}


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed: its lines cannot run here")
def test_the_r_lines_run_beside_the_files(folder: Path) -> None:
    code = code_of((folder / "README.txt").read_text("utf-8"), "R")
    packages = re.findall(r"(?:library\(|(\w+)::)(\w*)", code)
    done = subprocess.run(["Rscript", "-e", code], cwd=folder, capture_output=True, text=True, check=False)
    lacks = packages and "there is no package called" in done.stderr
    assert lacks or done.stdout.startswith("4 of 6 rows have a number"), done.stderr


def test_codes_with_a_leading_zero_and_the_word_na_stay_text(tmp_path: Path) -> None:
    answer = make_answer()
    frame = answer.frame.with_columns(area=answer.frame["area"].replace({"D01": "06037", "D02": "NA"}))
    item = make_item(make_answer(frame=frame))
    with zipfile.ZipFile(io.BytesIO(data_package([item], make_context(), "csv"))) as archive:
        archive.extractall(tmp_path)
    code = code_of((tmp_path / "README.txt").read_text("utf-8"), "Python")
    code += '\nprint(sorted(set(data["area"])))'
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "['06037', 'D03', 'NA']" in done.stdout


def test_base_r_would_read_the_first_column_by_its_name(made_item: ExportItem) -> None:
    with zipfile.ZipFile(io.BytesIO(data_package([made_item], make_context(), "csv"))) as archive:
        assert archive.read(f"{STEM}.csv").startswith(b"measure,"), "no byte order mark"
