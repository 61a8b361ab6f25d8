"""No restricted file leaves without a line in the log, and no line is lost."""

import hashlib
import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from analysis.errors import LttError
from analysis.exports import ExportItem, deliver
from analysis.release import access_log
from analysis.release.access_log import LOG_VARIABLE

from .conftest import make_context


def test_a_restricted_export_is_logged_before_it_is_handed_over(
    made_item: ExportItem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "access.log"
    monkeypatch.setenv(LOG_VARIABLE, str(log))
    context = make_context(profile="steward", threshold=0)
    content = deliver([made_item], context, "csv")
    deliver([made_item], context, "xlsx")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert len(lines) == 2
    assert lines[0]["sha256"] == hashlib.sha256(content).hexdigest()
    assert lines[0]["name"].startswith("RESTRICTED_")
    assert lines[0]["question"].startswith("People identified by area and gender")
    assert "112" not in log.read_text().replace(lines[0]["sha256"], "").replace(lines[1]["sha256"], "")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


@pytest.mark.parametrize("target", ["", "missing/folder/access.log"])
def test_without_a_log_nothing_restricted_leaves(
    target: str, made_item: ExportItem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(LOG_VARIABLE, target)
    with pytest.raises(LttError, match="log"):
        deliver([made_item], make_context(profile="steward"), "csv")


def test_a_public_export_needs_no_log(made_item: ExportItem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(LOG_VARIABLE, raising=False)
    assert deliver([made_item], make_context(), "csv")[:2] == b"PK"


# Rotation ------------------------------------------------------------------------------------------------


def look(number: int, question: str = "") -> access_log.Access:
    return access_log.Access("page", "pat@partner.example", "partner", "r1", str(number), question)


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a log that is put aside after a few lines."""
    monkeypatch.setattr(access_log, "LARGEST_BYTES", 500)
    monkeypatch.delenv(LOG_VARIABLE, raising=False)
    return tmp_path / "access.log"


def test_a_full_log_is_put_aside_and_read_in_the_order_written(small: Path) -> None:
    for number in range(20):
        access_log.record(look(number), small)
    assert [entry["name"] for entry in access_log.read(small)] == [str(number) for number in range(20)]
    files = sorted(file.name for file in small.parent.iterdir())
    assert files[:3] == ["access.log", "access.log.1", "access.log.2"]
    for file in small.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert file.stat().st_size < 500 + 250  # a line begins only below the limit


def test_the_oldest_goes_when_as_many_as_are_kept_are_there(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_log, "KEPT", 3)
    for number in range(60):
        access_log.record(look(number), small)
    names = [int(entry["name"]) for entry in access_log.read(small)]
    assert names == list(range(names[0], 60)) and names[0] > 0
    assert {file.name for file in small.parent.iterdir()} == {
        "access.log",
        "access.log.1",
        "access.log.2",
        "access.log.3",
    }


def test_many_threads_lose_no_line_while_the_log_is_put_aside(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_log, "KEPT", 200)
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda number: access_log.record(look(number), small), range(400)))
    names = [int(entry["name"]) for entry in access_log.read(small)]
    assert sorted(names) == list(range(400))


def test_the_limits_are_those_of_the_manual() -> None:
    assert (access_log.LARGEST_BYTES, access_log.KEPT) == (2_000_000, 12)


@pytest.mark.parametrize("letter", ["\u2028", "\u0085", "\n", "\r", "\x1c", '"', "\u202e"])
def test_no_letter_in_a_question_ends_a_line(small: Path, letter: str) -> None:
    question = f'before{letter}{{"who": "somebody else"}}'
    access_log.record(look(1, question), small)
    access_log.record(look(2), small)
    assert [(entry["name"], entry["question"]) for entry in access_log.read(small)] == [
        ("1", question),
        ("2", ""),
    ]


def test_a_disk_that_is_full_hands_over_nothing_and_leaves_no_half_line(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    access_log.record(look(1), small)
    whole = os.write
    with monkeypatch.context() as full:
        full.setattr(access_log.os, "write", lambda handle, content: whole(handle, content[:20]))
        with pytest.raises(LttError, match="nothing was handed over"):
            access_log.record(look(2), small)
    access_log.record(look(3), small)
    assert [entry["name"] for entry in access_log.read(small)] == ["1", "3"]


def test_a_log_that_holds_nothing_yet_is_read(small: Path) -> None:
    small.touch()
    assert list(access_log.read(small)) == []


@pytest.mark.parametrize("text", ["not a line\n", "[1]\n", '{"at": "2026"}\n\n{"at": "2026"}\n', '{"at": '])
def test_a_line_that_was_changed_is_named(small: Path, text: str) -> None:
    small.write_text(text, "utf-8")
    with pytest.raises(LttError, match=r"access\.log: line \d"):
        list(access_log.read(small))


@pytest.mark.parametrize("name", ["folder", "full", "unwritable/access.log"])
def test_a_log_that_cannot_be_written_says_so(small: Path, name: str) -> None:
    (small.parent / "folder").mkdir()
    (small.parent / "full").symlink_to("/dev/full")
    (small.parent / "unwritable").touch()
    with pytest.raises(LttError, match="cannot be written"):
        access_log.record(look(1), small.parent / name)
