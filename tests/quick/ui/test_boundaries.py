"""Boundaries as an address: any process answers from the release alone, and nobody whom it is not for."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from analysis import open_release
from tests.release_states import make
from tests.support import awaited
from ui.app import boundaries, desk, session
from ui.app.api.callers import Callers
from ui.app.sign_in.visitor import ANYBODY, PARTNER, Visitor
from ui.app.web.addresses import OpenAddresses
from ui.maps import boundary_route
from ui.maps.atlas import atlas_of

PAT = Visitor(PARTNER, "pat@partner.example")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    place = tmp_path_factory.mktemp("boundaries")
    return {state: make(state, place / state) for state in ("example", "partner", "steward")}


class Server:
    """A process that has drawn nothing, with what stands before the route."""

    def __init__(self) -> None:
        boundary_route._kept.clear()
        before = [Middleware(desk.KeepersDesk), Middleware(OpenAddresses)]
        self.app = Starlette(routes=boundaries.routes(None), middleware=before)

    def get(self, path: str, **headers: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await client.get(path, headers=headers)

        found: httpx.Response = awaited(ask())
        return found


@pytest.fixture
def server(folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(boundary_route, "_mounted", [])
    monkeypatch.setenv("LTT_RELEASE", str(folders["example"]))
    yield Server()
    boundary_route._kept.clear()


@pytest.fixture
def asks_as(folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that says who asks, in a deployment that has partner figures too."""
    monkeypatch.setattr(session, "settings", lambda: SimpleNamespace(release=folders["partner"]))

    def become(visitor: Visitor) -> None:
        async def found(_self: Callers, _scope: Any) -> Visitor:
            return visitor

        monkeypatch.setattr(Callers, "visitor_of", found)

    return become


def address_in(folder: Path, level: int = 2) -> str:
    release = open_release(folder)
    atlas = atlas_of(release, "example")
    assert atlas is not None
    found = boundary_route.address(atlas, level, [release.release_id])
    assert found is not None
    return found


def test_a_process_that_has_drawn_nothing_answers_from_the_release(server: Server, folders) -> None:
    path = address_in(folders["example"])
    answer = server.get(path)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    features = answer.json()["features"]
    atlas = atlas_of(open_release(folders["example"]), "example")
    assert atlas is not None and [one["id"] for one in features] == list(atlas.at(2))
    assert all(one["properties"] == {} for one in features), "shapes and codes, nothing else"
    plain = server.get(path, **{"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers and plain.json()["features"] == features
    assert server.get(path, **{"if-none-match": answer.headers["etag"]}).status_code == 304
    assert gzip.decompress(next(iter(boundary_route._kept.values()))) == plain.content


def test_another_release_of_the_same_place_is_another_address(server: Server, folders) -> None:
    mine, theirs = address_in(folders["example"]), address_in(folders["partner"])
    assert mine != theirs
    assert server.get(mine).status_code == 200
    refused = server.get(theirs)
    assert refused.status_code == 404 and refused.headers["cache-control"] == "no-store"


def test_what_is_the_partners_is_found_by_them_alone_and_kept_by_nobody_else(
    server: Server, asks_as, folders
) -> None:
    path = address_in(folders["partner"])
    asks_as(ANYBODY)
    assert server.get(path).text == server.get(path.replace(path[12:24], "0" * 12)).text == "not found\n"
    asks_as(PAT)
    found = server.get(path)
    assert found.status_code == 200 and "private" in found.headers["cache-control"]
    assert {"Authorization", "Cookie"} <= set(found.headers["vary"].split(", "))
    assert server.get(address_in(folders["example"])).headers["cache-control"].startswith("public")
    asks_as(ANYBODY)  # it has been made by now, and lies in memory
    again = server.get(path, **{"if-none-match": found.headers["etag"]})
    assert again.status_code == 404 and "etag" not in again.headers


def test_those_of_exact_numbers_open_at_the_keepers_desk_alone(
    server: Server, folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LTT_RELEASE", str(folders["steward"]))
    path = address_in(folders["steward"])
    assert server.get(path).status_code == 403
    monkeypatch.setenv("LTT_DESK_TOKEN", "the key")
    name, value = desk.cookie_of("the key")
    found = server.get(path, cookie=f"{name}={value}")
    assert found.status_code == 200 and "private" in found.headers["cache-control"]
    monkeypatch.setenv("LTT_RELEASE", str(folders["example"]))
    monkeypatch.delenv("LTT_DESK_TOKEN")
    assert server.get(path).status_code == 404, "another server of another release"


ID = "0123456789ab"


@pytest.mark.parametrize(
    "rest",
    [
        *("", "/", "/nothing.json", f"/{ID}", f"/{ID}/example/2", f"/{ID}/example/10.json", "/x" * 3_000),
        *("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/%00/example/2.json", f"/{ID}/../2.json"),
        *(
            f"/{ID.upper()}/example/2.json",
            f"/{ID}/example/-1.json",
            f"/{ID}/example/\N{FULLWIDTH DIGIT TWO}.json",
        ),
        *(f"/{ID}/example/2.json%0a", f"/{ID}/exam%2fple/2.json", f"/{ID}/' OR 1=1 --/2.json"),
    ],
)
def test_forged_addresses_are_not_found(server: Server, folders, rest: str) -> None:
    here = open_release(folders["example"]).release_id
    for path in {rest, rest.replace(ID, here)}:
        answer = server.get(f"{boundary_route.PATH}{path}")
        assert answer.status_code == 404
        assert "root" not in answer.text and "Traceback" not in answer.text


def test_a_level_or_a_geography_that_is_not_there_is_not_found(server: Server, folders) -> None:
    path = address_in(folders["example"])
    assert server.get(path.replace("/2.json", "/7.json")).status_code == 404
    assert server.get(path.replace("/example/", "/elsewhere/")).status_code == 404


def test_whoever_asks_too_often_waits(server: Server, folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LTT_API_RATE", "2")
    hasty, path = Server(), address_in(folders["example"])
    assert [hasty.get(path).status_code for _ in range(3)] == [200, 200, 429]
    assert int(hasty.get(path).headers["retry-after"]) > 0


def test_a_release_that_is_offered_no_more_travels_in_the_figure(server: Server, folders) -> None:
    atlas = atlas_of(open_release(folders["example"]), "example")
    assert atlas is not None
    assert boundary_route.address(atlas, 2, []) is None
    assert len(json.loads(atlas.geojson_text(2))["features"]) == 12
