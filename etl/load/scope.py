"""Limits a large geography to what a deployment covers: the areas named, what lies in them and above them."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from difflib import get_close_matches

import duckdb
import polars as pl

from analysis.words import counted, first_few
from etl.config import DEPLOYMENT, Deployment
from etl.contracts.areas import Areas, areas_of
from etl.contracts.batch import Batch
from etl.contracts.by_distinct import SEPARATOR
from etl.errors import EtlError
from etl.incoming import Incoming
from etl.ledger import ELSEWHERE
from etl.lines import LINE, WRITTEN_AREA

OF_AREAS = ("area", "area_shape", "area_population", "area_context")
_CLOSEST = 5
_LISTED = 12

Place = tuple[str | None, int, str | None]
Above = Mapping[str, Place]
"""Every known area of a geography: the area it lies in, its level and its name."""


def limited(incoming: Incoming, deployment: Deployment, connection: duckdb.DuckDBPyConnection) -> Incoming:
    """Leave out the rows of areas that the deployment does not cover.

    A published count of an area outside goes to the nearest area above it that is covered, so that published
    totals stay whole. A record of an area outside stays as it is: the rule ``unknown_area`` rejects it. Of
    several areas in one cell, those outside are left off where one of them is covered.

    Parameters
    ----------
    incoming
        Any file.
    deployment
        ``areas`` names the areas covered, of any level, in ``geography``. Without it nothing is left out.
    connection
        Where the areas loaded before are found, and where those outside are remembered.

    Raises
    ------
    EtlError
        For a code that is no area of the geography.
    """
    if not deployment.areas:
        return incoming
    geography = deployment.geography
    above = known_places(geography, connection) | _in_file(incoming, geography)
    if not above:
        return incoming
    if any(batch.table == "area" for batch in incoming.batches):
        _refuse_unknown(deployment, above)
    parents = {code: parent for code, (parent, *_) in above.items()}
    kept = covered(deployment.areas, parents)
    _remember(connection, geography, {code: above[code] for code in above if code not in kept})
    home = {code: _nearest(code, parents, kept) for code in above if code not in kept}
    batches, lost = [], pl.Series([], dtype=pl.Int64)
    notes: list[str] = []
    for batch in incoming.batches:
        frame = _without(batch, geography, kept)
        if frame.height < batch.frame.height:
            gone = batch.frame[LINE].filter(~batch.frame[LINE].is_in(frame[LINE].implode()))
            lost = pl.concat([lost, gone.drop_nulls().cast(pl.Int64)])
        if batch.table == "observation":
            if "area_code" in batch.contract.areas:
                # By all areas of the geography: a name that only one of those covered has may mean another.
                every = areas_of(connection, geography, with_outside=True)
                frame = frame.with_columns(every.resolve(frame["area_code"].cast(pl.String)))
            frame = _moved(frame, home, geography, incoming.source.geography)
        several = [one.name for one in batch.contract.columns if one.several and one.name in frame.columns]
        for name in several if incoming.source.geography == geography else ():
            every = areas_of(connection, geography, with_outside=True)
            frame, note = _of_several(frame, name, every, kept)
            notes += [note] if note else []
        batches.append(Batch(batch.contract, frame))
    for batch in batches if lost.len() else ():
        lost = lost.filter(~lost.is_in(batch.frame[LINE].implode()))  # a row that went to another table, too
    ledger = incoming.ledger.without(ELSEWHERE, lost.n_unique())
    return replace(
        incoming,
        batches=tuple(batches),
        ledger=ledger,
        notes=(*incoming.notes, *_moved_notes(batches, above), *notes),
    )


def _of_several(
    frame: pl.DataFrame, name: str, every: Areas, kept: Collection[str]
) -> tuple[pl.DataFrame, str]:
    """Leave areas outside off the cells of several areas that name a covered one, too, and say how often."""

    def covered_only(cell: str) -> str:
        words = [every.find(word.strip()) or word for word in cell.split(SEPARATOR)]
        inside = [word for word in words if word in kept or word not in every.codes]
        return SEPARATOR.join(inside) if any(word in kept for word in inside) else cell

    before = frame[name].cast(pl.String)
    cells = {cell: covered_only(cell) for cell in before.drop_nulls().unique()}
    shorter = [cell for cell, left in cells.items() if left.count(SEPARATOR) < cell.count(SEPARATOR)]
    rows = int(before.is_in(shorter).sum())
    note = (
        f"areas that the deployment does not cover are left off {counted(rows, 'row')} that also "
        f"{'names' if rows == 1 else 'name'} covered ones"
    )
    return frame.with_columns(before.replace(cells).alias(name)), note if rows else ""


def _moved_notes(batches: Collection[Batch], above: Above) -> list[str]:
    """Return a note on published counts of areas outside, which count for the area above that is covered."""
    moved: Counter[str] = Counter()
    for batch in batches:
        if WRITTEN_AREA in batch.frame.columns:
            rows = batch.frame.filter(pl.col("area_code").is_not_null() & pl.col("value").is_not_null())
            moved.update(rows.filter(pl.col("area_code") != pl.col(WRITTEN_AREA))["area_code"].to_list())
    if not moved:
        return []
    homes = [f"{above[code][2] or code} ({rows:,})" for code, rows in moved.most_common()]
    return [
        f"{counted(sum(moved.values()), 'count')} of areas that the deployment does not cover "
        f"{'goes' if sum(moved.values()) == 1 else 'go'} to the area above, so that published totals stay "
        f"whole: {first_few(homes, _CLOSEST)}"
    ]


def covered(areas: Collection[str], parents: Mapping[str, str | None]) -> frozenset[str]:
    """Return the codes of areas, of everything in them and of what they lie in.

    Parameters
    ----------
    areas
        Codes that are named.
    parents
        Every code, with the code of the area above.
    """
    named, kept = set(areas), set()
    for code in parents:
        chain = area_and_above(code, parents)
        if named.intersection(chain):
            kept.add(code)
        if code in named:
            kept.update(chain)
    return frozenset(kept)


def area_and_above(code: str, parents: Mapping[str, str | None]) -> list[str]:
    """Return an area and those it lies in; a hierarchy that goes round in circles ends."""
    chain: list[str] = []
    step: str | None = code
    while step and step in parents and step not in chain:
        chain.append(step)
        step = parents[step]
    return chain


def _nearest(code: str, parents: Mapping[str, str | None], kept: Collection[str]) -> str:
    return next((area for area in area_and_above(code, parents) if area in kept), code)


def known_places(geography: str, connection: duckdb.DuckDBPyConnection) -> dict[str, Place]:
    """Return every area of a geography that is loaded, or was left out of it."""
    rows = connection.execute(
        "SELECT code, parent, level, name FROM stage.area_outside WHERE geography = $1 "
        "UNION ALL SELECT code, parent, level, name FROM stage.area WHERE geography = $1",
        [geography],
    ).fetchall()
    return {code: (parent, level, name) for code, parent, level, name in rows}


def _in_file(incoming: Incoming, geography: str) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for batch in incoming.batches:
        if batch.table == "area" and {"geography", "code"} <= set(batch.frame.columns):
            columns = [
                pl.col(name) if name in batch.frame.columns else pl.lit(None, pl.String).alias(name)
                for name in ("code", "parent", "level", "name")
            ]
            rows = batch.frame.filter(pl.col("geography") == geography).select(columns).drop_nulls("code")
            for code, parent, level, name in rows.iter_rows():
                found[code] = (parent, int(level) if (level or "").isdigit() else -1, name)
    return found


def _remember(connection: duckdb.DuckDBPyConnection, geography: str, outside: Above) -> None:
    """Keep the codes of areas outside: published counts of a later file may name them."""
    rows = pl.DataFrame(
        [(geography, code, *place) for code, place in outside.items()],
        schema={
            "geography": pl.String,
            "code": pl.String,
            "parent": pl.String,
            "level": pl.Int32,
            "name": pl.String,
        },
        orient="row",
    )
    connection.register("outside", rows)
    connection.execute("INSERT OR REPLACE INTO stage.area_outside BY NAME SELECT * FROM outside")
    connection.unregister("outside")


def _without(batch: Batch, geography: str, kept: Collection[str]) -> pl.DataFrame:
    frame = batch.frame
    if batch.table not in OF_AREAS or not {"geography", "code"} <= set(frame.columns):
        return frame
    # A row without geography or code is left for the contract to reject.
    outside = (pl.col("geography") == geography) & ~pl.col("code").is_in(list(kept))
    return frame.filter(~outside.fill_null(False))


def _moved(frame: pl.DataFrame, home: Mapping[str, str], geography: str, usual: str) -> pl.DataFrame:
    if "area_code" not in frame.columns or not home:
        return frame
    written = pl.col("geography") if "geography" in frame.columns else pl.lit(None, pl.String)
    is_there = written.fill_null(usual) == geography
    moved = pl.col("area_code").replace(dict(home))
    return frame.with_columns(
        pl.when(is_there).then(moved).otherwise("area_code").alias("area_code"),
        pl.col("area_code").alias(WRITTEN_AREA),
    )


def _refuse_unknown(deployment: Deployment, above: Above) -> None:
    unknown = next((code for code in deployment.areas if code not in above), None)
    if unknown is None:
        return
    by_level: dict[int, list[str]] = {}
    for code, (_, level, _) in sorted(above.items()):
        by_level.setdefault(level, []).append(code)
    allowed = "; ".join(
        f"level {level}: {', '.join(codes)}"
        if len(codes) <= _LISTED
        else f"level {level}: {len(codes):,} codes from {codes[0]} to {codes[-1]}"
        for level, codes in sorted(by_level.items())
    )
    near = get_close_matches(unknown, above, n=_CLOSEST)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    raise EtlError(
        f"{deployment.folder / DEPLOYMENT}: areas has a code '{unknown}' that is no area of "
        f"'{deployment.geography}'. Allowed: {allowed}.{hint}",
        'Write the codes in quotes, such as areas = ["12", "12086"], then run the command again.',
    )
