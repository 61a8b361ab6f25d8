"""Opens boundary files of every kind and turns their shapes into valid outlines in longitude and latitude."""

import json
import re
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import shapely

from analysis.words import counted
from etl.errors import EtlError
from etl.lines import first_lines_words
from etl.readers.limits import DEFAULT_LIMITS, MB, check_path

KINDS = (".geojson", ".json", ".topojson", ".gpkg", ".shp", ".zip")
WORLD = (-180.0, -90.0, 180.0, 90.0)
_POLYGONS = ("polygon", "multipolygon", "unknown", "geometrycollection", "curvepolygon", "multisurface")
_DIMENSIONS = re.compile(r"^(3d|2\.5d|measured|3d measured) | (z|m|zm)$")  # heights and measures are left out


@dataclass(frozen=True)
class Layer:
    """One layer of a boundary file.

    Attributes
    ----------
    name, frame
        Attributes and outlines (EPSG:4326, valid, polygons only, or None).
    shapeless
        Numbers (from 1) of the features that are points or lines, and so draw no area.
    """

    name: str
    frame: geopandas.GeoDataFrame
    shapeless: tuple[int, ...] = ()


def open_layers(path: Path, only: str = "") -> tuple[list[Layer], list[str]]:
    """Open the polygon layers of a GeoJSON, TopoJSON, GeoPackage or (zipped) Shapefile.

    Parameters
    ----------
    path
        The file.
    only
        Name of the one layer to open; empty opens all.

    Returns
    -------
    tuple
        The layers, and the names of those that were passed over because they hold points or lines.

    Raises
    ------
    EtlError
        When it is no boundary file, too large, has no polygons or does not say its coordinate system.
    """
    real = check_path(path, None, DEFAULT_LIMITS)
    if real.suffix.lower() not in KINDS:
        raise EtlError(
            f"{path.name}: '{real.suffix}' files are no boundary files; allowed: {', '.join(KINDS)}.",
            "Save the boundaries as GeoJSON or GeoPackage and load that file.",
        )
    if real.suffix.lower() == ".zip":
        _check_zip(real)
    layers = []
    try:
        names = [(str(name), str(kind)) for name, kind in pyogrio.list_layers(real)]
        wanted = [name for name, kind in names if _is_of_polygons(kind) and (not only or name == only)]
        for name in wanted:
            frame = _opened(real, name)
            tidied = _tidy(frame, path)
            drawn = zip(frame.geometry, tidied.geometry, strict=True)
            shapeless = [
                number
                for number, (written, polygons) in enumerate(drawn, start=1)
                if written is not None and not written.is_empty and polygons is None
            ]
            layers.append(Layer(name, tidied, tuple(shapeless)))
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        cause, next_step = _why_unread(real)
        raise EtlError(f"{path.name}: the boundaries cannot be read. {cause}", next_step) from error
    layers = [layer for layer in layers if layer.frame.geometry.notna().any()]
    if not layers:
        found = ", ".join(name for name, _ in names[:10])
        raise EtlError(
            f"{path.name}: there are no areas (polygons) in it, only points, lines or nothing. "
            f"Layers: {found}.",
            "Load a file that draws the areas.",
        )
    passed = [] if only else [name for name, _ in names if name not in wanted]
    return layers, passed


def _opened(path: Path, layer: str) -> geopandas.GeoDataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of rings that do not close, which are told here
        try:
            return geopandas.read_file(path, layer=layer)
        except shapely.errors.GEOSException:
            raise _cannot_be_drawn(path, _undrawable(path, layer)) from None


def _why_unread(path: Path) -> tuple[str, str]:
    """Return why a file of this kind cannot be opened, and what to do."""
    kind = path.suffix.lower()
    if not path.name.isprintable():
        return "Its name holds a line break or another sign that cannot be printed.", "Rename the file."
    if kind in (".shp", ".zip"):
        return (
            "A shapefile needs .shx, .dbf and .prj beside it.",
            "Save the boundaries as GeoJSON or GeoPackage and load that file.",
        )
    if kind == ".gpkg":
        return "The file is damaged, or no GeoPackage.", "Download or save it again."
    try:
        json.loads(path.read_bytes())
    except RecursionError:
        return "The JSON in it is nested too deeply for boundaries.", "Download or save it again."
    except ValueError:
        return "The file is not whole JSON: it is cut off or damaged.", "Download or save it again."
    return (
        "It is JSON, but neither GeoJSON (a FeatureCollection) nor TopoJSON.",
        "Save the boundaries as GeoJSON or GeoPackage and load that file.",
    )


def _is_of_polygons(kind: str) -> bool:
    """Tell whether a layer holds areas: ``Polygon``, ``3D Polygon`` and ``MultiPolygon Z`` alike."""
    return _DIMENSIONS.sub("", kind.lower()) in _POLYGONS


def _check_zip(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            holds_shapes = any(name.lower().endswith(".shp") for name in archive.namelist())
    except zipfile.BadZipFile as error:
        raise EtlError(f"{path.name}: the .zip file is damaged.", "Download it again.") from error
    if size > DEFAULT_LIMITS.unpacked_bytes or size > DEFAULT_LIMITS.ratio * max(path.stat().st_size, MB):
        raise EtlError(
            f"{path.name}: the .zip file unpacks to {size // MB:,} MB, too much.", "Load a smaller file."
        )
    if not holds_shapes:
        raise EtlError(
            f"{path.name}: there is no shapefile (.shp) in the .zip file.", "Unpack it and load the file."
        )


def _tidy(frame: geopandas.GeoDataFrame, path: Path) -> geopandas.GeoDataFrame:
    if frame.geometry.isna().all():
        return frame
    points = (shapely.get_coordinates(outline) for outline in frame.geometry)
    no_numbers = [number for number, point in enumerate(points, start=1) if not np.isfinite(point).all()]
    if no_numbers:
        raise _cannot_be_drawn(path, no_numbers)
    if _is_in_no_system(frame, path):
        raise EtlError(
            f"{path.name}: the coordinates are not longitude and latitude, and the file does not say "
            "which coordinate system they are in.",
            "Add the .prj file, or save the boundaries in EPSG:4326 (GeoJSON always is).",
        )
    frame = frame.set_crs(4326) if frame.crs is None else frame
    frame = frame.to_crs(4326)
    outlines = shapely.force_2d(shapely.make_valid(frame.geometry.values))
    # An area without an outline, or with an empty one, is an area all the same: figures may lie in it.
    whole = [None if outline is None or outline.is_empty else polygons_of(outline) for outline in outlines]
    drawn = [None if outline is None or outline.is_empty else outline for outline in whole]
    return frame.set_geometry(drawn, crs=4326)


def _is_in_no_system(frame: geopandas.GeoDataFrame, path: Path) -> bool:
    """Tell whether coordinates cannot be longitude and latitude although the file names no other system.

    GeoJSON without one is opened as longitude and latitude, whatever its numbers are. Swapped ones lie within
    180 degrees all the same: they are told in words of their own.
    """
    is_json = path.suffix.lower() in (".geojson", ".json", ".topojson")
    is_assumed = frame.crs is not None and is_json and frame.crs.is_geographic
    if frame.crs is not None and not is_assumed:
        return False
    low_x, low_y, high_x, high_y = frame.total_bounds
    lowest, highest = (WORLD[0], WORLD[2]) if is_assumed else (WORLD[1], WORLD[3])
    return bool(low_x < WORLD[0] - 1 or low_y < lowest or high_x > WORLD[2] + 1 or high_y > highest)


def _undrawable(path: Path, layer: str) -> list[int]:
    """Return the numbers of the features of a layer whose outline is none: a ring that does not close."""
    broken = []
    for number, outline in enumerate(pyogrio.raw.read(path, layer=layer)[2], start=1):
        try:
            shapely.from_wkb(outline)
        except shapely.errors.GEOSException:
            broken.append(number)
    return broken


def _cannot_be_drawn(path: Path, features: list[int]) -> EtlError:
    return EtlError(
        f"{path.name}: {counted(len(features), 'outline')} cannot be drawn, first that of feature "
        f"{first_lines_words(features)}: a coordinate is no number, or a ring does not end where it began.",
        "Correct or save the boundaries again, and load that file.",
    )


def polygons_of(outline: shapely.Geometry) -> shapely.Geometry:
    """Return the polygons of an outline, without the lines and points that a repair can leave."""
    if outline.geom_type in ("Polygon", "MultiPolygon"):
        return outline
    parts = [part for part in shapely.get_parts(outline) if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts) if parts else shapely.MultiPolygon()


def point_inside(outline: shapely.Geometry) -> tuple[str, str]:
    """Return longitude and latitude of a point that certainly lies inside, as text with five decimals."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # slivers have no numerically stable inside
        point = outline.representative_point()
    if point.is_empty:
        return "", ""
    return f"{point.x:.5f}", f"{point.y:.5f}"
