"""Writes which column of a file fills which of a table, and what is the same for every row."""

from collections.abc import Collection

import polars as pl

from etl.contracts.tables import Column
from etl.contracts.tallies import COUNT
from etl.drafting.columns.matching import Match, lines_of
from etl.drafting.draft import Draft
from etl.drafting.writing.lines import TOGETHER, Written, as_list, listed, percent, quoted
from etl.drafting.writing.spread import months_to_rows
from etl.lines import first_lines_words
from etl.mapping.synonyms import FOR_NOTHING
from etl.readers.headings import show_names

_BY_WORDS_ALONE = 0.7  # confidence below which the name of a column says little


def columns(out: Written, made: Draft) -> set[str]:
    """Write which column fills which; return the columns of the table that are filled."""
    out.add("[table.columns]")
    found = {one.target.name for one in made.matched.matches}
    found |= {flag.target for flag in made.matched.flags}
    joined = made.shape.joined if made.months is None else None
    for one in made.matched.matches:
        if joined and one.target.name == "period" and one.column in joined.columns:
            continue  # what they say together is asked for
        if one.is_open:
            shown = show_names([one.column], made.sheet.frame)
            why = f"{percent(one.confidence)} sure: look at it"
            asked = f"which column is '{one.target.name}'? Perhaps {shown}, {why}"
            out.ask(
                f"{asked}. A birth or another date is none",
                f"{one.target.name} = {rule(made.sheet.frame, one)}",
            )
            continue
        out.add(f"{one.target.name} = {rule(made.sheet.frame, one)}", _why(one))
        if one.proof is not None and one.proof.unread:
            lines = lines_of(made.sheet.frame, one.column, one.proof.unread)
            out.ask(f"cells of '{one.target.name}' are no dates: line {first_lines_words(lines)}")
    if made.area_of_tab:
        out.add('area = "@sheet"', "the tabs are called as areas are")
        found.add("area")
    if made.period_of_tab is not None:
        out.add('period = "@sheet"', "the tabs are called as periods are")
        found.add("period")
    found |= months_to_rows(out, made)
    if made.kinds:
        out.add(f'{COUNT} = "@cell"', "what is in the columns of numbers")
        for target in made.kinds.targets:
            out.add(f'{target} = "@heading"', "what these columns are called")
        found |= {COUNT, *made.kinds.targets}
        beside = [name for name in made.kinds.beside if name in made.unused]
        if beside:
            out.ask(
                f"do {show_names(beside, made.sheet.frame)} count further ones? They are not read: "
                "if so, put them between 'from' and 'to' and say below what they count"
            )
    _open_columns(out, made, found)
    out.add("")
    spread = made.months or made.kinds
    if spread:
        first, last = spread.columns[0], spread.columns[-1]
        out.add("[table.unpivot]", "each of these columns becomes a row")
        if not spread.is_whole:
            out.add(f"columns = {as_list(spread.columns)}")  # totals stand between them
        else:
            out.add(f"from = {quoted(first)}")
            out.add(f"to = {quoted(last)}")
        out.add("")
    return found


def in_common(column: Column) -> bool:
    """Tell whether all rows of a sheet may say the same of a column: a listed code, a currency."""
    return bool(column.codes) or column.name == "currency"


def same_for_all(out: Written, made: Draft, found: Collection[str], covered: Collection[str]) -> None:
    """Show how to say what no column says and all rows may have in common: a needed code, an area.

    It is no question: an office that works in the whole region has no answer.

    Parameters
    ----------
    found
        Columns of the table that are filled.
    covered
        Names of the areas that all rows may be of.
    """
    table = made.matched.table
    missing = [one for one in table.columns if one.required and in_common(one) and one.name not in found]
    is_area_open = bool(covered) and "area" in table.names and "area" not in found
    if not missing and not is_area_open:
        return
    out.add("[table.constants]", "the same for every row")
    for column in missing:
        allowed = f"one of {', '.join(column.codes)}" if column.codes else f"such as {column.example}"
        out.add(f'# {column.name} = "…"', allowed)
    if is_area_open and len(covered) == 1:
        [only] = covered
        out.add(f"area = {quoted(only)}", "the only area that is covered, and no column says another")
    elif is_area_open:
        out.add('# area = "…"', "no column says where: if all rows are of one area, this one")
    out.add("")


def _open_columns(out: Written, made: Draft, found: Collection[str]) -> None:
    """Ask for the columns that must be there and were not found."""
    joined = made.shape.joined
    if joined and "period" in made.matched.table.names and made.months is None:
        columns = f"{{ columns = {as_list(joined.columns)}, join = {quoted(joined.join)}"
        out.ask(
            f"{TOGETHER} {show_names(joined.columns, made.sheet.frame)}",
            f"period = {columns}, format = {quoted(joined.written)} }}",
        )
    for column in made.matched.table.columns:
        if column.required and column.name not in found:
            out.ask(f"which column is '{column.name}'? {column.description}", f'{column.name} = "…"')


def _why(one: Match) -> str:
    if one.confidence < _BY_WORDS_ALONE:
        return f"{percent(one.confidence)} sure, by some of its words: look at it"
    return f"{percent(one.confidence)} sure, by name and cells"


def rule(frame: pl.DataFrame, one: Match) -> str:
    """Return how a column is filled, as a mapping writes it."""
    if one.since:
        return f"{{ since = {quoted(one.since)}, to = {quoted(one.column)} }}"
    parts = []
    if one.words and one.words.split:
        parts.append(f"split = {listed(one.words.split)}")
    if one.split:
        parts.append(f"split = {listed(one.split)}")
    if one.words and any(word.is_listed and not word.is_shown for word in one.words.words):
        parts.append("synonyms = true")
    if one.reads:
        parts.append(f"as = {listed(one.reads)}")
    cells = frame[one.column].drop_nulls().str.strip_chars().str.to_lowercase()
    if not one.target.codes and cells.is_in(list(FOR_NOTHING)).any():
        parts.append(f"missing = {listed(FOR_NOTHING)}")  # all of them: which one stands there is not said
    return quoted(one.column) if not parts else f"{{ column = {quoted(one.column)}, {', '.join(parts)} }}"


def unused(out: Written, made: Draft) -> None:
    """Name the columns that nothing was found for."""
    if made.unused:
        out.add("# Columns that nothing was found for; they are read, looked at and not kept:")
        out.add("#   " + ", ".join(map(quoted, made.unused)))
