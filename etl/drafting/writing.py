"""Writes a draft down as a mapping: what is certain as keys, what is open as comments."""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from analysis.catalog.model import NOT_RECORDED
from analysis.words import counted
from etl.contracts.tallies import COUNT, TABLES
from etl.drafting.columns.matching import Match, lines_of, number_as
from etl.drafting.columns.words import FEWEST_SHOWN, Word
from etl.drafting.draft import Draft
from etl.drafting.rows import number_column
from etl.drafting.source import periods_of, source_code
from etl.lines import first_lines_words
from etl.mapping.synonyms import FOR_NOTHING
from etl.readers.headings import show_names

_BOTH = ("both", "ambos", "ambas", "les deux", "beides", "entrambi")
_WIDE = 44
#: How questions begin that are of the layout of a sheet, and of columns that say something together.
SHAPED, BLANK, TOGETHER = "the headings may be", "a blank in", "together, the month may be in"
#: How the question begins that is of rows of different things.
APART = "its rows are told apart by"
#: How the question begins that is of financial years.
FINANCIAL = "financial years"
_BY_WORDS_ALONE = 0.7  # confidence below which the name of a column says little


@dataclass
class Written:
    """The lines of a mapping, and what it leaves open, in words without values."""

    lines: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The file."""
        return "\n".join(self.lines).rstrip() + "\n"

    def add(self, line: str, why: str = "") -> None:
        """Write a line with the reason behind it."""
        self.lines.append(f"{line:<{_WIDE}} # {why}" if why else line)

    def ask(self, question: str, line: str = "") -> None:
        """Leave something open: a line that is a comment until somebody decides."""
        self.questions.append(question)
        self.lines.append(f"# OPEN: {question}")
        if line:
            self.lines.append(f"# {line}")


def quoted(text: str) -> str:
    """Return a text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def listed(texts: Sequence[str]) -> str:
    """Return one text, or a list of them, as TOML writes it."""
    return quoted(texts[0]) if len(texts) == 1 else "[" + ", ".join(map(quoted, texts)) + "]"


def write(made: Draft, geography: str) -> Written:
    """Return the mapping that a draft becomes."""
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
        _table(out, one, is_alone=is_alone)
    if not is_alone and made.left:
        out.add("# Tabs that are read by no table: " + ", ".join(map(quoted, made.left)))
    return out


def _together(made: Draft) -> Draft:
    """Return a draft with what those of the same rows prove of their dates."""
    matches = [*made.matched.matches, *(one for other in made.further for one in other.matched.matches)]
    return replace(made, matched=replace(made.matched, matches=tuple(matches)))


def _names_areas(made: Draft) -> bool:
    return made.area_of_tab or any(one.target.name == "area" for one in made.matched.matches)


def _table(out: Written, made: Draft, *, is_alone: bool) -> None:
    out.add("[[table]]")
    out.add(f'name = "{made.matched.table.name}"', made.matched.table.grain.split(".")[0])
    if made.matched.table.is_tally:
        what = TABLES[made.matched.table.name]
        out.add('tally = "new"', f"each number is of {what} new in its month, each in one number only:")
        out.add("", "numbers of those in care or open at one time are places in use (docs/adding.md)")
        if name := made.apart_by:
            which = (
                f"{APART} {show_names([name], made.sheet.frame)}, which fills nothing: which count {what}?"
            )
            out.ask(which, f"only = {{ {quoted(name)} = [{quoted('…')}] }}")
    if not is_alone:
        _layout(out, made, None)
    out.add("")
    _columns(out, made)
    for one in made.matched.matches:
        _values(out, made, one)
    _kinds(out, made)
    _flags(out, made)
    _unused(out, made)


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
            f"fill_down = {_list(shape.fill_down)}",
        )


def _list(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(quoted, texts))}]"


def _kinds(out: Written, made: Draft) -> None:
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
    meant = _list(known) if are_both else quoted("…")
    out.ask(f"what do the numbers in {quoted(name)} count{perhaps}", f"{quoted(name)} = {meant}")


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


def _columns(out: Written, made: Draft) -> None:
    out.add("[table.columns]")
    found = {one.target.name for one in made.matched.matches}
    found |= {flag.target for flag in made.matched.flags}
    joined = made.shape.joined if made.months is None else None
    for one in made.matched.matches:
        if joined and one.target.name == "period" and one.column in joined.columns:
            continue  # what they say together is asked for
        if one.is_open:
            shown = show_names([one.column], made.sheet.frame)
            why = f"{_percent(one.confidence)} sure, as no other column has dates: look at it"
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
    found |= _months(out, made)
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
        if made.months is not None and not made.months.is_whole:
            out.add(f"columns = {_list(spread.columns)}")  # totals stand between them
        else:
            out.add(f"from = {quoted(first)}")
            out.add(f"to = {quoted(last)}")
        out.add("")


def _open_columns(out: Written, made: Draft, found: Collection[str]) -> None:
    """Ask for the columns that must be there and were not found."""
    joined = made.shape.joined
    if joined and "period" in made.matched.table.names and made.months is None:
        columns = f"{{ columns = {_list(joined.columns)}, join = {quoted(joined.join)}"
        out.ask(
            f"{TOGETHER} {show_names(joined.columns, made.sheet.frame)}",
            f"period = {columns}, format = {quoted(joined.written)} }}",
        )
    for column in made.matched.table.columns:
        if column.required and column.name not in found:
            out.ask(f"which column is '{column.name}'? {column.description}", f'{column.name} = "…"')


def _months(out: Written, made: Draft) -> set[str]:
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
    if years:
        out.add(f'period = {{ columns = [{quoted(years[0])}, "@heading"], format = "yyyy mmm" }}')
    elif made.sheet.tabs and all(re.fullmatch(r"(19|20)\d\d", tab) for tab in made.sheet.tabs):
        out.add('period = { columns = ["@sheet", "@heading"], format = "yyyy mmm" }', "tabs are years")
    else:
        out.ask(
            "which year are the months of? Put it into a column of the file",
            'period = { columns = ["Year", "@heading"], format = "yyyy mmm" }',
        )
    return filled


def _read_as(made: Draft, number: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return how cells of some columns are written that are one number of the table: as money, say."""
    cells = {cell for name in names for cell in made.sheet.frame[name].drop_nulls().unique().to_list()}
    found = number_as(made.matched.table.column(number), "@cell", 1.0, sorted(cells))
    return found.reads if found else ()


def _is_years(made: Draft, name: str) -> bool:
    cells = made.sheet.frame[name].drop_nulls()
    return bool(cells.len()) and bool(cells.str.contains(r"^(19|20)\d\d(\.0)?$").all())


def _why(one: Match) -> str:
    if one.confidence < _BY_WORDS_ALONE:
        return f"{_percent(one.confidence)} sure, by some of its words: look at it"
    return f"{_percent(one.confidence)} sure, by name and cells"


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


def _percent(share: float) -> str:
    return f"{round(100 * min(share, 1))} %"


def _values(out: Written, made: Draft, one: Match) -> None:
    """Write the words of a coded column; of rare ones and those that may identify, where they stand."""
    if one.words is None:
        return
    own = {*one.target.codes, *one.target.rolls_up}
    words = [word for word in one.words.words if word.text.casefold() not in own]
    shown = [word for word in words if word.is_shown]
    hidden = [word for word in words if not word.is_shown and not word.is_listed]
    if not shown and not hidden:
        return
    out.add(f"[table.values.{one.target.name}]", f"words of at least {FEWEST_SHOWN} rows = our code")
    for word in shown:
        line, rows = (
            f"{quoted(word.text)} = {listed(word.codes) if word.codes else quoted('…')}",
            len(word.lines),
        )
        if word.is_taken:
            out.add(line, f"{counted(rows, 'row')}, a listed word")
        else:
            allowed = ", ".join(one.target.codes) or "the two letters of a country, such as US"
            like = (
                f"perhaps {' and '.join(word.codes)}, {_percent(word.confidence)} sure; "
                if word.codes
                else ""
            )
            out.ask(f"a word of '{one.target.name}' in {counted(rows, 'row')}: {like}one of {allowed}", line)
    _rare(out, one, hidden)
    out.add("")


def _rare(out: Written, one: Match, hidden: Sequence[Word]) -> None:
    if hidden:
        lines = sorted({line for word in hidden for line in word.lines})
        out.ask(
            f"{counted(len(hidden), 'further word')} of '{one.target.name}' in fewer than {FEWEST_SHOWN} "
            f"rows, or not to be shown: line {first_lines_words(lines)}",
            '"…" = "…"',
        )


def _flags(out: Written, made: Draft) -> None:
    targets = dict.fromkeys(flag.target for flag in made.matched.flags)
    for target in targets:
        out.add(f"[table.flags.{target}]", "columns of yes and no")
        for flag in made.matched.flags:
            if flag.target == target:
                out.add(f'{quoted(flag.column)} = "{flag.code}"')
        out.add("")


def _unused(out: Written, made: Draft) -> None:
    if made.unused:
        out.add("# Columns that nothing was found for; they are read, looked at and not kept:")
        out.add("#   " + ", ".join(map(quoted, made.unused)))
