"""A table by area as GeoParquet: its long rows, each with the boundaries of its area."""

import polars as pl
import shapely

from analysis.errors import LttError
from analysis.exports.about import facts
from analysis.exports.formats.format import Contents, DataFile, Format, Reading, described
from analysis.exports.formats.parquet_file import parquet_bytes
from analysis.exports.tables import ExportTable

_VERSION = "1.1.0"
_COLUMN = "geometry"


def geoparquet_bytes(table: ExportTable, shapes: pl.DataFrame, metadata: dict[str, object]) -> bytes:
    """Return the rows of a table with a column of boundaries (WKB, longitude and latitude of WGS 84).

    Parameters
    ----------
    table
        A table with an ``area`` column.
    shapes
        Columns ``code`` and ``wkb``.
    metadata
        Facts for the file's own metadata.
    """
    known = shapes.select(pl.col("code").alias("area"), pl.col("wkb").alias(_COLUMN))
    frame = table.frame.join(known, on="area", how="left", maintain_order="left")
    drawn = shapely.from_wkb(frame[_COLUMN].drop_nulls().unique(maintain_order=True).to_list())
    described_geometry: dict[str, object] = {
        "encoding": "WKB",
        "geometry_types": sorted({str(shape.geom_type) for shape in drawn}),
    }
    if len(drawn):
        described_geometry["bbox"] = [float(one) for one in shapely.total_bounds(drawn)]
    geo = {"version": _VERSION, "primary_column": _COLUMN, "columns": {_COLUMN: described_geometry}}
    return parquet_bytes(frame, {**metadata, "geo": geo})


def _write(contents: Contents) -> list[DataFile]:
    files = []
    for item, table in zip(contents.items, contents.tables, strict=True):
        shapes = item.boundaries() if item.boundaries and "area" in table.by else None
        if shapes is None or shapes.is_empty():
            raise LttError(
                "GeoParquet needs a table by area, and boundaries.", "Add the area, or choose CSV."
            )
        content = geoparquet_bytes(table, shapes, facts(item, contents.context))
        entry = {**described(table), "type": "file"}
        files.append(DataFile(f"{table.name}_areas.parquet", content, "The rows with boundaries.", entry))
    return files


def _reading(table: ExportTable) -> Reading:
    name = f"{table.name}_areas.parquet"
    return Reading(
        python=["import geopandas as gpd", f'path = "{name}"', "data = gpd.read_parquet(path)"],
        r=[f'path <- "{name}"', "data <- sfarrow::st_read_parquet(path)"],
    )


GEOPARQUET = Format(
    "geoparquet",
    "GeoParquet",
    "application/vnd.apache.parquet",
    is_binary=True,
    write=_write,
    reading=_reading,
    needs_boundaries=True,
)
