"""Laws and treaties as event markers: one small TOML file a law (``data/reference/laws``, docs/adding.md)."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import polars as pl

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
PILLARS = ("prevention", "protection", "prosecution", "partnership")
STATUSES = ("in_force", "adopted", "proposed", "repealed")
REQUIRED = (
    "code",
    "short_name",
    "level",
    "jurisdiction",
    "instrument",
    "pillar",
    "summary",
    "citation",
)
OPTIONAL = ("adopted", "effective", "status", "url")  # a law that is not only proposed needs "adopted"
_DATES = ("adopted", "effective")
_STEP = "See data/reference/laws for examples and docs/adding.md (Your state's laws) for the keys."


def recognises(path: Path) -> bool:
    """Tell by its keys whether a TOML file is a law."""
    if path.suffix != ".toml" or not path.is_file():
        return False
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False
    return {"code", "instrument", "jurisdiction"} <= set(values)


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
    return Incoming(describe(NAME), (Batch.of("law_provision", frame),), "", "", len(laws))


def _law(path: Path) -> dict[str, str | None]:
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EtlError(f"{path.name}: the file cannot be read: {error}.", _STEP) from error
    unknown = sorted(set(values) - {*REQUIRED, *OPTIONAL})
    if unknown:
        known = ", ".join((*REQUIRED, *OPTIONAL))
        raise EtlError(f"{path.name}: unknown key '{unknown[0]}'. Allowed: {known}.", _STEP)
    for name in REQUIRED:
        if not values.get(name):
            raise EtlError(f"{path.name}: the key '{name}' is missing or empty.", _STEP)
    for name, value in values.items():
        _check(path, name, value)
    if "adopted" not in values and values.get("status") != "proposed":
        raise EtlError(f"{path.name}: the key 'adopted' is missing or empty.", _STEP)
    if {"adopted", "effective"} <= set(values) and values["effective"] < values["adopted"]:
        raise EtlError(f"{path.name}: 'effective' lies before 'adopted'.", _STEP)
    row = {"law_code": values["code"]}
    for name in (*REQUIRED[1:], *OPTIONAL):
        value = values.get(name)
        row[name] = value.isoformat() if isinstance(value, date) else value
    return row


def _check(path: Path, name: str, value: Any) -> None:
    if name in _DATES:
        if type(value) is not date:
            raise EtlError(f"{path.name}: '{name}' must be a date without quotes, such as 2015-05-29.", _STEP)
        return
    if not isinstance(value, str):
        raise EtlError(f"{path.name}: '{name}' must be text in quotes, not {type(value).__name__}.", _STEP)
    allowed = {"level": LEVELS, "pillar": PILLARS, "status": STATUSES}.get(name)
    if allowed and value not in allowed:
        raise EtlError(f"{path.name}: '{name}' is '{value}'. Allowed: {', '.join(allowed)}.", _STEP)
    if name == "code" and not (value.isidentifier() and value == value.lower()):
        raise EtlError(f"{path.name}: 'code' may hold small letters, digits and _ only.", _STEP)
    if name == "url" and urlsplit(value).scheme != "https":
        raise EtlError(f"{path.name}: 'url' must begin with https://.", _STEP)
