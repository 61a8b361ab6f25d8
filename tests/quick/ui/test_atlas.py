"""Boundaries for the screen: equal area, shared borders, far parts brought near, sent once."""

import gzip
import json
from collections.abc import Callable

import numpy as np
import pytest
import shapely
from starlette.applications import Starlette

from analysis import Release, open_release
from analysis.release.places import Area, Geography
from tests.example_release import build
from tests.support import awaited
from ui.maps import boundary_route, insets
from ui.maps.atlas import EXTENT, atlas_of


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return open_release(build(tmp_path_factory.mktemp("atlas") / "public"))


def test_the_whole_fills_the_screen_around_the_middle(release) -> None:
    atlas = atlas_of(release, "example")
    assert atlas is not None
    west, south, east, north = atlas.box(atlas.at(2))
    assert max(east - west, north - south) == pytest.approx(EXTENT, rel=1e-3)
    assert (west + east) / 2 == pytest.approx(0, abs=0.01)
    assert (south + north) / 2 == pytest.approx(0, abs=0.01)


def test_equal_areas_are_equal_on_the_screen(release) -> None:
    atlas = atlas_of(release, "example")
    assert atlas is not None
    # The example's districts are boxes of equal degrees: their true areas differ by the cosine only.
    sizes = np.array([atlas.shapes[code].area for code in atlas.at(2)])
    true = np.array([np.cos(np.radians(0.3 if n < 6 else 0.9)) for n in range(12)])
    assert sizes / sizes[0] == pytest.approx(true / true[0], rel=2e-3)


def test_neighbours_still_share_their_borders(release) -> None:
    atlas = atlas_of(release, "example")
    assert atlas is not None
    whole = shapely.union_all([atlas.shapes[code] for code in atlas.at(2)])
    assert whole.area == pytest.approx(sum(atlas.shapes[code].area for code in atlas.at(2)), rel=1e-6)
    assert whole.geom_type == "Polygon"


def test_a_geography_without_shapes_has_no_atlas(release) -> None:
    assert atlas_of(release, "us") is None
    assert atlas_of(release, "nowhere") is None


def far_away() -> tuple[dict, Geography]:
    """Six states in a row, one far beyond the sea with a county inside it."""
    areas = [Area("N", "Nation", 0, "nation", None, False)]
    areas += [Area(f"S{n}", f"State {n}", 1, "state", "N", False) for n in range(6)]
    areas += [Area("F", "Far", 1, "state", "N", False), Area("F1", "Inside", 2, "county", "F", False)]
    shapes = {f"S{n}": shapely.box(n, 0, n + 1, 2) for n in range(6)}
    shapes |= {"F": shapely.box(40, 0, 44, 4), "F1": shapely.box(40, 0, 41, 1)}
    shapes["N"] = shapely.union_all(list(shapes.values()))
    return shapes, Geography("test", areas)


def test_a_far_state_is_drawn_below_with_what_lies_in_it() -> None:
    shapes, places = far_away()
    drawn, moved = insets.bring_near(shapes, places)
    assert moved == ("F",)
    assert "N" not in drawn, "the outline of the whole would be wrong"
    assert drawn["F"].bounds[3] < 0, "below the others"
    assert drawn["F"].bounds[0] >= 0
    assert drawn["F"].covers(drawn["F1"])
    assert drawn["F1"].area / drawn["F"].area == pytest.approx(1 / 16)
    assert drawn["S3"].equals(shapes["S3"])


def test_nothing_moves_where_nothing_is_far() -> None:
    shapes, places = far_away()
    near = {code: shape for code, shape in shapes.items() if not code.startswith("F")}
    assert insets.bring_near(near, places) == (near, ())


Reply = tuple[int, dict[str, str], bytes]
Get = Callable[..., Reply]


@pytest.fixture
def get(monkeypatch: pytest.MonkeyPatch) -> Get:
    """Return a function that asks the mounted routes for a path."""
    monkeypatch.setattr(boundary_route, "_mounted", [])
    app = Starlette(routes=boundary_route.routes())

    def ask(path: str, encoding: str = "gzip") -> Reply:
        sent: list[dict] = []
        scope = {
            **{"type": "http", "http_version": "1.1", "method": "GET", "query_string": b"", "root_path": ""},
            **{"path": path, "raw_path": path.encode(), "headers": [(b"accept-encoding", encoding.encode())]},
        }

        async def receive() -> dict:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict) -> None:
            sent.append(message)

        awaited(app(scope, receive, send))
        headers = {key.decode(): value.decode() for key, value in sent[0]["headers"]}
        return sent[0]["status"], headers, b"".join(one.get("body", b"") for one in sent[1:])

    return ask


def test_boundaries_are_served_by_name_and_kept_by_the_browser(release, get) -> None:
    atlas = atlas_of(release, "example")
    assert atlas is not None
    address = boundary_route.address(atlas, 2)
    assert address is not None
    assert release.release_id in address, "another release is another address"
    status, headers, packed = get(address)
    assert status == 200
    assert "immutable" in headers["cache-control"]
    assert headers["content-encoding"] == "gzip"
    features = json.loads(gzip.decompress(packed))["features"]
    assert [one["id"] for one in features] == list(atlas.at(2))
    assert all(one["properties"] == {} for one in features), "shapes and codes, nothing else"
    _, plain_headers, plain = get(address, encoding="identity")
    assert "content-encoding" not in plain_headers
    assert plain == gzip.decompress(packed)


@pytest.mark.parametrize("name", ["nothing.json", "../../etc/passwd", "\0", "x" * 5_000])
def test_other_names_are_not_found(get, name) -> None:
    status, _, body = get(f"{boundary_route.PATH}/{name}")
    assert status == 404
    assert b"root" not in body


def test_without_a_server_of_ours_boundaries_travel_in_the_figure(release, monkeypatch) -> None:
    monkeypatch.setattr(boundary_route, "_mounted", [])
    atlas = atlas_of(release, "example")
    assert atlas is not None
    assert boundary_route.address(atlas, 2) is None
    assert len(json.loads(atlas.geojson_text(2))["features"]) == 12
