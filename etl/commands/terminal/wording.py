"""How files, rows and rules are told to a person and to a script."""

from typing import Any

from analysis.words import counted
from etl.contracts.rules import rule_words
from etl.lines import line_and_part
from etl.load.check import Loaded, first_lines


def lines_of(found: Loaded) -> list[str]:
    """Tell what became of one file."""
    months = f", {found.period_from} to {found.period_to}" if found.period_from else ""
    if not found.is_new:
        return [f"{found.file_name}: already loaded (load {found.load_id}); nothing was changed."]
    number = f"load {found.load_id}: " if found.load_id is not None else ""
    rows = found.rows
    lines = [f"{found.file_name}: {number}source {found.source_id}{months}. {rows.sentence()}"]
    if len(found.tables) > 1 or (rows.records_accepted, rows.records_rejected) != (rows.taken, rows.rejected):
        made = ", ".join(f"{table} {count:,}" for table, count in found.tables.items())
        refused = f"; {rows.records_rejected:,} rejected" if rows.records_rejected else ""
        lines.append(f"  records made of them: {made}{refused}")
    for table, count in found.distinct.items():
        if count < found.tables[table]:
            lines.append(
                f"  {counted(found.tables[table], 'row')} of {table} became {count:,}: one each reference"
            )
    for rule in found.rules:
        words = rule_words(rule["table_name"], rule["rule"])
        place = f"{rule['table_name']}.{rule['column_name']}"
        lines.append(f"  rejected: {rule['rows']:,} × {rule['rule']} in {place}{first_lines(rule)}. {words}")
    lines += [f"  note: {note}" for note in found.notes]
    lines += [f"  counted twice: {one.sentence}" for one in found.twice]
    lines += [f"  look again: {doubt.sentence}" for doubt in found.doubts]
    does = "replaced" if found.load_id is not None else "would replace"
    lines += [f"  {does} {one.sentence()}" for one in found.replacements]
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
        "rows_in": found.rows.rows,
        "rows_accepted": found.rows.accepted,
        "rows_partly_accepted": found.rows.partly,
        "rows_rejected": found.rows.rejected,
        "rows_left_out": dict(found.rows.left_out),
        "records_accepted": found.rows.records_accepted,
        "records_rejected": found.rows.records_rejected,
        "tables": found.tables,
        "distinct": found.distinct,
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
        "replaces": [
            {
                "table": one.table,
                "rows": list(one.rows),
                "people": list(one.people) if one.people else None,
                "months": [list(month) for month in one.changed],
                "whose": one.whose,
            }
            for one in found.replacements
        ],
        "held_already": [
            {
                "table": one.table,
                "rows": one.rows,
                "of": one.of,
                "source": one.source,
                "collection": one.collection,
            }
            for one in found.twice
        ],
        "notes": list(found.notes),
        "look_again": [
            {"check": one.check, "series": one.series, "note": one.sentence} for one in found.doubts
        ],
    }


def _lines(numbers: list[int]) -> dict[str, list[int]]:
    """Return lines, and the parts of the table they stand in where it has more than one."""
    found = [line_and_part(number) for number in numbers]
    parts = {"parts": [part for _, part in found]} if any(part > 1 for _, part in found) else {}
    return {"lines": [line for line, _ in found], **parts}
