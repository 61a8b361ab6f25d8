"""What the rules of a table need of rows of other tables."""

from collections.abc import Mapping

import polars as pl

from etl.contracts.tables import Contract, contract

_EMPTY = {"date": pl.Date, "integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean}


def looked_up(table: Contract, typed: pl.DataFrame, known: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Add what the rules need of other tables; NULL, and so kept, where the other row is not known."""
    for lookup in table.lookups:
        names = {name: f"{lookup.table}_{name}" for name in lookup.adds}
        other = known.get(lookup.table)
        if other is None:
            kinds = {column.name: column.kind for column in contract(lookup.table).columns}
            typed = typed.with_columns(
                pl.lit(None, dtype=_EMPTY.get(kinds[name], pl.String)).alias(new)
                for name, new in names.items()
            )
            continue
        rows = other.select(lookup.key, *lookup.adds).unique(lookup.key, keep="last", maintain_order=True)
        renamed = rows.rename({lookup.key: lookup.column} | names)
        typed = typed.join(renamed, on=lookup.column, how="left", maintain_order="left")
    return typed
