"""Figures: what is not about persons and passes without noise, each by its own rule.

Figures of others pass as they were published. Own figures are sums of rows of ``mart.figure`` at one fixed
division each. Behind the door "business" a sum passes by the rule for organisations (`rule_of_three`), once
its period is over, and is kept as it was published (`as_published`); behind "none" every sum passes, for the
reason its measure gives. Coarser totals are sums of what passed: a total of its own would give a hidden part
away. Two measures behind "business" must not divide the same amounts in two ways, for the same reason. A
measure with `total_of` is the one exception: what is left of it beside the parts that are shown passes the
rule as well.
"""

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

import duckdb

from analysis.catalog.model import Catalog, Measure
from etl.release.cells.layout import WAREHOUSE, columns_of
from etl.release.closing import contributions
from etl.release.closing.contributions import Figure
from etl.release.publishing.schema import observation_columns
from etl.release.unperturbed.as_published import Decision, Live, Plan, Shown, plan_of
from etl.release.unperturbed.rule_of_three import RuleOfThree, total


def pass_figures(connection: duckdb.DuckDBPyConnection, catalog: Catalog, *, is_exact: bool) -> None:
    """Make the temporary table ``observation``: figures of others, then own ones.

    Figures of organisations join it here for their keepers alone; `pass_as_published` adds those of the
    others.

    Parameters
    ----------
    connection
        With the warehouse attached as `WAREHOUSE`.
    catalog
        Measures and their doors; a figure of a measure that it does not have stays behind.
    is_exact
        Whether the rule for organisations is left out.
    """
    columns = observation_columns(catalog)
    typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE observation ({typed})")
    have = columns_of(connection, WAREHOUSE, "mart.observation")
    if have:
        chosen = ", ".join(name if name in have else f"NULL AS {name}" for name in columns)
        connection.execute(
            f"INSERT INTO observation SELECT {chosen} FROM {WAREHOUSE}.mart.observation ORDER BY ALL"
        )
    have = columns_of(connection, WAREHOUSE, "mart.figure")
    rows = (
        connection.execute(f"SELECT DISTINCT measure FROM {WAREHOUSE}.mart.figure").fetchall() if have else []
    )
    held = {row[0] for row in rows}  # of most figures nobody has sent anything
    for name, measure in _own_figures(catalog).items():
        if measure.door == "none" or is_exact:
            if not measure.total_of and name in held:
                _pass_sums(connection, catalog, name, have)
            elif measure.total_of and catalog.measures[measure.total_of].observation in held:
                _pass_total(connection, catalog, measure)


def pass_as_published(
    connection: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    *,
    newest: int,
    as_of: date,
    published: Sequence[Path] = (),
) -> None:
    """Add the figures of organisations to ``observation``, as they were published, and keep what is new.

    Parameters
    ----------
    connection
        With the warehouse and the frozen records attached.
    catalog
        Measures and the parameters of the rule.
    newest
        The newest closed month; figures of later periods are not published.
    as_of
        Written down with what is published for the first time.
    published
        Releases that can be read now, whose numbers are taken up where they are not known.
    """
    kept, plan = contributions.read(connection), plan_of(catalog, _own_figures(catalog))
    live = _live_figures(connection, catalog, plan)
    decision = Decision(plan, RuleOfThree.of(catalog.protection), kept, live, newest)
    for file in published:
        decision.adopt(contributions.printed_figures(connection, catalog, file, plan.names))
    decision.take_over()
    kept.save(connection, as_of)
    _insert(connection, catalog, decision.rows())


def _own_figures(catalog: Catalog) -> dict[str, Measure]:
    """Return one measure for each own figure, by the figure's name; the stricter door where two differ."""
    found: dict[str, Measure] = {}
    for measure in catalog.measures.values():
        if not measure.is_own_figure:
            continue
        for name in filter(None, (measure.observation, measure.observation_base)):
            if name not in found or measure.door == "business":
                found[name] = measure
    return dict(sorted(found.items()))


def _pass_sums(
    connection: duckdb.DuckDBPyConnection, catalog: Catalog, name: str, have: Collection[str]
) -> None:
    keys = contributions.columns_of_figures(catalog)
    chosen = ", ".join(key if key in have else f"NULL AS {key}" for key in keys)
    listed = ", ".join(keys)
    connection.execute(
        f"""
        INSERT INTO observation ({listed}, source, value, marker)
        SELECT {listed}, 'own', sum(value), coalesce(string_agg(DISTINCT marker, '' ORDER BY marker), '')
        FROM (SELECT {chosen}, value, marker FROM {WAREHOUSE}.mart.figure WHERE measure = $name)
        GROUP BY {listed} ORDER BY ALL
        """,
        {"name": name},
    )


def _pass_total(connection: duckdb.DuckDBPyConnection, catalog: Catalog, measure: Measure) -> None:
    """Add the total over all divisions of another figure."""
    listed = "unit, period_level, period, geography, area_code"
    connection.execute(
        f"""
        INSERT INTO observation ({listed}, source, measure, value, marker)
        SELECT {listed}, 'own', $total, sum(value), '' FROM {WAREHOUSE}.mart.figure
        WHERE measure = $parts GROUP BY {listed} ORDER BY ALL
        """,
        {"parts": catalog.measures[measure.total_of].observation, "total": measure.observation},
    )


def _live_figures(connection: duckdb.DuckDBPyConnection, catalog: Catalog, plan: Plan) -> dict[Figure, Live]:
    """Return what every organisation brought to every figure, as the warehouse has it now."""
    have = columns_of(connection, WAREHOUSE, "mart.figure")
    if not have:
        return {}
    keys = contributions.columns_of_figures(catalog)
    chosen = ", ".join(key if key in have else f"NULL AS {key}" for key in keys)
    rows = connection.execute(
        f"SELECT {chosen}, coalesce(organisation, ''), value, coalesce(marker, '') "
        f"FROM {WAREHOUSE}.mart.figure WHERE value IS NOT NULL AND list_contains($names, measure)",
        {"names": list(plan.parts)},
    ).fetchall()
    amounts: dict[Figure, dict[str, list[float]]] = {}
    markers: dict[Figure, set[str]] = {}
    for *key, organisation, value, marker in rows:
        figure = contributions.figure_of(dict(zip(keys, key, strict=True)))
        amounts.setdefault(figure, {}).setdefault(organisation, []).append(value)
        markers.setdefault(figure, set()).add(marker)
    return {
        figure: Live(
            {organisation: total(values) for organisation, values in sorted(of_figure.items())},
            "".join(sorted(markers[figure])),
        )
        for figure, of_figure in amounts.items()
    }


def _insert(connection: duckdb.DuckDBPyConnection, catalog: Catalog, rows: Sequence[Shown]) -> None:
    if not rows:
        return
    keys = contributions.columns_of_figures(catalog)
    columns = [*keys, "source", "value", "marker"]
    values = []
    for row in rows:
        fixed = dict(zip(contributions.FIXED, row.figure, strict=False)) | dict(row.figure.division)
        if fixed.keys() <= set(keys):  # a division that left the catalog has no column to stand in
            values.append([*(fixed.get(key) or None for key in keys), "own", row.value, row.marker])
    connection.executemany(
        f"INSERT INTO observation ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", values
    )
