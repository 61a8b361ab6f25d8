"""A table by area as boundaries with the values in their properties."""

import json
from typing import Any

import polars as pl
import shapely

from analysis.exports.tables import NUMBERS, ExportTable

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
        gives one ``value_…`` and ``marker_…`` a combination. A value that is not shown is null.
    """
    wide = _wide(table.frame)
    geometries = dict(zip(shapes["code"], shapes["wkb"], strict=True))
    names = dict(zip(shapes["code"], shapes["name"], strict=True))
    features = [
        {
            "type": "Feature",
            "id": row["area"],
            "properties": {"area": row.pop("area"), "area_name": names.get(code, code), **row},
            "geometry": _geometry(geometries.get(code)),
        }
        for row in wide.iter_rows(named=True)
        for code in (row["area"],)
    ]
    collection = {"type": "FeatureCollection", "notice": notice, "title": table.title, "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def _wide(frame: pl.DataFrame) -> pl.DataFrame:
    splits = [
        name
        for name in frame.columns
        if name not in (*NUMBERS, "area", "notice") and not name.endswith("_label")
    ]
    if not splits:
        keep = [name for name in ("area", "value", "lower", "upper", "marker") if name in frame.columns]
        return frame.select(keep)
    combined = frame.with_columns(pl.concat_str(splits, separator="_").alias("_split"))
    return combined.pivot(on="_split", index="area", values=["value", "marker"], maintain_order=True)


def _geometry(wkb: bytes | None) -> Any:
    if wkb is None:
        return None
    shape = shapely.set_precision(shapely.from_wkb(wkb), 10**-_DECIMALS)
    return json.loads(shapely.to_geojson(shape))
