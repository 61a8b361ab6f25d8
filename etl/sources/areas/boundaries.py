"""Boundary files: GeoJSON, TopoJSON, GeoPackage or Shapefile, for the US, the UK or any region of your own.

Code, name and the area above are recognised by the names of the columns; a mapping file can name them. A file
in which only the smallest areas are drawn gets the areas above by joining the outlines of their parts.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import shapely

from analysis.errors import echo
from etl.errors import EtlError, harmless
from etl.incoming import Incoming, ReadOptions
from etl.ledger import Ledger
from etl.lines import PART, first_lines_words
from etl.mapping.keys import HEADINGS, read_mapping
from etl.sources._catalogued import describe, key
from etl.sources.areas._area_rows import LEVEL_NAMES, Area, batches
from etl.sources.areas._boundary_features import (
    REGION,
    Drawn,
    Feature,
    features_of,
    geography_of,
    joined_outline,
    slug,
)
from etl.sources.areas._outlines import Layer, open_layers
from etl.sources.areas._place_on_earth import where
from etl.sources.places import uk_places as _uk_places
from etl.sources.places import us_places as _us_places

NAME = "boundaries"
SUMMARY = "boundaries of areas: GeoJSON, TopoJSON, GeoPackage or Shapefile (.shp or .zip)"

_OWN_LEVELS = ("region", "county", "district")
_COLUMNS = ("code", "name", "parent")
_TEXTS = (*_COLUMNS, "geography", "layer", "region")


def recognises(path: Path) -> bool:
    """Tell by its ending whether a file can be one of boundaries."""
    return path.suffix.lower() in (".geojson", ".topojson", ".gpkg", ".shp")


def read(path: Path, options: ReadOptions) -> Incoming:
    """Read one boundary file.

    Raises
    ------
    EtlError
        When it cannot be opened, no column can be the code or the name, or it has more than three levels.
    """
    mapping, words = _mapping(options)
    layers, passed = open_layers(path, mapping.get("layer", ""))
    read_layers = [features_of(layer, mapping, path) for layer in layers]
    drawn = [layer.features for layer in read_layers]
    if not any(drawn):
        raise EtlError(
            f"{path.name}: no feature says which area it is: its code is blank.",
            'Fill in the codes, or name another column in a mapping file: code = "…"',
        )
    codes = [feature.code for features in drawn for feature in features if feature.code]
    geography = mapping.get("geography") or geography_of(codes) or options.geography
    if not geography:
        raise EtlError(
            f"{path.name}: it is not said which geography these areas belong to.",
            'Write geography = "…" in deployment.toml, or in a mapping file.',
        )
    lie = where(path, geography, [feature.outline for features in drawn for feature in features])
    maker = _KNOWN.get(geography)
    areas = maker(drawn) if maker else _own_region(drawn, mapping.get("region", ""), words, path)
    label = f"Boundaries ({harmless(path.name)})"
    source = describe(NAME, source_id=f"{NAME}_{geography}", label=label, geography=geography)
    return Incoming(
        source,
        batches(geography, [*areas, *_uncoded(read_layers)]),
        "",
        "",
        Ledger(lines=sum(layer.rows for layer in read_layers)),
        notes=(*_undrawn(areas), *_oddities(read_layers), *_shapeless(layers, passed), *lie),
        is_summed=True,
    )


def _uncoded(layers: Sequence[Drawn]) -> list[Area]:
    """Return a row for each feature without a code, for the contract to reject by its number."""
    return [
        Area("", "", 0, "", line=number + part * PART)
        for part, layer in enumerate(layers)
        for number in layer.uncoded
    ]


def _oddities(layers: Sequence[Drawn]) -> list[str]:
    """Return notes on features without a code, and on those that share one."""
    uncoded = [area.line for area in _uncoded(layers)]
    joined = sum(layer.joined for layer in layers)
    notes = []
    if uncoded:
        notes.append(
            f"features without a code, rejected: {len(uncoded):,}, first feature {first_lines_words(uncoded)}"
        )
    if joined:
        notes.append(f"codes that several features share, their outlines joined to one area: {joined:,}")
    return notes


def _shapeless(layers: Sequence[Layer], passed: Sequence[str]) -> list[str]:
    """Return notes on features, and on whole layers, that are points or lines and draw no area."""
    numbers = [number + part * PART for part, layer in enumerate(layers) for number in layer.shapeless]
    notes = []
    if numbers:
        notes.append(
            f"features that are points or lines, their areas known without an outline: {len(numbers):,}, "
            f"first feature {first_lines_words(numbers)}"
        )
    if passed:
        notes.append(f"layers of points or lines passed over: {', '.join(map(echo, passed))}")
    return notes


def _undrawn(areas: Sequence[Area]) -> tuple[str, ...]:
    count = sum(1 for area in areas if area.outline is None)
    return (
        (f"areas known without an outline, because the file does not draw them: {count:,}",) if count else ()
    )


def _mapping(options: ReadOptions) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the texts that a mapping states, and what areas of each level are called."""
    mapping = read_mapping(options.mapping, NAME)
    texts = {name: text for name in _TEXTS if (text := mapping.text(name, ""))}
    headings = mapping.table(HEADINGS, {})
    for meant in headings.values:
        if meant not in _COLUMNS:
            raise headings.not_allowed(meant, meant, _COLUMNS)
        if meant in texts:
            raise headings.fail(meant, f"told twice, as {meant} = … stands above [{HEADINGS}]", "one of both")
        heading = headings.text(meant)
        taken = next((name for name in _COLUMNS if texts.get(name) == heading), None)
        if taken:
            raise headings.fail(meant, f"{echo(heading)}, which means '{taken}' already", "another column")
        texts[meant] = heading
    words = mapping.codes("level_names", list(_OWN_LEVELS))
    if len(words) != len(_OWN_LEVELS):
        allowed = "three words, from the whole region to the smallest areas"
        raise mapping.fail("level_names", f"a list of {len(words)}", allowed)
    mapping.finish()
    return texts, words


def _uk_areas(drawn: list[list[Feature]]) -> list[Area]:
    outlines = {feature.code: feature for features in drawn for feature in features}
    words = LEVEL_NAMES["uk"]
    shipped = {row["code"]: row for row in _uk_places.areas()}
    touched = {shipped[code]["parent"] for code in outlines if code in shipped}
    areas = []
    for code, row in shipped.items():
        level = int(row["level"])
        if code in outlines or level < 2 or row["parent"] in touched:
            outline = outlines[code].outline if code in outlines else None
            areas.append(Area(code, row["name"], level, words[level], row["parent"], outline))
    for code, feature in outlines.items():
        if code and code not in shipped:  # another year's codes
            level = 1 if code[:3] in ("E23", "W15", "S92", "N92") else 2
            now = _uk_places.current_codes().get(code, "")
            parent = _uk_places.NATION if level == 1 else _uk_places.parents().get(now) or _uk_places.NATION
            areas.append(Area(code, feature.name, level, words[level], parent, feature.outline))
    nations = {"S92000003": "S12", "N92000002": "N09"}  # one force each: their councils joined
    for position, area in enumerate(areas):
        parts = [f.outline for c, f in outlines.items() if c.startswith(nations.get(area.code, "-"))]
        joined = joined_outline(parts)
        if joined is not None and area.outline is None:
            areas[position] = Area(area.code, area.name, area.level, area.level_name, area.parent, joined)
    return areas


def _us_areas(drawn: list[list[Feature]]) -> list[Area]:
    outlines = {feature.code: feature for features in drawn for feature in features}
    words = LEVEL_NAMES["us"]
    nation = outlines.pop(_us_places.NATION, None) or outlines.pop("", None)
    areas = [
        Area(_us_places.NATION, "United States", 0, words[0], outline=nation.outline if nation else None)
    ]
    for code, name in _us_places.states().items():
        outline = outlines[code].outline if code in outlines else None
        areas.append(Area(code, name, 1, words[1], _us_places.NATION, outline))
    for code, feature in outlines.items():
        if len(code) == 5:
            county = _us_places.counties().get(code)
            name = county.name if county else feature.name
            areas.append(Area(code, name, 2, words[2], code[:2], feature.outline))
    # Published figures go by the counties of their year. Those of a state that another edition divides in
    # another way stay known, without an outline: their figures would otherwise leave the state.
    touched = {code[:2] for code in outlines if len(code) == 5}
    areas += [
        Area(code, county.name, 2, words[2], code[:2], None)
        for code, county in _us_places.counties().items()
        if code not in outlines and code[:2] in touched
    ]
    return areas


def _own_region(drawn: list[list[Feature]], name: str, words: Sequence[str], path: Path) -> list[Area]:
    """Give levels to a region that is not known: by layers, by a column for the area above, else flat."""
    layers = sorted((features for features in drawn if features), key=len)
    if len(layers) > 3:
        raise EtlError(
            f"{path.name}: there are {len(layers)} layers of areas; at most three levels can be loaded.",
            'Choose one in a mapping file: layer = "…"',
        )
    top = layers.pop(0)[0] if len(layers) > 1 and len(layers[0]) == 1 else None
    if len(layers) == 1 and any(feature.parent for feature in layers[0]):
        layers.insert(0, _parents(layers[0]))
    everything = joined_outline([feature.outline for feature in layers[0]])
    name = name or (top.name if top else "Whole region")
    region = Area(top.code if top and top.code else REGION, name, 0, words[0], outline=everything)
    areas = [region, *(Area(f.code, f.name, 1, words[1], region.code, f.outline) for f in layers[0])]
    if len(layers) == 2:
        areas += [Area(f.code, f.name, 2, words[2], _parent(f, layers[0]), f.outline) for f in layers[1]]
    return areas


def _parents(features: list[Feature]) -> list[Feature]:
    parts: dict[str, list[shapely.Geometry | None]] = {}
    for feature in features:
        parts.setdefault(feature.parent or "Elsewhere", []).append(feature.outline)
    return [Feature(slug(name), name, "", joined_outline(outlines)) for name, outlines in parts.items()]


def _parent(feature: Feature, above: list[Feature]) -> str:
    """Return the code of the area above: by its name or code, else the one that holds most of it."""
    for candidate in above:
        if feature.parent and key(feature.parent) in (key(candidate.code), key(candidate.name)):
            return candidate.code
    drawn = [one for one in above if one.outline is not None]
    if feature.outline is None or not drawn:
        return above[0].code
    shared = [shapely.area(shapely.intersection(feature.outline, one.outline)) for one in drawn]
    return drawn[shared.index(max(shared))].code


_KNOWN: dict[str, Callable[[list[list[Feature]]], list[Area]]] = {"uk": _uk_areas, "us": _us_areas}
