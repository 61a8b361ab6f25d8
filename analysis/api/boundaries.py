"""The areas of a level as GeoJSON, to be joined with answers by the code of the area."""

from typing import Any

import polars as pl

from analysis.api.call import Call, Reply
from analysis.api.figures import written
from analysis.api.problems import Problem
from analysis.exports.formats.geojson_file import geometry
from analysis.release.places import Geography


def areas(call: Call, media_type: str) -> Reply:
    """Return one feature an area; an area without boundaries in the release has no geometry.

    Raises
    ------
    Problem
        When the release has no areas, or none of that level.
    """
    release, level = call.release, int(call.first("level"))
    geography = _geography(call)
    codes = geography.at(level) if geography else ()
    if geography is None or not codes:
        known = ", ".join(map(str, sorted(geography.level_names))) if geography else "none"
        raise Problem(404, "not-found", f"There are no areas of level {level} here.", f"Levels: {known}.")
    shapes = _shapes(call, geography)
    features = [_feature(geography, code, shapes.get(code)) for code in codes]
    body = {
        "type": "FeatureCollection",
        "release_id": release.release_id,
        "geography": geography.code,
        "level": level,
        "features": features,
    }
    return Reply(written(body, is_long=True), media_type)


def _geography(call: Call) -> Geography | None:
    """Return the areas of the chosen collection; of the first one without a choice."""
    release, chosen = call.release, call.first("collection")
    held = [one for one in release.collections if chosen in ("", one.collection)]
    if chosen and not held:
        known = ", ".join(dict.fromkeys(one.collection for one in release.collections))
        raise Problem(422, "unknown-code", "That collection is not in this release.", f"Known: {known}.")
    return release.areas.get(held[0].geography) if held else next(iter(release.areas.values()), None)


def _shapes(call: Call, geography: Geography) -> dict[str, bytes]:
    if "area_shape" not in call.release.columns:
        return {}
    rows = call.release.table("area_shape").filter(pl.col("geography") == geography.code)
    return dict(zip(rows["code"], rows["wkb"], strict=True))


def _feature(geography: Geography, code: str, wkb: bytes | None) -> dict[str, Any]:
    area = geography.areas[code]
    described = {
        "area": code,
        "name": area.name,
        "level": area.level,
        "level_name": area.level_name,
        "parent": area.parent,
    }
    return {"type": "Feature", "id": code, "properties": described, "geometry": geometry(wkb)}
