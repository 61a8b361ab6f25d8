"""What was published when: what is kept and offered, what is withdrawn, and what comes back of it."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from analysis import Catalog, open_release
from analysis.errors import ReleaseError, ReleaseMissing, ReleaseNotOffered
from analysis.release.archive import ARCHIVE, is_withdrawn, mark_of, read_archive
from analysis.release.release_file import MOST_EARLIER, open_published
from etl.cli import main
from etl.config import Home
from etl.errors import EtlError
from etl.release import publish
from etl.release.publishing import swap
from etl.release.withdrawing import FOLDER, withdraw
from etl.store import keeping, released
from tests.asking import asking
from tests.release.support import Mart, home_with, made_up_people

pytestmark = pytest.mark.usefixtures("catalog")

PEOPLE = made_up_people(500, "2023-01", "2024-03", seed=31)
MONTHS = ("2023-12", "2024-01", "2024-02", "2024-03")
DAYS = ("2023-12-31", "2024-01-31", "2024-02-29", "2024-03-31")


def until(month: str, day: str, *, is_synthetic: bool = False, people: list = PEOPLE) -> Mart:
    there = [person for person in people if f"{person.month:%Y-%m}" <= month]
    return Mart(there, as_of=day, reported=("2023-01", month), is_synthetic=is_synthetic)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> Path:
    """A home that published four times, and for partners at the end."""
    folder = tmp_path_factory.mktemp("published")
    for month, day in zip(MONTHS, DAYS, strict=True):
        publish(home_with(folder, until(month, day)), "public")
    publish(Home(folder), "partner")
    return folder


@pytest.fixture
def home(published: Path, tmp_path: Path) -> Home:
    return Home(shutil.copytree(published, tmp_path / "home"))


def ids(home: Home, profile: str = "public") -> list[str]:
    return [one.release_id for one in read_archive(home.release(profile)).offered]


def newest(home: Home) -> str:
    return str(open_release(home.release("public")).release_id)


def test_every_release_is_kept_in_its_order_as_a_link_and_can_be_read(home: Home, published: Path) -> None:
    folder = home.release("public")
    offered = read_archive(folder).offered
    assert [str(one.as_of) for one in offered] == list(reversed(DAYS))
    assert [one.number for one in offered] == [4, 3, 2, 1]
    assert [one.is_newest for one in offered] == [True, False, False, False]
    for one in offered:
        release = open_published(one.release_id, folder)
        assert (release.release_id, release.as_of) == (one.release_id, one.as_of)
        assert release.rows("SELECT max(period) FROM cell_person WHERE period_level = 'month'") == [
            (f"{one.as_of:%Y-%m}",)
        ]
    first = read_archive(published / "release" / "public").offered[0]
    assert (published / "release" / "public" / ARCHIVE / first.file.name).samefile(first.file)
    assert [str(one.as_of) for one in read_archive(home.release("partner")).offered] == [DAYS[-1]]


def test_the_archive_holds_more_than_cleaning_leaves_and_few_are_open(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swap, "KEEP", 2)
    folder = home.release("public")
    publish(home, "public")
    assert len(list(folder.glob("release-*.duckdb"))) == len(list(folder.glob("release-*.index"))) == 2
    assert len(ids(home)) == len(list((folder / ARCHIVE).glob("release-*.index"))) == 4
    assert len(ids(home)) <= MOST_EARLIER, "else this test opens more than are kept open"
    for release_id in ids(home):
        assert open_published(release_id, folder) is open_published(release_id, folder)


def test_releases_that_were_made_before_there_was_an_archive_are_taken_in(home: Home) -> None:
    folder = home.release("public")
    before = ids(home)
    shutil.rmtree(folder / ARCHIVE)
    assert ids(home) == before[:1]
    swap.archive_kept(folder)
    assert ids(home) == before


@pytest.mark.parametrize(
    "asked", ["0123456789ab", "", "../../restricted", "..", "manifest", "withdrawn-x", "A" * 5000, "%00", "é"]
)
def test_what_is_no_release_is_told(home: Home, asked: str) -> None:
    with pytest.raises(ReleaseNotOffered, match="There is no release"):
        open_published(asked, home.release("public"))


def test_a_release_of_another_role_reads_as_one_that_never_was(home: Home) -> None:
    [partner] = ids(home, "partner")
    with pytest.raises(ReleaseNotOffered, match="There is no release"):
        open_published(partner, home.release("public"))
    for path in (home.release("partner") / ARCHIVE).iterdir():  # and where its files are put there
        shutil.copy(path, home.release("public") / ARCHIVE)
    assert partner not in ids(home)
    with pytest.raises(ReleaseNotOffered, match="There is no release"):
        open_published(partner, home.release("public"))


def test_releases_under_earlier_rules_are_not_offered_whatever_the_archive_says(home: Home) -> None:
    folder = home.release("public")
    older, oldest = ids(home)[2:]
    entry = folder / ARCHIVE / f"{older}.json"
    entry.write_text(json.dumps({**json.loads(entry.read_text("utf-8")), "rules": 2}), "utf-8")
    assert ids(home) == [*ids(home)[:2], oldest]
    with pytest.raises(ReleaseNotOffered, match="earlier rules of protection"):
        open_published(older, folder)
    # A file that says so itself, under the name of another: the hash is what the archive's file says.
    forged = folder / ARCHIVE / f"release-{oldest}.duckdb"
    forged.unlink()
    shutil.copy(folder / ARCHIVE / f"release-{older}.duckdb", forged)
    with pytest.raises(ReleaseMissing, match="damaged"):
        open_published(oldest, folder)


def test_a_damaged_archive_offers_what_is_whole(home: Home) -> None:
    folder = home.release("public")
    second, third, fourth = ids(home)[1:]
    (folder / ARCHIVE / f"{second}.json").write_text("{", "utf-8")
    (folder / ARCHIVE / f"release-{third}.duckdb").unlink()
    (folder / ARCHIVE / "000000000000.json").write_text(
        (folder / ARCHIVE / f"{fourth}.json").read_text("utf-8"), "utf-8"
    )
    assert ids(home) == [newest(home), fourth]
    faults = {one.what.rpartition("/")[2]: one.fault for one in keeping.verify(home) if one.fault}
    assert set(faults) == {f"{second}.json", f"release-{third}.duckdb", "000000000000.json"}
    for name in (second, "000000000000"):
        (folder / ARCHIVE / f"{name}.json").unlink()
    swap.archive_kept(folder)
    assert len(ids(home)) == 4, "what is still kept beside is put back"


def test_made_up_people_who_are_others_leave_no_archive_behind(tmp_path: Path, catalog: Catalog) -> None:
    home, (first, second) = Home(tmp_path / "home"), zip(MONTHS[:2], DAYS[:2], strict=True)
    publish(home_with(home.root, until(*first, is_synthetic=True)), "public")
    others = made_up_people(500, "2023-01", "2024-03", seed=32)
    home.frozen(is_synthetic=True).unlink()
    publish(home_with(home.root, until(*second, is_synthetic=True, people=others)), "public")
    assert len(ids(home)) == 1
    swap.archive_kept(home.release("public"))
    assert len(ids(home)) == 1


# --- withdrawn ---


def test_the_newest_withdrawn_gives_way_to_the_one_before_it_at_once(home: Home) -> None:
    folder = home.release("public")
    [gone, before, *rest] = ids(home)
    reading = open_release(folder)
    assert main(["withdraw", gone, "--home", str(home.root)]) == 0
    assert ids(home) == [before, *rest]
    assert newest(home) == before
    with pytest.raises(ReleaseNotOffered, match="withdrawn"):  # what an open page holds
        reading.rows("SELECT 1")
    with pytest.raises(ReleaseNotOffered, match="withdrawn"):
        reading.table("source")
    with pytest.raises(ReleaseNotOffered, match="was withdrawn on"):
        open_published(gone, folder)
    assert not list(home.root.glob(f"release/**/release-{gone}.*"))
    assert (home.restricted / FOLDER / f"release-{gone}.duckdb").stat().st_mode & 0o777 == 0o600
    assert json.loads((folder / "manifest.json").read_text("utf-8"))["release_id"] == before
    assert all(not one.fault for one in keeping.verify(home))


def test_programs_read_every_release_that_is_offered_and_none_that_is_withdrawn(home: Home) -> None:
    with asking(home.release("public")) as ask:
        offered = [one["id"] for one in ask("/releases").json()["releases"]]
        assert offered == ids(home)
        [gone, before, *_, first] = offered
        for release_id in offered:
            found = ask(f"/catalog?release={release_id}")
            assert found.json().get("release_id") == release_id, found.text
        assert ask("/catalog").json()["release_id"] == gone
        [partner] = ids(home, "partner")
        withdraw(home, first)
        for refused in (first, partner, "0123456789ab"):
            found = ask(f"/answers?measure=detected_persons&release={refused}")
            assert found.status_code == 404 and found.json()["title"]
        withdraw(home, gone)
        assert ask("/catalog").json()["release_id"] == before
        assert ask(f"/catalog?release={gone}").status_code == 404
        assert {one["id"] for one in ask("/releases").json()["releases"]} == set(offered) - {first, gone}


def test_a_copy_of_a_withdrawn_release_that_comes_back_is_not_offered(
    home: Home, published: Path, tmp_path: Path
) -> None:
    [gone, before, *_] = ids(home)
    keeping.back_up(home, tmp_path / "copy")
    withdraw(home, gone)
    shutil.copytree(published / "release", home.root / "release", dirs_exist_ok=True)
    assert (home.release("public") / f"release-{gone}.duckdb").exists()
    assert gone not in ids(home) and newest(home) == before
    keeping.restore(home, tmp_path / "copy", replace=True)
    assert gone not in ids(home) and newest(home) == before
    known = released.stored(home.released(is_synthetic=False))
    assert known is not None and gone in known.withdrawn


def test_a_withdrawn_release_is_not_made_again(home: Home) -> None:
    gone = newest(home)
    withdraw(home, gone)
    with pytest.raises(EtlError, match=f"would make the release {gone} again") as raised:
        publish(home, "public")
    assert "--revise YEAR" in raised.value.next_step
    # Also where the whole folder of releases is thrown away.
    shutil.rmtree(home.release("public"))
    with pytest.raises(EtlError, match="again"):
        publish(home, "public")
    assert is_withdrawn(home.release("public"), gone)


def test_the_next_release_goes_on_after_one_was_withdrawn(published: Path, tmp_path: Path) -> None:
    home = Home(shutil.copytree(published, tmp_path / "home"))
    [gone, before, *_] = ids(home)
    withdraw(home, gone)
    later = made_up_people(60, "2024-04", "2024-04", seed=33)
    mart = Mart(PEOPLE + later, as_of="2024-04-30", reported=("2023-01", "2024-04"))
    report = publish(home_with(home.root, mart), "public")
    assert ids(home)[:2] == [report.release_id, before]


def test_when_all_are_withdrawn_nothing_is_shown_and_it_is_said(home: Home) -> None:
    for release_id in ids(home):
        withdraw(home, release_id)
    with pytest.raises(ReleaseMissing, match=r"was withdrawn on .* no earlier one is offered"):
        open_release(home.release("public"))


def test_a_run_that_ended_half_way_is_finished_by_the_next(home: Home) -> None:
    [gone, before, *_] = ids(home)
    mark_of(home.release("public"), gone).write_text("{", "utf-8")  # the mark alone
    assert newest(home) == before
    done = withdraw(home, gone)
    assert done.newest == before
    assert not list(home.root.glob(f"release/**/release-{gone}.*"))


@pytest.mark.parametrize("asked", ["0123456789ab", "../x", "newest", "steward"])
def test_what_is_no_release_cannot_be_withdrawn(
    home: Home, capsys: pytest.CaptureFixture[str], asked: str
) -> None:
    before = ids(home)
    assert main(["withdraw", asked, "--home", str(home.root)]) == 1
    told = capsys.readouterr().err
    assert "There is no release" in told and before[0] in told
    assert ids(home) == before


def test_a_copy_instead_of_a_link_where_a_disk_has_none(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_given: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr("etl.release.publishing.archive.os.link", refused)
    shutil.rmtree(home.release("public") / ARCHIVE)
    swap.archive_kept(home.release("public"))
    assert len(ids(home)) == 4
    for release_id in ids(home):
        with duckdb.connect(
            str(home.release("public") / ARCHIVE / f"release-{release_id}.duckdb"), read_only=True
        ) as connection:
            assert connection.execute("SELECT count(*) FROM info").fetchall() != [(0,)]


def test_an_archive_that_cannot_be_read_says_so_without_a_path(home: Home) -> None:
    with pytest.raises(ReleaseError) as raised:
        read_archive(home.root / "nowhere")
    assert str(home.root) not in str(raised.value)
