"""Writes a draft down as a mapping: what is certain as keys, what is open as comments."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from analysis.words import counted
from etl.contracts.tallies import TABLES
from etl.drafting.draft import Draft
from etl.drafting.source import periods_of, source_code
from etl.drafting.writing.columns import columns, same_for_all, unused
from etl.drafting.writing.lines import (
    APART,
    BLANK,
    COUNTED,
    FINANCIAL,
    SHAPED,
    TALLY,
    Written,
    as_list,
    listed,
    quoted,
)
from etl.drafting.writing.spread import kinds_to_codes
from etl.drafting.writing.words import flags, meanings
from etl.readers.headings import show_names


def write(made: Draft, geography: str, covered: Collection[str] = ()) -> Written:
    """Return the mapping that a draft becomes.

    Parameters
    ----------
    geography
        Of the areas; empty where it is not known.
    covered
        Names of the areas that are covered and hold no others: where no column names one, it is asked for.
    """
    out = Written()
    out.add(f"# Drafted for {_plain(made.file)}. Read it before you load: what stands behind # is why.")
    out.add("# Every key is explained in docs/adding.md, 'Your own spreadsheet'.")
    out.add("")
    out.add("[source]")
    name = source_code(made.file)
    out.add(f"id = {quoted(name)}", "code of the contributor, from the name of the file")
    out.add(f"label = {quoted(name.replace('_', ' ').capitalize())}", "its name on screen")
    length, longer = periods_of((made, *made.further))
    if length:
        out.add(f"period_resolution = {quoted(length)}", "no row says more than that")
    if longer:
        out.ask(*longer)
    if geography:
        out.add(f"geography = {quoted(geography)}")
    elif any(_names_areas(one) for one in (made, *made.further)):
        out.ask("whose areas does it name? Those of a geography that is loaded", 'geography = "us"')
    out.add("")
    is_alone = all(one.is_beside for one in made.further)
    if is_alone:
        out.add("[file]")
        _layout(out, _together(made), made.left)
        out.add("")
    for number, one in enumerate((made, *made.further)):
        out.add("") if number and out.lines[-1] else None
        _table(out, one, covered, is_alone=is_alone)
    if not is_alone and made.left:
        out.add("# Tabs that are read by no table: " + ", ".join(map(quoted, made.left)))
    return out


def _together(made: Draft) -> Draft:
    """Return a draft with what those of the same rows prove of their dates."""
    matches = [*made.matched.matches, *(one for other in made.further for one in other.matched.matches)]
    return replace(made, matched=replace(made.matched, matches=tuple(matches)))


def _names_areas(made: Draft) -> bool:
    return made.area_of_tab or any(one.target.name == "area" for one in made.matched.matches)


def _table(out: Written, made: Draft, covered: Collection[str], *, is_alone: bool) -> None:
    out.add("[[table]]")
    out.add(f'name = "{made.matched.table.name}"', made.matched.table.grain.split(".")[0])
    if made.matched.table.is_tally:
        what = TABLES[made.matched.table.name]
        each = f"each number is of {what} new in its month, each in one number only"
        if made.is_told or made.apart_by:
            out.add('tally = "new"', f"{each}:")
        else:
            out.ask(f"{COUNTED} {what} new in their month, each in one number only? No name says it", TALLY)
        out.add("", "numbers of those in care or open at one time are places in use (docs/adding.md)")
        if name := made.apart_by:
            which = (
                f"{APART} {show_names([name], made.sheet.frame)}, which fills nothing: which count {what}?"
            )
            out.ask(which, f"only = {{ {quoted(name)} = [{quoted('…')}] }}")
    if made.is_by_day:
        out.ask(
            "its rows are of days, and this table has one row for each month: make a sheet of months, of a "
            "count the last day, of amounts the sum"
        )
    if made.kept is not None:
        rows = f"{counted(made.kept.others, 'row')} of something else, or of nothing said: not counted"
        out.add(f"only = {{ {quoted(made.kept.column)} = {as_list(made.kept.words)} }}", rows)
    if not is_alone:
        _layout(out, made, None)
    out.add("")
    same_for_all(out, made, columns(out, made), covered)
    for one in made.matched.matches:
        meanings(out, made, one)
    kinds_to_codes(out, made)
    flags(out, made)
    unused(out, made)


def _plain(file: str) -> str:
    return "".join(char for char in file if char.isprintable())


def _layout(out: Written, made: Draft, left: Sequence[str] | None) -> None:
    """Write how a table is opened; ``left`` are the tabs not read, None where several tables are drafted."""
    if made.sheet.tabs:
        said = f"{len(made.sheet.tabs)} tabs have the same columns; @sheet is the name of each"
        listed_tabs = f"[{', '.join(map(quoted, made.sheet.tabs))}]"
        out.add('sheets = "*"' if left is not None else f"sheets = {listed_tabs}", said)
        if left:
            out.add(f"skip_sheets = [{', '.join(map(quoted, left))}]")
    elif made.sheet.name:
        out.add(f"sheet = {quoted(made.sheet.name)}", f"not read: {', '.join(left)}" if left else "")
    if made.sheet.header_row is not None:
        out.add(f"header_row = {made.sheet.header_row}")
    if made.sheet.header_rows is not None:
        out.add(f"header_rows = {made.sheet.header_rows}")
    _shape(out, made)
    _formats(out, made)
    if made.dropped:
        out.add("drop = [")
        for name, rule in made.dropped:
            out.add(f"  {quoted(name)},", f"may hold {rule}: never kept")
        out.add("]")


def _shape(out: Written, made: Draft) -> None:
    """Ask what the layout of the sheet may mean: headings of several rows, blanks below a group."""
    shape = made.shape
    if shape.header_rows:
        where = f"--header-row {shape.header_row} --header-rows {shape.header_rows}"
        out.ask(f"{SHAPED} {shape.header_rows} rows from row {shape.header_row}: draft again with {where}")
    if shape.fill_down:
        out.ask(
            f"{BLANK} {show_names(shape.fill_down, made.sheet.frame)} may mean the same as above",
            f"fill_down = {as_list(shape.fill_down)}",
        )


def _formats(out: Written, made: Draft) -> None:
    formats = list(dict.fromkeys(text for proof in made.proofs for text in proof.formats))
    every = dict.fromkeys(text for proof in made.proofs for text in proof.doubtful)
    doubtful = [text for text in every if text not in formats]
    if formats:
        out.add(f"date_format = {listed(formats)}", "all dates are read by these, none in two ways")
    if doubtful:
        out.ask(
            f"no date tells which of {', '.join(doubtful)} is meant: keep one",
            f"date_format = {listed([doubtful[0]])}",
        )
    if any(proof.is_financial for proof in made.proofs) or (made.months and made.months.is_financial):
        out.ask(f"{FINANCIAL}: with which month do they begin?", "fiscal_year = { first_month = 10 }")
