"""Boundaries for the screen: equal area, shared borders, far parts brought near, sent once."""

import json

import numpy as np
import pytest
import shapely

from analysis import Release, open_release
from analysis.release.places import Area, Geography
from tests.example_release import build
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


def test_without_a_server_of_ours_boundaries_travel_in_the_figure(release, monkeypatch) -> None:
    monkeypatch.setattr(boundary_route, "_mounted", [])
    atlas = atlas_of(release, "example")
    assert atlas is not None
    assert boundary_route.address(atlas, 2, [release.release_id]) is None
    assert len(json.loads(atlas.geojson_text(2))["features"]) == 12
