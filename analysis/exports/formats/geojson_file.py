"""A table by area as boundaries with the values in their properties."""

import json
from typing import Any

import polars as pl
import shapely

from analysis.errors import LttError
from analysis.exports.about import notices
from analysis.exports.formats.csv_file import CSV
from analysis.exports.formats.format import Contents, DataFile, Format, Reading
from analysis.exports.tables import ExportTable

_DECIMALS = 5  # about one metre; more digits only make the file larger


def geojson_bytes(table: ExportTable, shapes: pl.DataFrame, notice: str) -> bytes:
    """Return one feature per area.

    Parameters
    ----------
    table : ExportTable
        A table with an ``area`` column.
    shapes : polars.DataFrame
        Columns ``code``, ``name``, ``wkb`` (EPSG:4326).
    notice : str
        Written into the file as a top-level member.

    Returns
    -------
    bytes
        RFC 7946. A table by area alone gives ``value``, ``lower``, ``upper`` and ``marker``; a further split
        gives one ``value_…`` and ``marker_…`` a combination. A value that is not shown is null. Filters that
        are the same in every row stand in each feature too.
    """
    wide = _wide(table)
    geometries = dict(zip(shapes["code"], shapes["wkb"], strict=True))
    names = dict(zip(shapes["code"], shapes["name"], strict=True))
    features = [
        {
            "type": "Feature",
            "id": row["area"],
            "properties": {"area": row.pop("area"), "area_name": names.get(code, code), **row},
            "geometry": geometry(geometries.get(code)),
        }
        for row in wide.iter_rows(named=True)
        for code in (row["area"],)
    ]
    collection = {"type": "FeatureCollection", "notice": notice, "title": table.title, "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def _wide(table: ExportTable) -> pl.DataFrame:
    frame, fixed = table.frame, [name for name in table.fixed if name != "area"]
    splits = [name for name in table.by if name != "area"]
    if not splits:
        numbers = [name for name in ("value", "lower", "upper", "marker") if name in frame.columns]
        return frame.select("area", *fixed, *numbers)
    combined = frame.with_columns(pl.concat_str(splits, separator="_").alias("_split"))
    return combined.pivot(
        on="_split", index=["area", *fixed], values=["value", "marker"], maintain_order=True
    )


def geometry(wkb: bytes | None) -> Any:
    """Return boundaries as GeoJSON writes them; None where there are none."""
    if wkb is None:
        return None
    shape = shapely.set_precision(shapely.from_wkb(wkb), 10**-_DECIMALS)
    return json.loads(shapely.to_geojson(shape))


def _write(contents: Contents) -> list[DataFile]:
    """Boundaries carry values and markers but no intervals, so the CSV comes along."""
    files = []
    notice = " ".join(notices(contents.items, contents.context))
    for item, table in zip(contents.items, contents.tables, strict=True):
        shapes = item.boundaries() if item.boundaries and "area" in table.by else None
        if shapes is None or shapes.is_empty():
            raise LttError("GeoJSON needs a table by area, and boundaries.", "Add the area, or choose CSV.")
        content = geojson_bytes(table, shapes, notice)
        meaning = "Boundaries with the same values; join to the CSV by area."
        files.append(DataFile(f"{table.name}.geojson", content, meaning, {"type": "file"}))
    return files + CSV.write(contents)


def _reading(table: ExportTable) -> Reading:
    rows, name = CSV.reading(table), f"{table.name}.geojson"
    return Reading(
        python=[
            "import geopandas as gpd",
            *rows.python,
            f'shapes = gpd.read_file("{name}")[["area", "geometry"]]  # shapes.merge(data, on="area")',
        ],
        r=[*rows.r, f'shapes <- sf::read_sf("{name}")["area"]  # merge(shapes, data, by = "area")'],
    )


GEOJSON = Format(
    "geojson",
    "GeoJSON",
    "application/geo+json",
    is_binary=False,
    write=_write,
    reading=_reading,
    needs_boundaries=True,
)
