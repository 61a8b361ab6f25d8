"""Writes columns that each become a row: of months, and of kinds that are counted."""

import re
from collections.abc import Sequence

from analysis.catalog.model import NOT_RECORDED
from etl.drafting.columns.matching import number_as
from etl.drafting.columns.years import months_from
from etl.drafting.draft import Draft
from etl.drafting.rows import number_column
from etl.drafting.writing.lines import YEAR, Written, as_list, listed, quoted

_BOTH = ("both", "ambos", "ambas", "les deux", "beides", "entrambi")


def kinds_to_codes(out: Written, made: Draft) -> None:
    """Write what the names of columns of numbers mean."""
    if made.kinds is None:
        return
    kinds = made.kinds
    for target, codes in ((kinds.target, kinds.codes), *kinds.others):
        out.add(f"[table.values.{target}]", "names of columns = our code")
        for name, code in zip(kinds.columns, codes, strict=True):
            if code:
                out.add(f"{quoted(name)} = {quoted(code)}")
            else:
                _open_kind(out, made, name, target, codes)
        out.add("")


def _open_kind(out: Written, made: Draft, name: str, target: str, codes: Sequence[str]) -> None:
    """Ask what the name of a column of numbers means; of two kinds, "Both" is perhaps both."""
    known = list(dict.fromkeys(code for code in codes if code and code != NOT_RECORDED))
    column = made.matched.table.column(target)
    are_both = name.casefold() in _BOTH and len(known) == len(("one", "other")) and column.kind == "codes"
    perhaps = f": perhaps {' and '.join(known)}" if are_both else f": one of {', '.join(column.codes)}"
    meant = as_list(known) if are_both else quoted("…")
    out.ask(f"what do the numbers in {quoted(name)} count{perhaps}", f"{quoted(name)} = {meant}")


def months_to_rows(out: Written, made: Draft) -> set[str]:
    """Write how columns of months become rows; return the columns of the table that they fill."""
    months = made.months
    if months is None:
        return set()
    filled = {"period"}
    number = number_column(made.matched.table)
    if number:
        reads = _read_as(made, number, months.columns)
        cell = f'{{ column = "@cell", as = {listed(reads)} }}' if reads else '"@cell"'
        out.add(f"{number} = {cell}", "what is in the columns of months")
        filled.add(number)
    else:
        out.ask(f"which column of '{made.matched.table.name}' do the cells of months fill?", '… = "@cell"')
    if not months.needs_year:
        form = f", format = {listed(months.formats)}" if months.formats else ""
        out.add(f'period = {{ columns = ["@heading"]{form} }}', "the months that columns are called")
        return filled
    years = [name for name in made.unused if _is_years(made, name)]
    form = listed([f"yyyy {text}" for text in months.formats])
    if years:
        out.add(f'period = {{ columns = [{quoted(years[0])}, "@heading"], format = {form} }}')
    elif made.sheet.tabs and all(re.fullmatch(r"(19|20)\d\d", tab) for tab in made.sheet.tabs):
        out.add(f'period = {{ columns = ["@sheet", "@heading"], format = {form} }}', "tabs are years")
    elif made.months_from:
        out.add(
            f"period = {twelve_months_rule(made.months_from, months.formats)}", "the year that a name says"
        )
    else:
        first = months_from("20…", months.columns, months.formats)
        out.ask(
            f"{YEAR} {quoted(months.columns[0])}, the first of the columns",
            f"period = {twelve_months_rule(first, months.formats)}",
        )
    return filled


def twelve_months_rule(first: str, formats: Sequence[str]) -> str:
    """Return how columns that say no year are read, as a mapping writes it."""
    return f'{{ columns = ["@heading"], months_from = {quoted(first)}, format = {listed(formats)} }}'


def _read_as(made: Draft, number: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return how cells of some columns are written that are one number of the table: as money, say."""
    cells = {cell for name in names for cell in made.sheet.frame[name].drop_nulls().unique().to_list()}
    found = number_as(made.matched.table.column(number), "@cell", 1.0, sorted(cells))
    return found.reads if found else ()


def _is_years(made: Draft, name: str) -> bool:
    cells = made.sheet.frame[name].drop_nulls()
    return bool(cells.len()) and bool(cells.str.contains(r"^(19|20)\d\d(\.0)?$").all())
