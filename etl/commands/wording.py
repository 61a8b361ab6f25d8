"""How files, rows and rules are told to a person and to a script."""

from typing import Any

from etl.contracts.check import rule_words
from etl.lines import line_and_part
from etl.load.check import Loaded, first_lines


def lines_of(found: Loaded) -> list[str]:
    """Tell what became of one file."""
    months = f", {found.period_from} to {found.period_to}" if found.period_from else ""
    if not found.is_new:
        return [f"{found.file_name}: already loaded (load {found.load_id}); nothing was changed."]
    number = f"load {found.load_id}: " if found.load_id is not None else ""
    became = "" if found.rows_in == found.rows_accepted + found.rows_rejected else " became"
    lines = [
        f"{found.file_name}: {number}source {found.source_id}{months}. "
        f"{found.rows_in:,} rows in the file{became}: "
        f"{found.rows_accepted:,} accepted, {found.rows_rejected:,} rejected."
    ]
    if len(found.tables) > 1:
        lines.append("  accepted: " + ", ".join(f"{table} {rows:,}" for table, rows in found.tables.items()))
    for rule in found.rules:
        words = rule_words(rule["table_name"], rule["rule"])
        place = f"{rule['table_name']}.{rule['column_name']}"
        lines.append(f"  rejected: {rule['rows']:,} × {rule['rule']} in {place}{first_lines(rule)}. {words}")
    lines += [f"  note: {note}" for note in found.notes]
    if found.replaced:
        numbers = ", ".join(str(number) for number in found.replaced)
        lines.append(
            f"  replaced: rows of the same months from load {numbers}, because the source is the same. "
            "Where both files count, give each a source id of its own, and both one collection."
        )
    return lines


def values_of(found: Loaded) -> dict[str, Any]:
    """Return the same for a script; no value of a record is in it."""
    return {
        "file": found.file_name,
        "source": found.source_id,
        "load_id": found.load_id,
        "status": "loaded" if found.is_new else "already_loaded",
        "period_from": found.period_from,
        "period_to": found.period_to,
        "rows_in": found.rows_in,
        "rows_accepted": found.rows_accepted,
        "rows_rejected": found.rows_rejected,
        "tables": found.tables,
        "rejected": [
            {
                "table": rule["table_name"],
                "rule": rule["rule"],
                "column": rule["column_name"],
                "rows": rule["rows"],
                **_lines(rule["lines"]),
            }
            for rule in found.rules
        ],
        "replaced_loads": found.replaced,
        "notes": list(found.notes),
    }


def _lines(numbers: list[int]) -> dict[str, list[int]]:
    """Return lines, and the parts of the table they stand in where it has more than one."""
    found = [line_and_part(number) for number in numbers]
    parts = {"parts": [part for _, part in found]} if any(part > 1 for _, part in found) else {}
    return {"lines": [line for line, _ in found], **parts}
