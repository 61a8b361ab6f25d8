"""Runs every specification of docs/spec, and holds its page of contents to them."""

import re
from pathlib import Path

import pytest

from analysis import answer, open_release
from analysis.errors import QuestionError
from tests.quick.spec.drawn import CELLS, FOLDER, blocks, drawn_table, question_of, write_release

CONTENTS = FOLDER / "README.md"
SPECIFICATIONS = sorted(set(FOLDER.glob("*.md")) - {CONTENTS})


def text_of(value: object) -> str:
    """Write a value of an answer as it is drawn."""
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def test_there_are_specifications():
    assert len(SPECIFICATIONS) >= 6


def test_the_contents_name_each_by_its_title():
    listed = re.findall(r"^- \[(.+)\]\((.+)\)$", CONTENTS.read_text("utf-8"), re.MULTILINE)
    titles = [
        (path.read_text("utf-8").splitlines()[0].removeprefix("# "), path.name) for path in SPECIFICATIONS
    ]
    assert sorted(listed) == sorted(titles)


@pytest.mark.parametrize("path", SPECIFICATIONS, ids=lambda path: path.stem)
def test_specification(path: Path, tmp_path: Path):
    cells, release, question, checked = {}, None, None, 0
    for heading, lines in blocks(path):
        if heading in CELLS:
            cells[CELLS[heading]] = drawn_table(lines)
        elif heading == "Residents":
            cells["residents"] = drawn_table(lines)
        elif heading == "Question":
            question = question_of(lines)
            release = release or open_release(write_release(tmp_path, cells, profile_of(path)))
        elif heading == "Refused":
            with pytest.raises(QuestionError) as caught:
                answer([question], release)
            assert " ".join(" ".join(lines).split()) in str(caught.value)
            checked += 1
        else:
            assert heading == "Answer", f"{path.name}: '{heading}' is no block"
            expected = drawn_table(lines)
            [found] = answer([question], release)
            given = found.frame.select(expected[0].keys()).rows(named=True)
            assert [{name: text_of(value) for name, value in row.items()} for row in given] == expected
            checked += 1
    assert checked, f"{path.name} checks nothing"


def profile_of(path: Path) -> str:
    return "steward" if path.stem.startswith("steward") else "public"
