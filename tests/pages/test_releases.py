"""Earlier releases on pages: chosen, said, side by side, withdrawn while somebody reads."""

import re
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis import load_catalog, open_release
from analysis.release.archive import ARCHIVE, read_archive
from etl.config import Home
from etl.release.publishing import swap
from etl.release.withdrawing import withdraw
from tests.example_release import build
from tests.pages.conftest import headlines, said
from ui.view.kept import of_profile

RULES = load_catalog().protection.methods_version
DAYS = ("2025-07-15", "2025-10-15", "2026-01-15")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose public release is the third of three, of other people each time."""
    home = Home(tmp_path_factory.mktemp("published"))
    for seed, day in enumerate(DAYS):
        build(home.release("public"), persons=900, seed=seed, as_of=day)
        swap.archive_kept(home.release("public"))
    build(home.release("partner"), persons=900, seed=2, as_of=DAYS[-1], profile="partner", threshold=8)
    swap.archive_kept(home.release("partner"))
    return home.root


@pytest.fixture
def home(published: Path, tmp_path: Path) -> Home:
    return Home(shutil.copytree(published, tmp_path / "home"))


def ids(home: Home) -> list[str]:
    return [one.release_id for one in read_archive(home.release("public")).offered]


def shown(app: AppTest) -> str:
    """Return the id in the footer of a page."""
    found = re.search(r"Release ([0-9a-f]{12}) ·", said(app))
    assert found is not None
    return found[1]


def test_the_address_names_a_release_and_the_page_says_so(open_page, home: Home) -> None:
    newest, middle, oldest = ids(home)
    app = open_page("trends", release_folder=home.release("public"))
    assert shown(app) == newest and "An earlier release" not in said(app)
    picker = app.selectbox(key="pick_release")
    assert picker.label == "Figures as of" and picker.value == newest
    assert [one.split(",")[0] for one in picker.options] == [
        "15 January 2026",
        "15 October 2025",
        "15 July 2025",
    ]
    picker.select(oldest).run()
    assert shown(app) == oldest
    assert "An earlier release:" in said(app) and "figures as of 15 July 2025" in said(app)
    assert app.query_params["release"] in (oldest, [oldest])
    links = re.findall(r'href="([^"]*)"', said(app))
    assert any(f"release={oldest}" in link for link in links if "methods" in link)
    app.button(key="read_newest").click().run()
    assert shown(app) == newest and "An earlier release" not in said(app)
    pinned = open_page("overview", release_folder=home.release("public"), release=middle)
    assert shown(pinned) == middle


def test_one_release_alone_has_no_picker(open_page, folder: Path) -> None:
    app = open_page("trends")
    assert "pick_release" not in {box.key for box in app.selectbox}
    assert "One release can be read so far" in said(open_page("releases"))


def test_a_card_in_a_frame_keeps_to_its_release_and_shows_no_other_in_its_place(
    open_page, home: Home
) -> None:
    newest, _, oldest = ids(home)
    card = {"embed": "card", "card": "trend", "release_folder": home.release("public")}
    assert "As of 15 January 2026" in said(open_page("trends", **card))
    fixed = said(open_page("trends", release=oldest, **card))
    assert "As of 15 July 2025" in fixed and f"release={oldest}" in fixed
    withdraw(home, oldest)
    gone = said(open_page("trends", release=oldest, **card))
    assert "was withdrawn" in gone and "As of" not in gone and "<h1" not in gone
    assert "As of" not in said(open_page("trends", release="<script>alert(1)</script>", **card))
    assert newest not in gone


@pytest.mark.parametrize(
    "asked",
    ["000000000000", "../../restricted/secret", "<script>alert(1)</script>", "newest", "1' OR '1'='1"],
)
def test_what_is_no_release_is_told_and_the_newest_shown(open_page, home: Home, asked: str) -> None:
    app = open_page("overview", release_folder=home.release("public"), release=asked)
    assert any("There is no release" in one.value and "The newest" in one.value for one in app.warning)
    assert shown(app) == ids(home)[0]
    assert "<script>alert" not in said(app)


def test_damaged_older_and_other_roles_releases_are_told_and_the_newest_shown(open_page, home: Home) -> None:
    newest, middle, oldest = ids(home)
    folder = home.release("public")
    (folder / ARCHIVE / f"release-{middle}.duckdb").unlink()
    (folder / ARCHIVE / f"release-{middle}.duckdb").write_bytes(b"damaged")
    entry = folder / ARCHIVE / f"{oldest}.json"
    entry.write_text(entry.read_text("utf-8").replace(f'"rules": {RULES}', f'"rules": {RULES - 1}'), "utf-8")
    [partner] = read_archive(home.release("partner")).offered
    for asked, words in (
        (middle, "damaged"),
        (oldest, "earlier rules of protection"),
        (partner.release_id, "There is no release"),
    ):
        app = open_page("overview", release_folder=folder, release=asked)
        assert any(words in one.value for one in app.warning), [one.value for one in app.warning]
        assert shown(app) == newest


def test_two_releases_stand_side_by_side_and_only_clear_differences_are_called_so(
    open_page, home: Home
) -> None:
    oldest = ids(home)[-1]
    app = open_page("releases", release_folder=home.release("public"), against=oldest)
    said_of = headlines(app)
    assert said_of["offered"].startswith("Three releases can be read, the first as of 15 July 2025")
    assert re.match(r"People identified: \d+ of \d+ figures are others, ", said_of["beside"])
    text = said(app)
    assert "As of 15 July 2025" in text and "As of 15 January 2026" in text and "As of 15 October" not in text
    rows = re.findall(r"<tr>(.*?)</tr>", text, re.DOTALL)
    marked = [row for row in rows if "revised" in row]
    assert marked and all("clear" in row or "not shown" in row for row in marked)


def test_a_release_withdrawn_while_it_is_read_shows_nothing_more(open_page, home: Home) -> None:
    newest, middle, _ = ids(home)
    folder = home.release("public")
    reading = open_page("overview", release_folder=folder)
    pinned = open_page("overview", release_folder=folder, release=middle)
    old = open_release(folder)
    assert shown(reading) == newest and shown(pinned) == middle
    withdraw(home, newest)
    withdraw(home, middle)
    for app in (reading, pinned):
        app.run()
        assert shown(app) == ids(home)[0]
        assert any("withdrawn" in one.value for one in app.warning)
    with pytest.raises(Exception, match="withdrawn"):
        of_profile("public").answer(old, [])
    assert newest not in said(open_page("releases", release_folder=folder))


def test_a_card_that_is_drawn_by_itself_starts_the_page_again(open_page, home: Home) -> None:
    newest = ids(home)[0]
    app = open_page("trends", release_folder=home.release("public"))
    assert shown(app) == newest
    withdraw(home, newest)
    app.button(key="trend_table").click().run()
    assert shown(app) == ids(home)[0] != newest
