"""The mart's table of own figures: of organisations, places, money and events, never of a person.

SQL files of ``etl/mart/sql`` put rows in, at one division for each measure; the release sums them
(`etl.release.unperturbed.organisation_rule`).
"""

import duckdb

from analysis.catalog.model import Catalog

FIXED = {
    "measure": "VARCHAR NOT NULL",
    "unit": "VARCHAR",
    "period_level": "VARCHAR NOT NULL",
    "period": "VARCHAR NOT NULL",
    "geography": "VARCHAR",
    "area_code": "VARCHAR",
    "organisation": "VARCHAR",
    "value": "DOUBLE",
    "marker": "VARCHAR",
}


def make_figure_table(connection: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    """Make ``mart.figure``, empty.

    Its columns: `FIXED` and one for each division in the catalog. ``organisation`` says whose the amount is,
    for the rule that needs several organisations behind a figure; it never leaves the warehouse.
    """
    divided = {name: "VARCHAR" for name in catalog.figure_dimensions if name not in FIXED}
    typed = ", ".join(f"{name} {kind}" for name, kind in (FIXED | divided).items())
    connection.execute(f"CREATE OR REPLACE TABLE mart.figure ({typed})")
