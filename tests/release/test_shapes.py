"""Outlines for the screen: light, valid, and neighbours still share their border."""

import numpy as np
import shapely

from etl.release.cells.shapes import BYTES_OF_A_MAP, for_the_screen, lighten


def wavy_grid(columns: int, rows: int, corners: int) -> dict[str, bytes]:
    """Squares whose common borders are wavy lines with many corners."""
    along = np.linspace(0, 1, corners)
    wave = 0.08 * np.sin(along * 40) * np.sin(along * np.pi)

    def border(x: float, y: float, is_upright: bool) -> np.ndarray:
        line = (
            np.column_stack([x + wave, y + along]) if is_upright else np.column_stack([x + along, y + wave])
        )
        return line

    areas = {}
    for row in range(rows):
        for column in range(columns):
            ring = np.vstack(
                [
                    border(column, row, False),
                    border(column + 1, row, True)[1:],
                    border(column, row + 1, False)[::-1][1:],
                    border(column, row, True)[::-1][1:],
                ]
            )
            areas[f"D{row * columns + column:02d}"] = shapely.Polygon(ring).wkb
    return areas


def test_24_districts_fit_into_90_kb_and_still_cover_the_region() -> None:
    areas = wavy_grid(6, 4, 600)
    lighter = lighten(areas)
    assert sum(map(len, areas.values())) > 5 * BYTES_OF_A_MAP
    assert sum(map(len, lighter.values())) <= BYTES_OF_A_MAP
    shapes = shapely.from_wkb(list(lighter.values()))
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes), "neighbours share their borders: no gap, no overlap"
    whole = shapely.union_all(shapely.from_wkb(list(areas.values())))
    assert shapely.union_all(shapes).symmetric_difference(whole).area < 0.01 * whole.area


def test_a_light_map_keeps_its_corners() -> None:
    areas = wavy_grid(2, 2, 20)
    for code, wkb in lighten(areas).items():
        before, after = shapely.from_wkb(areas[code]), shapely.from_wkb(wkb)
        assert shapely.get_num_coordinates(before) == shapely.get_num_coordinates(after)
        assert shapely.hausdorff_distance(before, after) < 1e-4


def test_many_areas_get_a_larger_map_and_levels_are_apart() -> None:
    areas = wavy_grid(30, 20, 60)
    rows = [("us", code, 2, wkb) for code, wkb in areas.items()]
    rows += [("us", "R", 0, shapely.box(0, 0, 30, 20).wkb), ("uk", "X", 0, shapely.box(0, 0, 1, 1).wkb)]
    made = for_the_screen(rows)
    assert [row[:2] for row in made] == sorted(row[:2] for row in rows)
    weight = sum(len(wkb) for geography, code, wkb in made if code.startswith("D"))
    assert BYTES_OF_A_MAP < weight <= 400 * len(areas)
