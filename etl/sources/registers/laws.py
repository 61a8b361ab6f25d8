"""Laws and treaties as event markers: one small TOML file a law (``data/reference/laws``, docs/adding.md)."""

from pathlib import Path
from urllib.parse import urlsplit

import polars as pl

from analysis.catalog.model import PILLARS
from analysis.catalog.table import Table, read_toml
from analysis.errors import echo
from analysis.topics.laws import STATUSES
from etl.config import REFERENCE
from etl.contracts.batch import Batch
from etl.errors import EtlError
from etl.incoming import Incoming, ReadOptions
from etl.lines import LINE
from etl.sources._catalogued import describe

NAME = "laws"
SUMMARY = "laws and treaties, one TOML file each (your state's laws: docs/adding.md)"
READS_FOLDERS = True
FOLDER = REFERENCE / "laws"
LEVELS = ("international", "national", "state", "local")
_STEP = "See data/reference/laws for examples and docs/adding.md (Your state's laws) for the keys."


def recognises(path: Path) -> bool:
    """Tell by its keys whether a TOML file is a law."""
    if path.suffix != ".toml" or not path.is_file():
        return False
    try:
        return {"code", "instrument", "jurisdiction"} <= set(_open(path).values)
    except EtlError:
        return False


def read(path: Path, options: ReadOptions) -> Incoming:
    """Read one law, or every law of a folder.

    Raises
    ------
    EtlError
        A file that is no TOML, or a key that is missing, unknown or wrong; file and key are named.
    """
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not files:
        raise EtlError(f"{path.name}: there is no .toml file in this folder.", _STEP)
    laws = [_law(file) for file in files]
    codes = [law["law_code"] for law in laws]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice:
        raise EtlError(f"{path.name}: two files have the code '{twice}'.", "Give each law a code of its own.")
    frame = pl.DataFrame(laws, schema=dict.fromkeys(laws[0], pl.String), orient="row")
    frame = frame.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(LINE))
    return Incoming.of_records(describe(NAME), (Batch.of("law_provision", frame),))


def _open(path: Path) -> Table:
    return read_toml(path, path.name, lambda message: EtlError(message, _STEP))


def _law(path: Path) -> dict[str, str | None]:
    """Return one law as a row of the table, every key checked."""
    law = _open(path)
    status = law.text("status", "", allowed=STATUSES)
    # Only a law that is still a proposal has no day on which it was adopted.
    adopted = law.day("adopted", None if status == "proposed" else ...)
    effective = law.day("effective", None)
    row = {
        "law_code": law.code("code"),
        "short_name": law.text("short_name"),
        "level": law.text("level", allowed=LEVELS),
        "jurisdiction": law.text("jurisdiction"),
        "instrument": law.text("instrument"),
        "pillar": law.text("pillar", allowed=PILLARS),
        "summary": law.text("summary"),
        "citation": law.text("citation"),
        "adopted": adopted.isoformat() if adopted else None,
        "effective": effective.isoformat() if effective else None,
        "status": status or None,
        "url": law.text("url", "") or None,
    }
    law.finish()
    if adopted and effective and effective < adopted:
        raise law.fail("effective", f"{effective}, before 'adopted'", f"{adopted} or later")
    if row["url"] and urlsplit(row["url"]).scheme != "https":
        raise law.fail("url", echo(row["url"]), "an address that begins with https://")
    return row
