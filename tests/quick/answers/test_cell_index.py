"""The index of published cells: what the release holds and nothing else, and never a reason for no answer."""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis import Question, answer, load_catalog, open_release
from analysis.release.index import file as index_file
from analysis.release.index.build import build
from analysis.release.index.cells import COLUMNS
from analysis.release.manifest import read_manifest
from analysis.release.release import Release
from tests.release_states import changed

QUESTIONS = [
    Question("detected_persons", ["period", "area"], area_level=2),
    Question("form_share", ["period", "form"]),
    Question("child_share", ["area"], area_level=1),
]


def indexed(folder: Path, target: Path) -> Path:
    """Return a copy of a release with its index beside it, as the release job leaves it."""
    shutil.copytree(folder, target)
    release = open_release(target)
    made = {
        code: release.index(subject)
        for code, subject in load_catalog().subjects.items()
        if f"cell_{code}" in release.columns
    }
    manifest = release.manifest
    index_file.write(index_file.beside(target / manifest.file), manifest.sha256, made)
    return target


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    return indexed(folder, tmp_path / "first")


def opened_anew(folder: Path, tmp_path: Path) -> Release:
    """Open a copy: a process opens the same folder once."""
    return open_release(shutil.copytree(folder, tmp_path / "anew"))


def frames(release: Release) -> list[list[tuple[object, ...]]]:
    return [one.frame.rows() for one in answer(QUESTIONS, release)]


def test_it_holds_every_published_cell_once_and_no_other(release: Release) -> None:
    for code, subject in load_catalog().subjects.items():
        if f"cell_{code}" not in release.columns:
            continue
        index, found = release.index(subject), []
        for address, (start, stop) in index.tables.items():
            names = ("period", "area", *(f"c{slot}" for slot in range(len(address.dims))), "marker")
            texts = [[index.texts[COLUMNS[n]][k] for k in index.columns[n][start:stop]] for n in names]
            numbers = index.columns["value"][start:stop].tolist()
            for period, area, *codes, marker, value in zip(*texts, numbers, strict=True):
                own = dict(zip(address.dims, codes, strict=True))
                found.append((*address[:3], period, area, tuple(sorted(own.items())), value, marker))
        dims = [name for name in subject.dimensions if name in release.columns[f"cell_{code}"]]
        rows = release.rows(
            f"SELECT collection, period_level, area_level, period, coalesce(area, ''), value, marker"
            f"{''.join(', ' + name for name in dims)} FROM cell_{code}"
        )
        wanted = [
            (*row[:5], tuple(sorted((n, c) for n, c in zip(dims, row[7:], strict=True) if c)), *row[5:7])
            for row in rows
        ]
        assert sorted(found, key=repr) == sorted(wanted, key=repr)


def test_answers_are_read_from_it_without_a_copy_of_the_cells(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.release.release.build", lambda *_: pytest.fail("an index was made"))
    again = opened_anew(copy, tmp_path)
    asked: list[str] = []
    rows = again.rows
    monkeypatch.setattr(again, "rows", lambda sql, values=(): asked.append(sql) or rows(sql, values))
    assert any(row for frame in frames(again) for row in frame)
    assert not [sql for sql in asked if "cell_person" in sql and "count(*)" not in sql]


def cut(index: Path) -> None:
    index.write_bytes(index.read_bytes()[:-100])


def turn_a_bit(index: Path) -> None:
    whole = bytearray(index.read_bytes())
    whole[-70] ^= 1
    index.write_bytes(whole)


def of_a_later_version(index: Path) -> None:
    index.write_bytes(index.read_bytes().replace(b"release index 1", b"release index 9", 1))


def garbled(index: Path) -> None:
    index.write_bytes(index_file.MAGIC + (5).to_bytes(8, "little") + b"[1,2]" + bytes(100))


@pytest.mark.parametrize("harm", [Path.unlink, cut, turn_a_bit, of_a_later_version, garbled])
def test_without_one_that_can_be_used_the_answers_are_the_same_and_it_is_said(
    copy: Path,
    tmp_path: Path,
    release: Release,
    harm: Callable[[Path], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    [index] = copy.glob("*.index")
    harm(index)
    with caplog.at_level(logging.INFO):
        again = opened_anew(copy, tmp_path)
    assert f"{index.name} " in caplog.text and "python -m etl release" in caplog.text
    assert frames(again) == frames(release)


def test_that_of_another_release_is_not_read(copy: Path, tmp_path: Path) -> None:
    [index] = copy.glob("*.index")
    other = changed(copy, tmp_path / "other", ["UPDATE cell_person SET value = value + 7"])
    [file] = other.glob("*.duckdb")
    shutil.copyfile(index, index_file.beside(file))
    with pytest.raises(index_file.IndexFaultError, match="another release"):
        index_file.read(index_file.beside(file), read_manifest(other).sha256)
    assert frames(open_release(other)) != frames(open_release(copy))


def test_a_subject_without_a_cell_has_an_index_without_one(copy: Path, tmp_path: Path) -> None:
    release = open_release(changed(copy, tmp_path / "none", ["DELETE FROM cell_person"]))
    index = release.index(load_catalog().subjects["person"])
    assert (dict(index.tables), len(index.columns["value"])) == ({}, 0)
    index_file.write(tmp_path / "none.index", "0", {"person": index})
    assert index_file.read(tmp_path / "none.index", "0")["person"].tables == {}
    assert not any(one.cells_shown for one in answer(QUESTIONS, release))


def test_a_catalog_with_other_dimensions_has_it_made_anew(copy: Path, tmp_path: Path) -> None:
    again = opened_anew(copy, tmp_path)
    subject = load_catalog().subjects["person"]
    held = again.index(subject)
    turned = build(again._connection, "person", held.dimensions[::-1])
    again._indexes["person"] = turned
    assert again.index(subject) is not turned
    assert again.index(subject).tables == held.tables
