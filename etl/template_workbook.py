"""Empty workbooks to start from: a sheet to fill in, one that explains it, and the mapping that reads it."""

from datetime import datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from etl.contracts.areas import SEVERAL_AREAS
from etl.contracts.rules import RULES
from etl.contracts.tables import Column, Contract, contract
from etl.contracts.tallies import TABLES, as_tally
from etl.errors import EtlError
from etl.mapping.published import OBSERVATION, SAID_ONCE
from etl.mapping.published import needs_words as mapping_needs_words
from etl.protect.identifiers import WORDS

# What a count is called and counted in comes from the mapping, never from a cell.
_STARTER_SERIES = (
    'publisher = "Who published the counts"',
    "",
    "[[series]]                             # one for each code in the column 'measure'",
    'code = "referrals"',
    'label = "Referrals"',
    'unit = "people"',
    "",
)
_STARTER_TALLY = (
    'tally = "new"                          # each number is of new ones; those in care are places in use',
    "# rest = true                          # a blank is what belongs to none of the others, no total",
)
ROWS = 1000  # rows that get the lists of allowed codes
EXPLAINED = "Explained"
_KIND_WORDS = {
    "text": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "yes or no",
    "date": "date, as 2025-03-07",
    "period": "date, month (2025-03), quarter (2025-Q1) or year (2025)",
    "code": "one code",
    "codes": "codes, separated by ;",
    "area": "code or name of an area",
    "country": "country: ISO code, name or nationality",
}
_AREAS_WORDS = "Codes or names of areas, separated by ;"
_RULES_OF_KIND = {
    "integer": ("not_a_number", "not_a_whole_number", "hidden_by_publisher"),
    "number": ("not_a_number", "hidden_by_publisher"),
    "boolean": ("not_yes_or_no",),
    "date": ("not_a_date", "impossible_date"),
    "period": ("not_a_period", "impossible_period", "future_period", "outside_declared_period"),
    "area": ("unknown_area",),
    "country": ("unknown_country",),
}


def write(table: str, path: Path, is_tally: bool = False) -> tuple[Path, Path]:
    """Write an empty workbook for a table, and next to it the mapping that reads it.

    Parameters
    ----------
    table
        Name of the table.
    path
        The .xlsx to write; the mapping gets the same name ending in .toml.
    is_tally
        Whether its rows are numbers of records.

    Returns
    -------
    tuple of pathlib.Path
        Workbook and mapping.

    Raises
    ------
    EtlError
        No such table, a table that no sheet can hold, or a file that is already there.
    """
    rules = contract(table)
    if is_tally and table not in TABLES:
        raise EtlError(
            f"Rows of '{table}' are no numbers of records (tally); those of {', '.join(TABLES)} may be.",
            f"python -m etl template {table}",
        )
    rules = as_tally(rules) if is_tally else rules
    if any(column.kind == "binary" for column in rules.columns):
        raise EtlError(
            f"Table '{table}' is not filled from a sheet: {rules.description}",
            "python -m etl load FILE --source boundaries",
        )
    if path.suffix.lower() != ".xlsx":
        raise EtlError(
            f"{path.name}: a template is a workbook; its name must end in .xlsx.", f"--out {table}.xlsx"
        )
    mapping = path.with_suffix(".toml")
    for target in (path, mapping):
        if target.exists():
            raise EtlError(
                f"{target.name} is already there and was left as it is.",
                f"python -m etl template {table} --out ANOTHER.xlsx",
            )
    book = xlsxwriter.Workbook(str(path))
    book.set_properties(
        {"title": f"{rules.label}: template", "created": datetime(2026, 1, 1)}
    )  # equal each time
    formats = {
        "bold": book.add_format({"bold": True}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    formats["text"] = book.add_format({"num_format": "@"})  # keeps leading zeros
    formats["title"] = book.add_format({"bold": True, "font_size": 14})
    sheet, explained = book.add_worksheet(table), book.add_worksheet(EXPLAINED)
    ranges = _explain(explained, rules, formats)
    _empty_sheet(sheet, rules, formats, ranges)
    book.close()
    mapping.write_text(starter_mapping(rules), encoding="utf-8")
    return path, mapping


def _empty_sheet(
    sheet: Worksheet, rules: Contract, formats: dict[str, Format], ranges: dict[str, str]
) -> None:
    for position, column in enumerate(rules.columns):
        sheet.write_string(0, position, column.name, formats["bold"])
        is_number = column.kind in ("integer", "number")
        sheet.set_column(
            position, position, max(12, len(column.name) + 2), None if is_number else formats["text"]
        )
        sheet.data_validation(1, position, ROWS, position, _validation(column, ranges))
    sheet.freeze_panes(1, 0)


def _validation(column: Column, ranges: dict[str, str]) -> dict[str, object]:
    """Return the rule of one column's cells; every column at least says what belongs into it."""
    required = "Required. " if column.required else ""
    message = f"{required}{_kind(column)}. {column.description}"
    rule: dict[str, object] = {
        "validate": "any",
        "input_title": column.label[:32],
        "input_message": message if len(message) <= 255 else f"{message[:252]}…",
        "error_title": "Not allowed",
    }
    if column.kind == "code" and column.name in ranges:
        rule |= {
            "validate": "list",
            "source": ranges[column.name],
            "error_message": "Choose a code from the list.",
        }
    elif column.kind == "boolean":
        rule |= {
            "validate": "list",
            "source": ["yes", "no"],
            "error_message": "Write yes or no, or leave it empty.",
        }
    elif column.kind in ("integer", "number") and column.minimum is not None and column.maximum is not None:
        rule |= {
            "validate": "integer" if column.kind == "integer" else "decimal",
            "criteria": "between",
            "minimum": column.minimum,
            "maximum": column.maximum,
            "error_message": f"From {column.minimum:g} to {column.maximum:g}.",
        }
    return rule


def _kind(column: Column) -> str:
    words = _AREAS_WORDS if column.several else _KIND_WORDS[column.kind].capitalize()
    return f"{words}, in {column.unit}" if column.unit else words


def _explain(sheet: Worksheet, rules: Contract, formats: dict[str, Format]) -> dict[str, str]:
    """Write the second sheet; return for each column with codes the cells that hold them."""
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 28)
    sheet.set_column(2, 2, 70, formats["wrap"])
    sheet.set_column(3, 5, 22, formats["wrap"])
    sheet.write_string(0, 0, rules.label, formats["title"])
    sheet.write_string(1, 0, rules.description)
    sheet.write_string(
        2, 0, f"One row: {_grain(rules)} Fill in the sheet '{rules.name}'; leave unknown cells empty."
    )
    row = _rows(sheet, 4, ("Column", "Kind", "What belongs into it", "Required", "Unit", "Example"), formats)
    for column in rules.columns:
        required = "required" if column.required else ""
        cells = (
            column.name,
            _KIND_WORDS[column.kind],
            column.description,
            required,
            column.unit,
            column.example,
        )
        row = _rows(sheet, row, cells)
    row = _rows(sheet, row + 1, ("Column", "Code", "Meaning"), formats)
    ranges = {}
    for column in rules.columns:
        first = row
        for code, label in column.codes.items():
            row = _rows(sheet, row, (column.name, code, label))
        if column.codes:
            ranges[column.name] = f"={EXPLAINED}!$B${first + 1}:$B${row}"
        for rare, broad in column.rolls_up.items():
            row = _rows(sheet, row, (column.name, rare, f"kept as: {broad}"))
    row = _rows(
        sheet, row + 1, ("Refused: column", "", "Rows are rejected and counted, by column, when:"), formats
    )
    for subject, sentence in refused(rules):
        row = _rows(sheet, row, (subject, "", sentence))
    return ranges


def _grain(rules: Contract) -> str:
    if not rules.is_tally:
        return rules.grain
    return f"a number of {TABLES[rules.name]} of one kind that were new in the period (count)."


def _rows(
    sheet: Worksheet, row: int, cells: tuple[str, ...], formats: dict[str, Format] | None = None
) -> int:
    """Write one row as text, in bold when ``formats`` are given, and return the next."""
    for position, text in enumerate(cells):
        sheet.write_string(row, position, text, formats["bold"] if formats else None)
    return row + 1


def refused(rules: Contract) -> list[tuple[str, str]]:
    """Return what would be refused: the column (or the whole file) and a sentence for each rule."""
    lines = []
    if rules.personal:
        kinds = ", ".join(words for rule, words in WORDS.items() if rule != "exact_date")
        lines.append(("The whole file", f"Columns that hold {kinds}, by their name or by what is in them."))
    lines.append(
        ("The whole file", "Formulas, macros, two columns of one name, a required column that is missing.")
    )
    for column in rules.columns:
        names = [*(("missing",) if column.required else ()), *_RULES_OF_KIND.get(column.kind, ())]
        names += [name for name in SEVERAL_AREAS if column.several and name not in names]
        if column.kind in ("code", "codes"):
            names.append("unknown_code" if column.codes else "bad_code")
        if column.kind == "date" and not column.future:
            names.append("future_date")
        if column.whole:
            names.append("not_a_whole_number")
        if column.minimum is not None:
            names.append("negative" if column.minimum == 0 else "below_minimum")
        if column.maximum is not None:
            names.append("above_maximum")
        lines += [(column.name, RULES[name]) for name in names]
    lines += [(rule.column, rule.message) for rule in rules.rules]
    if rules.unique:
        lines.append((", ".join(rules.unique), RULES["duplicate_key"]))
    return lines


def starter_mapping(rules: Contract) -> str:
    """Return a mapping that reads the filled-in template; its comments say what to change."""
    lines = [
        f"# How {rules.name}.xlsx is read. Every key is explained in docs/adding.md, 'Your own spreadsheet'.",
        "",
        '# period = "2025-01..2025-03"          # first and last month that the file reports on',
        "",
        "[source]",
        'id = "our_office"                     # code of the contributor: small letters, digits, _',
        'label = "Our office"                  # its name on screen',
        '# collection = "our_register"         # several contributors of one register share a collection',
        '# geography = "us"                    # code of the geography whose areas the file names',
        "",
        *(_STARTER_SERIES if rules.name == OBSERVATION else ()),
        "[[table]]",
        f'name = "{rules.name}"',
        f'sheet = "{rules.name}"',
        *(_STARTER_TALLY if rules.is_tally else ()),
        "",
        '[table.columns]                       # our column = "column of the file"',
    ]
    for column in rules.columns:
        if rules.name == OBSERVATION and column.name in SAID_ONCE:
            continue
        source = f'{{ column = "{column.name}", split = ";" }}' if column.is_list else f'"{column.name}"'
        needs_words = rules.name == OBSERVATION and mapping_needs_words(column)
        comment = f"   # after listing its words: [table.values.{column.name}]" if needs_words else ""
        lines.append(f"{'# ' if needs_words else ''}{column.name} = {source}{comment}")
    return "\n".join(lines) + "\n"
