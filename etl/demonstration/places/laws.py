"""The statutes of the fictional region, in the same format as real ones."""

import tomllib

import polars as pl

from etl.demonstration.region import FOLDER


def laws() -> pl.DataFrame:
    """Return the fictional statutes in the columns of ``law_provision``, as text."""
    rows = [
        tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted((FOLDER / "laws").glob("*.toml"))
    ]
    keys = dict.fromkeys(key for row in rows for key in row)
    columns = {
        "law_code" if key == "code" else key: [str(row.get(key, "")) or None for row in rows] for key in keys
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
