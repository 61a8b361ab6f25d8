"""`release --profile steward` and `--profile partner` from the command line, on a small made-up register."""

import contextlib
import io
import json
import os
import stat
import subprocess
import sys
from collections import Counter

import pytest

from analysis import open_release, published_count
from analysis.cli import main as ask
from etl.cli import main
from etl.config import Home, home_at
from tests.etl.made_home import GENDERS, Deliverer, person_row
from tests.support import PROJECT

PEOPLE = 230
WOMEN = Counter(GENDERS[i % 4] for i in range(PEOPLE))["female"]


def run(*words: object) -> str:
    """Run a command that must succeed; return what it said."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert main([str(word) for word in words]) == 0
    return said.getvalue()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with records, and a steward's release only."""
    folder = tmp_path_factory.mktemp("profiles")
    give = Deliverer(folder)
    rows = [person_row(i, f"2025-{1 + i % 12:02d}") for i in range(PEOPLE)]
    for data, mapping in (give.areas(), give.persons("year", "2025-01", "2025-12", rows)):
        run("load", data, "--source", "own", "--mapping", mapping, "--home", folder / "home")
    run("release", "--profile", "steward", "--home", folder / "home")
    return home_at(folder / "home")


@pytest.fixture(scope="module")
def all_three(home: Home) -> Home:
    """The same home with the public and the partner's release too."""
    for profile in ("public", "partner", "steward"):
        said = run("release", "--profile", profile, "--home", home.root)
        assert "held for a revision" not in said, "what has nothing takes no line"
    return home


def test_the_stewards_release_stays_in_the_restricted_zone(home: Home) -> None:
    folder = home.restricted / "steward"
    names = sorted(path.name for path in folder.iterdir())
    assert [name.partition(".")[2] for name in names] == ["json", "duckdb", "index"]
    assert names[0] == "manifest.json"
    assert not (home.root / "release").exists() or not (home.root / "release" / "steward").exists()
    if os.name != "nt":
        assert stat.S_IMODE(home.restricted.stat().st_mode) == 0o700
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE((folder / name).stat().st_mode) & 0o077 for name in names} == {0}


def test_it_holds_exact_numbers_small_ones_and_nothing_else(home: Home) -> None:
    release = open_release(home.release("steward"))
    assert release.is_exact
    assert published_count(period="2025", release=release) == PEOPLE
    assert published_count({"gender": "female"}, "2025", release=release) == WOMEN
    march = published_count({"gender": "female", "area": "R11"}, "2025-01", release=release)
    assert march == sum(1 for i in range(PEOPLE) if i % 12 == 0 and i % 4 == 0)
    assert published_count({"gender": "female", "area": "R21"}, "2025", release=release) == 0
    small = release.rows("SELECT count(*) FROM cell_person WHERE value BETWEEN 1 AND 9 AND marker LIKE '%s%'")
    assert small[0][0] > 0


@pytest.mark.command
@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.20", "::", "example.org", ""])
def test_it_is_served_to_this_machine_only(home: Home, host: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ui.app.serve"],
        cwd=PROJECT,
        env={**os.environ, "LTT_RELEASE": str(home.release("steward")), "LTT_HOST": host, "LTT_OPEN": "0"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert "this machine only" in done.stderr
    assert "Next: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_number_asked_of_it_is_written_down(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(["count", "--period", "2025", "--release", str(home.release("steward"))]) == 0
    assert capsys.readouterr().out.strip() == str(PEOPLE)
    log = home.restricted / "access.log"
    assert json.loads(log.read_text("utf-8").splitlines()[-1])["event"] == "screen"
    assert stat.S_IMODE(log.stat().st_mode) & 0o077 == 0


def cells(home: Home, profile: str) -> dict[tuple[object, ...], tuple[int, str]]:
    """Return the cells of a release: everything that names a cell, to its value and marker."""
    release = open_release(home.release(profile))
    names = [name for name in release.columns["cell_person"] if name not in ("value", "marker")]
    rows = release.rows(f"SELECT {', '.join(names)}, value, marker FROM cell_person")
    return {row[:-2]: row[-2:] for row in rows}


def test_partners_see_the_same_noise_and_smaller_numbers(all_three: Home) -> None:
    public, partner = cells(all_three, "public"), cells(all_three, "partner")
    assert len(public) > 50
    assert set(public) < set(partner)
    assert {cell: partner[cell] for cell in public} == public
    only_partners = [value for cell, (value, _) in partner.items() if cell not in public]
    assert set(only_partners) == {8, 9}
    assert min(value for value, _ in public.values()) >= 10


def test_the_exact_number_is_within_five_of_the_published_one(all_three: Home) -> None:
    exact, public = cells(all_three, "steward"), cells(all_three, "public")
    changes = [abs(value - exact[cell][0]) for cell, (value, _) in public.items()]
    assert max(changes) <= 5
    assert any(changes)


def test_only_public_and_partner_lie_where_they_may_be_copied_from(all_three: Home) -> None:
    assert sorted(path.name for path in (all_three.root / "release").iterdir()) == ["partner", "public"]
    for folder in ("public", "partner"):
        manifest = json.loads((all_three.root / "release" / folder / "manifest.json").read_text("utf-8"))
        assert manifest["profile"] == folder


def test_the_steward_revises_nothing(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["release", "--profile", "steward", "--revise", "2025", "--home", str(home.root)]
    assert main(words) == 1
    assert "freezes and revises nothing" in capsys.readouterr().err
