"""The geographies that come with the project: US states and counties, UK police force areas, countries.

They are loaded by themselves before the first file that needs them; the UK ones have names and codes only,
and get their outlines from a boundary file (``--source boundaries``).
"""

import functools
from collections.abc import Callable
from pathlib import Path

from etl.config import REFERENCE
from etl.contracts.batch import Batch
from etl.errors import EtlError
from etl.incoming import Incoming, ReadOptions
from etl.ledger import Ledger
from etl.sources._catalogued import describe
from etl.sources.areas._area_rows import LEVEL_NAMES, Area, batches
from etl.sources.areas._outlines import open_layers
from etl.sources.places import uk_places as _uk_places
from etl.sources.places import us_places as _us_places
from etl.sources.places import world_places as _world_places

NAME = "geography"
SUMMARY = "areas that come with the project: data/reference/us, data/reference/uk or data/reference/world"
READS_FOLDERS = True


def shipped(geography: str) -> Path | None:
    """Return the folder from which :func:`read` makes a geography, or None when it does not come along."""
    return REFERENCE / geography if geography in _MAKERS else None


def named(geography: str) -> list[tuple[str, str, str | None]]:
    """Return code, name and the area above of each area that comes along, without outlines.

    Empty for a geography that does not come along.
    """
    if geography == _us_places.GEOGRAPHY:
        states = [(code, name, _us_places.NATION) for code, name in _us_places.states().items()]
        counties = [(one.code, one.name, one.state) for one in _us_places.counties().values()]
        return [(_us_places.NATION, "United States", None), *states, *counties]
    if geography in _MAKERS:
        return [(area.code, area.name, area.parent or None) for area in _MAKERS[geography]()]
    return []


def read(path: Path, options: ReadOptions) -> Incoming:
    """Return a geography that comes with the project; ``path`` is its folder, or just its name.

    Raises
    ------
    EtlError
        When there is none of that name.
    """
    geography = path.name
    if geography not in _MAKERS:
        raise EtlError(
            f"No geography called '{geography}' comes with the project. There are: {', '.join(_MAKERS)}.",
            "Load your own areas: python -m etl load FILE --source boundaries",
        )
    lines, rows = _rows_of(geography)
    return Incoming(
        source=describe(f"{geography}_geography", unit="areas"),
        batches=rows,
        period_from="",
        period_to="",
        ledger=Ledger(lines=lines),
        is_summed=True,
    )


@functools.cache
def _rows_of(geography: str) -> tuple[int, tuple[Batch, ...]]:
    """Return how many areas there are, and their rows: made once, because the desk checks many sheets."""
    areas = _MAKERS[geography]()
    return len(areas), batches(geography, areas)


def _united_states() -> list[Area]:
    drawn_layers, _ = open_layers(_us_places.FOLDER / "counties-10m.json")
    layers = {layer.name: layer.frame for layer in drawn_layers}
    words = LEVEL_NAMES["us"]
    nation = layers["nation"].geometry.iloc[0]
    areas = [Area(_us_places.NATION, "United States", 0, words[0], outline=nation)]
    drawn = dict(zip(layers["states"]["id"], layers["states"].geometry, strict=True))
    areas += [
        Area(code, name, 1, words[1], _us_places.NATION, drawn.get(code))
        for code, name in sorted(_us_places.states().items())
    ]
    drawn = dict(zip(layers["counties"]["id"], layers["counties"].geometry, strict=True))
    areas += [
        Area(county.code, county.name, 2, words[2], county.state, drawn.get(county.code))
        for county in sorted(_us_places.counties().values(), key=lambda county: county.code)
    ]
    return areas


def _united_kingdom() -> list[Area]:
    words = LEVEL_NAMES["uk"]
    return [
        Area(row["code"], row["name"], int(row["level"]), words[int(row["level"])], row["parent"])
        for row in _uk_places.areas()
    ]


def _world() -> list[Area]:
    words = LEVEL_NAMES["world"]
    countries = sorted(_world_places.countries(), key=lambda row: row["alpha3"])
    return [
        Area(_world_places.WORLD, "World", 0, words[0]),
        *(Area(row["alpha3"], row["name"], 1, words[1], _world_places.WORLD) for row in countries),
    ]


_MAKERS: dict[str, Callable[[], list[Area]]] = {
    "us": _united_states,
    "uk": _united_kingdom,
    "world": _world,
}
