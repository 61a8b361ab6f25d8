"""Features of a boundary layer with code, name and area above, recognised by the names of the columns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas
import shapely

from analysis.errors import echo
from etl.errors import EtlError
from etl.sources._catalogued import key
from etl.sources.areas._outlines import Layer, polygons_of
from etl.sources.places import us_places as _us_places

REGION = "REGION"
# Patterns over column names without case and punctuation, the surest first.
_CODES = (r"^(geoid|fips|gss).*", r".*(code|cd)$", r".*\d\dcd(nm)?$", r"^(id|areaid|areacode|gid)$", r".*id$")
_NAMES = (r"^namelsad.*", r".*(name|nm)$", r"^(name|area|district|label)$", r".*name.*")
_PARENTS = (
    r"^(parent|parentcode|parentname)$",
    r"^(county|region|province|state|above|liesin)(code|name|cd|nm)?$",
)


@dataclass(frozen=True)
class Feature:
    """One area of a file before its level is known; ``outline`` is None where it is not drawn."""

    code: str
    name: str
    parent: str
    outline: shapely.Geometry | None


@dataclass(frozen=True)
class Drawn:
    """What a layer draws.

    Attributes
    ----------
    features : list of Feature
        One for each code.
    rows : int
        Features of the layer as the file has them.
    uncoded : tuple of int
        Numbers (from 1) of those that say no code: nobody knows which area they are.
    joined : int
        How many codes several features share; their outlines are one.
    """

    features: list[Feature]
    rows: int
    uncoded: tuple[int, ...] = ()
    joined: int = 0


def geography_of(codes: Sequence[str]) -> str:
    """Return ``us`` or ``uk`` when the codes are FIPS or ONS codes, else an empty text."""
    if codes and all(re.fullmatch(r"[EWSNKJ]\d{8}", code) for code in codes):
        return "uk"
    if codes and all(re.fullmatch(r"\d{2}|\d{5}|US", code) for code in codes):
        known = sum(
            code in {*_us_places.states(), *_us_places.counties(), _us_places.NATION} for code in codes
        )
        # A few two-digit codes prove nothing: a region may number its own districts.
        if known >= 0.9 * len(codes) and (len(codes) > 20 or any(len(code) == 5 for code in codes)):
            return "us"
    return ""


def features_of(layer: Layer, mapping: Mapping[str, str], path: Path) -> Drawn:
    """Return the features of a layer, one for each code.

    Raises
    ------
    EtlError
        When no column can be the code or the name.
    """
    frame = layer.frame
    code, name, parent = _columns(frame, mapping, path)
    if not code and not name:  # a single outline without attributes
        return Drawn([Feature("", layer.name, "", frame.geometry.iloc[0])], 1)
    parents = _texts(frame, parent) if parent else [""] * len(frame)
    names = _texts(frame, name or code)
    if {"STATEFP", "COUNTYFP"} <= set(frame.columns) and "code" not in mapping:
        both = zip(_texts(frame, "STATEFP"), _texts(frame, "COUNTYFP"), strict=True)
        codes = [f"{state}{county}" if state and county else "" for state, county in both]
    elif code:
        codes = padded([_code(text) for text in _texts(frame, code)])
    else:
        codes = [slug(text) if text else "" for text in names]
        if len(set(codes)) < len(codes):  # two areas of one name lie in different areas above
            codes = [f"{slug(p)}_{one}" if one else "" for p, one in zip(parents, codes, strict=True)]
    together: dict[str, list[Feature]] = {}
    for feature in map(Feature, codes, names, parents, frame.geometry):
        if feature.code:
            together.setdefault(feature.code, []).append(feature)
    uncoded = tuple(number for number, text in enumerate(codes, start=1) if not text)
    shared = sum(1 for parts in together.values() if len(parts) > 1)
    return Drawn([_whole(parts) for parts in together.values()], len(frame), uncoded, shared)


def _whole(parts: list[Feature]) -> Feature:
    """Return the area of all features of one code, such as islands."""
    first = parts[0]
    name = first.name or first.code
    if len(parts) == 1:
        return Feature(first.code, name, first.parent, first.outline)
    return Feature(first.code, name, first.parent, joined_outline([part.outline for part in parts]))


def _texts(frame: geopandas.GeoDataFrame, column: str) -> list[str]:
    """Return the cells of a column as text, empty where nothing is said."""
    cells = zip(frame[column], frame[column].isna(), strict=True)
    return ["" if is_missing else str(value).strip() for value, is_missing in cells]


def joined_outline(outlines: Sequence[shapely.Geometry | None]) -> shapely.Geometry | None:
    """Return the outline of areas together; None when none of them is drawn."""
    drawn = [outline for outline in outlines if outline is not None]
    return polygons_of(shapely.union_all(drawn)) if drawn else None


def _columns(frame: geopandas.GeoDataFrame, mapping: Mapping[str, str], path: Path) -> tuple[str, str, str]:
    """Return the columns of code, name and area above: the mapping's, else found by name; empty when none."""
    columns = [column for column in frame.columns if column != frame.geometry.name]
    shown = ", ".join(echo(column) for column in columns[:20])
    for meaning in ("code", "name", "parent"):
        if meaning in mapping and mapping[meaning] not in columns:
            raise EtlError(
                f"{path.name}: there is no column '{mapping[meaning]}'. Columns: {shown}.",
                f"Correct {meaning} in the mapping file.",
            )
    code = mapping.get("code") or _pick(frame, columns, _CODES, is_unique=True)
    name = mapping.get("name") or _pick(frame, columns, _NAMES)
    others = [column for column in columns if column not in (code, name)]
    if not code and not name and len(frame) > 1:
        raise EtlError(
            f"{path.name}: no column can be the code or the name of the areas. Columns: {shown}.",
            'Name them in a mapping file: code = "…" and name = "…"',
        )
    return code, name, mapping.get("parent") or _pick(frame, others, _PARENTS)


def _pick(
    frame: geopandas.GeoDataFrame, columns: Sequence[str], patterns: Sequence[str], *, is_unique: bool = False
) -> str:
    """Return the column whose name fits the surest pattern and that is filled; empty when none."""
    for pattern in patterns:
        for column in columns:
            values = frame[column]
            # A column that can only be the code is one even where a feature lacks it.
            is_filled = values.notna().all() or pattern == _CODES[0]
            fits = re.fullmatch(pattern, key(column)) and is_filled
            if fits and (not is_unique or values.nunique() > 0.5 * len(frame)):
                return column
    return ""


def _code(text: str) -> str:
    text = re.sub(r"\.0$", "", text)
    census = re.fullmatch(r"\d{7}US(\d{2,5})", text)  # GEO_ID of the Census Bureau
    return census[1] if census else text


def padded(codes: list[str]) -> list[str]:
    """Give codes back the zero that spreadsheets take away, where that makes them FIPS codes."""
    has_counties = any(re.fullmatch(r"\d{4,5}", code) for code in codes)  # a region may number its districts
    widths = {4: 5, 1: 2} if has_counties else {4: 5}
    found = [code.zfill(widths.get(len(code), 0)) if code.isdigit() else code for code in codes]
    return found if geography_of(found) == "us" else codes


def slug(value: object) -> str:
    """Return a code made from a name."""
    return key(str(value)).upper() or REGION
