"""The mapping of the file that is open: drafted or taken over, changed on the page, looked at."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from etl.cli import Refusal
from etl.commands import map as drafting
from etl.commands.terminal import options
from etl.config import DEPLOYMENT, read_deployment
from etl.contracts.areas import Areas
from etl.contracts.tables import Column, contract, table_names
from etl.desk import engine
from etl.desk.state import Desk, mappings
from etl.drafting import editing, looking, naming, toml_text
from etl.drafting.columns.words import signs_in, words_in
from etl.drafting.shape import Shape, shape_of
from etl.errors import EtlError
from etl.lines import LINE, PART
from etl.mapping.blocks import without_blocks
from etl.progress import Progress
from etl.protect.identifiers import WORDS
from etl.readers import SHEET
from etl.readers.sheet_xml import Tab

Known = TypeVar("Known")
_MOST_KNOWN = 100
_LINES = re.compile(r"(\d(?:[\d,]*\d)?)(?: of part (\d+))?(?!,?\d| more)")


def begin(
    desk: Desk,
    *,
    table: str = "",
    sheet: str = "",
    header_row: int = 0,
    header_rows: int = 0,
    earlier: Path | None = None,
) -> None:
    """Draft the mapping of the open file as ``map`` does; what is refused stands in `Desk.why`.

    Parameters
    ----------
    table, sheet, header_row, header_rows
        What the rows are, the tab, the first row of the headings and how many there are; found where they
        are empty.
    earlier
        Take this mapping of an earlier file over instead.
    """
    if desk.upload is None:
        return
    words = ["map", str(desk.upload.path)]
    words += ["--table", table] if table else []
    words += ["--sheet", sheet] if sheet else []
    words += ["--header-row", str(header_row)] if header_row else []
    words += ["--header-rows", str(header_rows)] if header_rows else []
    words += ["--from", str(earlier)] if earlier else []
    made = engine.tried(lambda progress: drafting.drafted(engine.given(desk, *words), progress))
    if isinstance(made, Refusal):
        desk.why = made
        return
    desk.why, desk.sure, desk.questions = None, made.sure, made.written.questions
    change(desk, lambda _: without_blocks(toml_text.parsed(made.written.text)))
    found = editing.tables(said(desk))
    desk.table = str(found[0].get("name", "")) if found else ""


def also(desk: Desk, number: int, table: str) -> None:
    """Draft a second table for the same rows, and put it into the mapping.

    Parameters
    ----------
    number
        Of the table whose sheet it is, from 0.
    table
        What its rows are as well.

    Raises
    ------
    EtlError
        When the sheet cannot be drafted for it.
    """
    if desk.upload is None:
        return
    layout = editing.layout_of(said(desk), number)
    words = ["map", str(desk.upload.same()), "--table", table]
    for option, key in (
        ("--sheet", "sheet"),
        ("--header-row", "header_row"),
        ("--header-rows", "header_rows"),
    ):
        words += [option, str(layout[key])] if key in layout else []
    made = drafting.drafted(engine.given(desk, *words), Progress())
    drafted = without_blocks(toml_text.parsed(made.written.text))
    desk.sure = {**made.sure, **desk.sure}
    dates = [one.name for one in looked(desk, number).columns if one.rule == WORDS["exact_date"]]
    change(desk, lambda values: editing.add_table(values, number, drafted, dates))


def said(desk: Desk) -> dict[str, Any]:
    """Return what the mapping of the open file says."""
    return toml_text.parsed(desk.draft)


def change(desk: Desk, how: Callable[[dict[str, Any]], dict[str, Any] | None]) -> None:
    """Change the mapping: ``how`` changes what it is given, or returns what takes its place."""
    values = said(desk)
    desk.write(toml_text.written(how(values) or values))


def known(desk: Desk, about: tuple[str, ...], find: Callable[[Path, dict[str, Any]], Known]) -> Known:
    """Return what is known of the open file, found once for a question.

    Parameters
    ----------
    about
        What is asked, with all of the mapping that the answer depends on.
    find
        Given the file and what the mapping says; what it returns holds no cell that may not be shown.

    Raises
    ------
    EtlError
        When no file is open, or it is not the one any more that was chosen.
    """
    if desk.upload is None:
        raise EtlError("No file is open.", "Choose one in step 1.")
    if about not in desk.looked:
        found = find(desk.upload.same(), said(desk) if desk.draft else {})
        while len(desk.looked) >= _MOST_KNOWN:  # the oldest answers first
            desk.looked.pop(next(iter(desk.looked)))
        desk.looked[about] = found
    answer: Known = desk.looked[about]
    return answer


def tabs(desk: Desk) -> tuple[Tab, ...]:
    """Return the tabs of the open file."""
    return known(desk, ("tabs",), lambda path, _: looking.tabs_of(path))


def shape(desk: Desk, number: int) -> Shape:
    """Return what the layout of the sheet of one table may mean, beside what the mapping says of it."""

    def find(path: Path, values: dict[str, Any]) -> Shape:
        layout = editing.layout_of(values, number)
        is_said = any(key in layout for key in ("header_row", "header_rows", "sheets"))

        def again(row: int, rows: int) -> pl.DataFrame:
            other = {**values, "table": [{**layout, "header_row": row, "header_rows": rows, "columns": {}}]}
            return looking.reading(path, other, 0).frame

        return shape_of(looking.reading(path, values, number).frame, None if is_said else again)

    return known(desk, ("shape", *_opened_by(desk, number)), find)


def parts(desk: Desk, number: int) -> dict[int, str]:
    """Return the tab of each part of a table whose rows are of several tabs; empty where they are of one."""

    def find(path: Path, values: dict[str, Any]) -> dict[int, str]:
        frame = looking.reading(path, values, number).frame
        found = frame.select(pl.col(LINE) // PART + 1, SHEET).unique() if SHEET in frame.columns else None
        return dict(found.sort(LINE).rows()) if found is not None else {}

    layout = editing.layout_of(said(desk), number)
    if not layout.get("sheets") or "unpivot" in layout:  # rows that are made of columns are parts as well
        return {}
    return known(desk, ("parts", *_opened_by(desk, number)), find)


def by_tab(lines: str, tabs: Mapping[int, str]) -> str:
    """Return lines in words with the tab that each stands in.

    >>> by_tab("3, 1,007, 7 of part 2 and 5 more", {1: "North", 2: "South"})
    '3 of tab ‘North’, 1,007 of tab ‘North’, 7 of tab ‘South’ and 5 more'
    >>> by_tab("3, 7", {})
    '3, 7'
    """

    def named(found: re.Match[str]) -> str:
        tab = tabs.get(int(found[2] or 1))
        return f"{found[1]} of tab ‘{tab}’" if tab else found[0]

    return _LINES.sub(named, lines) if len(tabs) > 1 else lines


def looked(desk: Desk, number: int) -> looking.Looked:
    """Return what can be told of the sheet of one table."""
    filled = [one.get("columns") for one in editing.tables(said(desk))]
    about = ("look", _text(filled), *_opened_by(desk, number))
    return known(desk, about, lambda path, values: looking.look(path, values, number))


def words(desk: Desk, number: int, column: Column) -> tuple[looking.WordSeen, ...]:
    """Return the words of the column that fills a coded one."""

    def find(path: Path, values: dict[str, Any]) -> tuple[looking.WordSeen, ...]:
        return looking.words_seen(column, looking.reading(path, values, number).frame, values, number)

    table = editing.tables(said(desk))[number]
    rules = (table.get("columns", {}).get(column.name), table.get("values", {}).get(column.name))
    return known(desk, ("words", column.name, _text(rules), *_opened_by(desk, number)), find)


def signs(desk: Desk, number: int, column: Column) -> tuple[str, ...]:
    """Return the signs in the cells of a column that may stand between several words."""

    def find(path: Path, values: dict[str, Any]) -> tuple[str, ...]:
        cells = looking.cells_of(column, looking.reading(path, values, number).frame, values, number)
        return signs_in(cells[looking.CELLS].drop_nulls().unique().to_list() if cells.width else [])

    names = editing.words_from(said(desk), number, column)
    return known(desk, ("signs", *names, *_opened_by(desk, number)), find) if names else ()


def kept_words(desk: Desk, number: int, name: str) -> tuple[str, ...]:
    """Return the words of a column of the file that may be shown, to keep rows by; of references none."""
    if _is_reference(said(desk), name):
        return ()

    def find(path: Path, values: dict[str, Any]) -> tuple[str, ...]:
        frame = looking.reading(path, values, number).frame
        there = (one for one in frame.columns if one.casefold() == name.casefold())
        return next((looking.kept_words(frame, one) for one in there), ())

    return known(desk, ("kept", name, *_opened_by(desk, number)), find)


def _is_reference(values: dict[str, Any], name: str) -> bool:
    """Tell whether a column of the file is what people or organisations are known by, in any table."""
    for number, table in enumerate(editing.tables(values)):
        of = contract(str(table["name"])) if table.get("name") in table_names() else None
        filled = editing.filled_by(values, number)
        references = (one.name for one in of.columns if one.reference) if of else ()
        if name.casefold() in (filled[one].casefold() for one in references if one in filled):
            return True
    return False


def divide(desk: Desk, number: int, column: Column, signs: Sequence[str]) -> None:
    """Say what stands between several words in a cell, and take over what the words then mean unasked.

    Raises
    ------
    EtlError
        When no file is open, or it is not the one any more that was chosen.
    """
    if desk.upload is None:
        return
    path = desk.upload.same()

    def put(values: dict[str, Any]) -> None:
        editing.divide(values, number, column.name, signs)
        if column.codes:
            cells = looking.cells_of(column, looking.reading(path, values, number).frame, values, number)
            found = words_in(column, cells, looking.CELLS, tuple(signs), is_several=True)
            editing.take_words(values, number, column, found)

    change(desk, put)


def names(desk: Desk, number: int, column: Column) -> tuple[naming.NameSeen, ...]:
    """Return the words of a column of countries or areas that the lists do not tell apart."""

    def find(path: Path, values: dict[str, Any]) -> tuple[naming.NameSeen, ...]:
        known_areas = areas(desk) if column.kind == "area" else None
        return naming.names_seen(
            column, looking.reading(path, values, number).frame, values, number, known_areas
        )

    values = said(desk)
    table = editing.tables(values)[number]
    rules = (table.get("columns", {}).get(column.name), table.get("values", {}).get(column.name))
    where = str(values.get("source", {}).get("geography", ""))
    return known(desk, ("names", column.name, where, _text(rules), *_opened_by(desk, number)), find)


def areas(desk: Desk, geography: str = "") -> Areas:
    """Return the areas covered of a geography; without one, of that which the mapping or deployment says."""
    if desk.upload is None:
        return Areas(())
    home, deployment = options.deployment_of(engine.given(desk, "map", str(desk.upload.path)))
    named = geography or said(desk).get("source", {}).get("geography", "") or deployment.geography
    return drafting.known_areas(home, replace(deployment, geography=named)) if named else Areas(())


def _opened_by(desk: Desk, number: int) -> tuple[str, ...]:
    """Return what the mapping says of how a sheet is opened, and which columns it looks for."""
    values = said(desk)
    layout = editing.layout_of(values, number)
    keys = {key: value for key, value in layout.items() if key not in ("columns", "values", "drop")}
    return _text(keys), _text(editing.used(values, number)), str(number)


def _text(value: Any) -> str:
    return json.dumps(value, default=str)


def tabs_are_areas(desk: Desk, geography: str) -> bool:
    """Return whether most tabs that are read together are called as areas of a geography are."""
    file = said(desk).get("file", {})
    if desk.upload is None or not file.get("sheets"):
        return False
    there = areas(desk, geography)
    called = [tab.name for tab in tabs(desk) if not tab.is_hidden]
    read = [name for name in called if name not in file.get("skip_sheets", ())]
    return 2 * sum(there.find(name) is not None for name in read) > len(read)


def earlier_mappings(home: Path) -> list[Path]:
    """Return the mappings of earlier files: of the desk, of the home, and of its deployment."""
    found = [*sorted(mappings(home).glob("*.toml")), *sorted(home.glob("*.toml"))]
    found += [one.mapping for one in read_deployment(home).inputs if one.mapping is not None]
    names = dict.fromkeys(path.resolve() for path in found if path.name != DEPLOYMENT and path.is_file())
    return list(names)
