"""A few dozen files changed at random; `make bench` tries a thousand of them."""

from pathlib import Path

from tests.etl.made_home import CommandLine
from tests.etl.mutating import judged

FILES = 40


def test_whatever_comes_ends_in_a_sentence(run_with_areas: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "mutated"
    folder.mkdir()
    found = list(judged(run_with_areas, folder, seed=1, files=FILES))
    assert [(one.name, one.wrong) for one in found if one.wrong] == []
    assert {one.ran.code for one in found} == {0, 1}, "some are taken, some are refused"
