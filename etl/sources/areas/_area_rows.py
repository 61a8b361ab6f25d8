"""Areas and outlines as rows of the canonical tables."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl
import shapely

from etl.contracts.batch import Batch
from etl.lines import LINE
from etl.sources.areas._outlines import point_inside

LEVEL_NAMES = {
    "us": ("nation", "state", "county"),
    "uk": ("country", "police force area", "local authority"),
    "world": ("world", "country", ""),
}


@dataclass(frozen=True)
class Area:
    """One area; ``outline`` None where the file draws none."""

    code: str
    name: str
    level: int
    level_name: str
    parent: str = ""
    outline: shapely.Geometry | None = None
    line: int = 0


def batches(geography: str, areas: Iterable[Area]) -> tuple[Batch, ...]:
    """Return the ``area`` and ``area_shape`` batches of a geography."""
    areas = list(areas)
    inside = [point_inside(area.outline) if area.outline is not None else ("", "") for area in areas]
    frame = pl.DataFrame(
        {
            "geography": [geography] * len(areas),
            "code": [area.code or None for area in areas],
            "name": [area.name for area in areas],
            "level": [str(area.level) for area in areas],
            "level_name": [area.level_name for area in areas],
            "parent": [area.parent or None for area in areas],
            "lon": [lon or None for lon, _ in inside],
            "lat": [lat or None for _, lat in inside],
            LINE: [area.line for area in areas],
        },
        schema_overrides={
            "code": pl.String,
            "parent": pl.String,
            "lon": pl.String,
            "lat": pl.String,
            LINE: pl.Int64,
        },
    )
    shaped = [area for area in areas if area.outline is not None and not area.outline.is_empty]
    shapes = pl.DataFrame(
        {
            "geography": [geography] * len(shaped),
            "code": [area.code for area in shaped],
            "wkb": [shapely.to_wkb(area.outline) for area in shaped],
            LINE: [area.line for area in shaped],
        },
        schema_overrides={"geography": pl.String, "code": pl.String, "wkb": pl.Binary, LINE: pl.Int64},
    )
    return (Batch.of("area", frame), Batch.of("area_shape", shapes)) if shaped else (Batch.of("area", frame),)
