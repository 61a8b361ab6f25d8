"""The feed, the text on what is new: for each role its own releases, and no withdrawn one."""

import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import httpx
import pytest
from starlette.applications import Starlette

from analysis import open_release
from analysis.errors import ReleaseMissing
from analysis.exports import export_context
from analysis.exports.notices.feed import ATOM, DELETED
from analysis.release.archive import read_archive
from analysis.release.catalog_of_release import catalog_for
from etl.cli import main
from etl.config import Home
from etl.release.publishing import swap
from etl.release.withdrawing import withdraw
from tests import release_states
from tests.asking import asking
from tests.example_release import build
from tests.support import awaited
from ui.app import published


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = Home(tmp_path_factory.mktemp("published"))
    for seed, day in enumerate(("2025-10-15", "2026-01-15")):
        build(home.release("public"), persons=700, seed=seed, as_of=day)
        swap.archive_kept(home.release("public"))
    return home.root


@pytest.fixture
def home(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    found = Home(shutil.copytree(made, tmp_path / "home"))
    monkeypatch.setenv("LTT_RELEASE", str(found.release("public")))
    return found


class Client:
    """Asks the two addresses in this process."""

    def __init__(self) -> None:
        self.app = Starlette(routes=published.routes(None))

    def get(self, path: str, **given: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await client.get(path, **given)

        found: httpx.Response = awaited(ask())
        return found


@pytest.fixture
def client(home: Home) -> Client:
    return Client()


def ids(home: Home) -> list[str]:
    return [one.release_id for one in read_archive(home.release("public")).offered]


def entries(client: Client) -> list[str]:
    root = Xml.fromstring(client.get("/feed.atom").content)
    return [str(one.findtext(f"{{{ATOM}}}id")).rpartition(":")[2] for one in root.iter(f"{{{ATOM}}}entry")]


def test_the_feed_names_what_is_offered_and_what_was_withdrawn(client: Client, home: Home) -> None:
    newest, before = ids(home)
    answer = client.get("/feed.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert entries(client) == [newest, before]
    assert client.get("/feed.atom", headers={"if-none-match": answer.headers["etag"]}).status_code == 304
    root = Xml.fromstring(answer.content)
    for name in ("title", "id", "updated", "author"):  # what RFC 4287 wants of a feed
        assert root.find(f"{{{ATOM}}}{name}") is not None, name
    withdraw(home, newest)
    assert entries(client) == [before]
    gone = Xml.fromstring(client.get("/feed.atom").content).find(f"{{{DELETED}}}deleted-entry")
    assert gone is not None and gone.attrib["ref"].endswith(newest)


def test_the_text_is_plain_or_a_page_and_follows_a_withdrawal(client: Client, home: Home) -> None:
    newest, before = ids(home)
    text = client.get("/changes", params={"format": "text"})
    assert text.headers["content-type"].startswith("text/plain")
    assert "those before were as of 15 October\n2025" in text.text
    assert max(map(len, text.text.splitlines())) <= 76
    page = client.get("/changes", params={"release": newest}).text
    assert "<script" not in page and "src=" not in page and f"Release {newest}" in page
    withdraw(home, before)
    assert "No earlier release is offered" in client.get("/changes").text
    refused = client.get("/changes", params={"release": before})
    assert refused.status_code == 404 and "was withdrawn on" in refused.text


def test_another_estimate_of_people_on_no_list_is_told_in_feed_and_text(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = []
    for number in (1_600, 1_900):
        one = release_states.changed(
            made / "release" / "public",
            tmp_path / str(number),
            release_states.estimate(number, 1_500, 2_100),
            as_of="2026-01-15",
        )
        places.append(one)
    folder = tmp_path / "home" / "release" / "public"
    for place in places:
        shutil.copytree(place, folder, dirs_exist_ok=True)
        swap.archive_kept(folder)
    monkeypatch.setenv("LTT_RELEASE", str(folder))
    words = "About 1,900 (1,500–2,100) people could have been listed in 2016–2024"
    text = Client().get("/changes", params={"format": "text"}).text
    assert "People on no list\n-----------------\n- The estimate of people on no list was revised." in text
    assert words in " ".join(text.split())
    root = Xml.fromstring(Client().get("/feed.atom").content)
    newest, before = [str(one.findtext(f"{{{ATOM}}}summary")) for one in root.iter(f"{{{ATOM}}}entry")]
    assert words in newest and "do not" not in newest and "people on no list" not in before


@pytest.mark.parametrize("asked", ["0" * 12, "../secret", "<script>", "%00"])
def test_what_is_no_release_is_not_found(client: Client, asked: str) -> None:
    refused = client.get("/changes", params={"release": asked})
    assert refused.status_code == 404
    assert "There is no release" in refused.text and "<script>" not in refused.text


def test_what_was_withdrawn_is_gone_everywhere_at_once_and_is_said(
    client: Client, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last release as well: an id is told to be withdrawn, and the feed says so to who subscribed."""
    [gone, before] = ids(home)
    opened = open_release(home.release("public"))
    day = read_archive(home.release("public")).offered[0].day
    assert export_context(opened, catalog_for(opened)).published == str(day), "citations name it"
    withdraw(home, before)
    assert main(["withdraw", gone, "--home", str(home.root)]) == 0
    told = capsys.readouterr().out
    assert "Correct what was wrong first" in told and "Next: python -m etl release" not in told
    feed = client.get("/feed.atom")
    root = Xml.fromstring(feed.content)
    assert feed.status_code == 200 and not root.findall(f"{{{ATOM}}}entry")
    assert len(root.findall(f"{{{DELETED}}}deleted-entry")) == 2
    assert client.get("/changes").status_code == 503
    with asking(home.release("public")) as ask:
        for release_id in (gone, before):
            assert "was withdrawn" in client.get("/changes", params={"release": release_id}).text
            found = ask(f"/answers?measure=detected_persons&release={release_id}")
            assert found.status_code == 404 and "was withdrawn" in found.json()["detail"]
        assert ask("/catalog?release=0123456789ab").status_code == 404
        unasked = ask("/answers?measure=detected_persons")
        assert unasked.status_code == 503 and "withdrawn" in unasked.json()["detail"]
        assert ask("/releases").json() == {"releases": []}
    with pytest.raises(ReleaseMissing) as raised:
        open_release(home.release("public"))
    assert "python -m etl build" not in raised.value.next_step


def test_a_server_without_figures_says_so(client: Client, home: Home) -> None:
    shutil.rmtree(home.release("public"))
    assert client.get("/feed.atom").status_code == 503
    assert client.get("/changes").status_code == 503


def test_programs_read_what_is_offered_and_nothing_withdrawn(home: Home) -> None:
    newest, before = ids(home)
    with asking(home.release("public")) as ask:
        listed = ask("/releases").json()["releases"]
        assert [(one["id"], one["newest"]) for one in listed] == [(newest, True), (before, False)]
        figures = "/answers?measure=detected_persons&by=period"
        now, then = ask(figures), ask(f"{figures}&release={before}")
        assert now.json() != then.json()
        assert f"release={before}" in then.json()["permalink"]
        assert ask(f"{figures}&release=000000000000").status_code == 404
        assert ask(f"{figures}&release=../x").status_code == 400
        withdraw(home, before)
        refused = ask(f"{figures}&release={before}", headers={"if-none-match": then.headers["etag"]})
        assert refused.status_code == 404 and "was withdrawn" in refused.json()["detail"]
        assert [one["id"] for one in ask("/releases").json()["releases"]] == [newest]
