"""Reads a specification: a drawn table of published cells, a question, and the table that must come out.

A specification is a page of docs/spec. Its prose is for people; its code blocks are run::

    Published people            the cells of the release; blank = all
    Residents                   optional
    Question                    one line each: measure, by, where, periods, period_level, area_level
    Answer | Refused            the table, or words of the refusal
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from analysis import Question, load_catalog
from tests.example_release import OBSERVATION_COLUMNS, area_tables, trust_tables
from tests.support import PROJECT

FOLDER = PROJECT / "docs" / "spec"
CELLS = {"Published people": "person", "Published referrals": "referral"}


def blocks(path: Path) -> list[tuple[str, list[str]]]:
    """Return the code blocks of a specification: first line, other lines."""
    found, inside = [], False
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            inside = not inside
            if inside:
                found.append([])
        elif inside and line.strip():
            found[-1].append(line)
    return [(lines[0].strip(), lines[1:]) for lines in found]


def drawn_table(lines: list[str]) -> list[dict[str, str]]:
    """Return the rows of a table drawn with ``|``."""
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[1:]]


def question_of(lines: list[str]) -> Question:
    """Return the question that some lines describe."""
    parts: dict[str, Any] = {}
    for line in lines:
        name, _, text = line.partition(":")
        words = [word.strip() for word in text.split(",") if word.strip()]
        if name == "where":
            pairs = (word.partition("=") for word in text.split())
            parts["where"] = {key: codes.split("+") for key, _, codes in pairs}
        elif name == "periods":
            parts["periods"] = text.strip().split("..")
        elif name == "area_level":
            parts["area_level"] = int(text)
        else:
            parts[name] = words if name == "by" else text.strip()
    return Question(**parts)


def _first_year(cells: dict[str, list[dict[str, str]]]) -> str:
    """Return the year with which the drawn figures begin: 2023, or the first one that is drawn."""
    years = [row["period"][:4] for rows in cells.values() for row in rows if row.get("period")]
    return min([*years, "2023"])


def write_release(folder: Path, cells: dict[str, list[dict[str, str]]], profile: str = "public") -> Path:
    """Write a release that holds only the drawn cells, in the example's geography."""
    catalog = load_catalog()
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "release-drawn.duckdb"
    with duckdb.connect(file) as connection:
        for name, frame in _tables(cells, catalog, profile):
            connection.register("incoming", frame.to_arrow())
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming")
            connection.unregister("incoming")
    manifest = {
        "format": 1,
        "file": file.name,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "profile": profile,
        "release_id": "drawn",
        "as_of": "2026-01-15",
        "place": "Drawn region",
        "synthetic": True,
        "catalog_sha256": catalog.sha256,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def _tables(cells, catalog, profile):
    for subject in catalog.subjects.values():
        rows = cells.get(subject.code, [])
        if rows:
            yield f"cell_{subject.code}", _cells(rows, subject)
    exact = profile == "steward"
    info = {
        "d": 0 if exact else 5,
        "v": 0 if exact else 3,
        "threshold": 1 if exact else 10,
        "profile": profile,
    }
    yield "info", pl.DataFrame({"key": list(info), "value": [str(value) for value in info.values()]})
    yield (
        "collection",
        pl.DataFrame(
            [
                {
                    "collection": "own",
                    "label": "Drawn task force",
                    "subject": subject,
                    "geography": "example",
                    "unit": "people",
                    "is_own": True,
                    "is_synthetic": True,
                    "period_resolution": "month",
                    "first_period": f"{_first_year(cells)}-01",
                    "last_closed_month": "2025-12",
                    "citation": "Drawn.",
                }
                for subject in cells
            ]
        ),
    )
    skipped = ("area_population", "coverage")
    yield from ((name, frame) for name, frame in [*area_tables(), *trust_tables()] if name not in skipped)
    yield "observation", pl.DataFrame({name: pl.Series([], dtype=pl.String) for name in OBSERVATION_COLUMNS})
    yield "area_population", _residents(cells.get("residents", []))


def _cells(rows: list[dict[str, str]], subject) -> pl.DataFrame:
    levels = {"": None, "C": 1, "D": 2}
    found = []
    for row in rows:
        period = row["period"]
        found.append(
            {
                "collection": "own",
                "period_level": "quarter" if "Q" in period else "month" if "-" in period else "year",
                "period": period,
                "area_level": levels[row.get("area", "")[:1]],
                "area": row.get("area") or None,
                **{name: row.get(name) or None for name in subject.dimensions},
                "value": int(row["value"]),
                "marker": row.get("marker", ""),
            }
        )
    texts = {name: pl.String for name in found[0] if name not in ("value", "area_level")}
    return pl.DataFrame(found, schema_overrides={**texts, "value": pl.Int32, "area_level": pl.Int32})


def _residents(rows: list[dict[str, str]]) -> pl.DataFrame:
    schema = {"geography": pl.String, "code": pl.String, "year": pl.Int64, "age_group": pl.String}
    schema |= {"sex": pl.String, "population": pl.Int64, "source": pl.String}
    return pl.DataFrame(
        [
            {
                "geography": "example",
                "code": row["area"],
                "year": int(row["year"]),
                "age_group": row.get("age_group") or "all",
                "sex": "all",
                "population": int(row["residents"]),
                "source": "example_statistics",
            }
            for row in rows
        ],
        schema=schema,
    )
