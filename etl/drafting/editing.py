"""A mapping as values that a keeper changes: what a file says, not how it was laid out."""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import polars as pl

from etl.contracts.tables import Column, contract
from etl.contracts.tallies import COUNT
from etl.drafting.columns.matching import Match
from etl.drafting.columns.words import Words
from etl.drafting.writing.columns import rule
from etl.mapping import model
from etl.mapping.columns import NOT_RECORDED_WORDS
from etl.mapping.model import holds_several

#: Keys of a table that say how its sheet is opened.
OPENING = (
    "sheet",
    "sheets",
    "skip_sheets",
    "skip_hidden",
    "header_row",
    "header_rows",
    "fill_down",
    "group_rows",
    "drop",
    "totals",
)


def layout_of(values: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Return how the file of one table is opened: what the table says before what holds for all."""
    return {**_dict(values.get("file")), **tables(values)[number]}


def tables(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the tables that a mapping fills."""
    found = values.get("table")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def filled_by(values: Mapping[str, Any], number: int) -> dict[str, str]:
    """Return which column of the file fills which of a table; what is joined or made is not among them."""
    found = {}
    for target, said in _dict(tables(values)[number].get("columns")).items():
        column = said.get("column") if isinstance(said, dict) and "since" not in said else said
        if isinstance(column, str) and not column.startswith("@"):
            found[target] = column
    return found


def words_from(values: Mapping[str, Any], number: int, column: Column) -> tuple[str, ...]:
    """Return the columns of the file whose cells are the words of one of a table; none where there are none.

    Several are put together where the column holds several codes; groups and tabs have words as well.
    """
    said = _dict(tables(values)[number].get("columns")).get(column.name)
    one = said if isinstance(said, dict) else {"column": said}
    names = tuple(_texts(one.get("columns"))) or tuple(_texts(one.get("column")))
    is_one = len(names) == 1 or column.is_list
    return names if is_one and "since" not in one and not {model.HEADING, model.CELL} & {*names} else ()


def used(values: Mapping[str, Any], number: int) -> tuple[str, ...]:
    """Return the columns of the file that a table is made of, each once."""
    table = tables(values)[number]
    names: list[str] = []
    for said in _dict(table.get("columns")).values():
        one = said if isinstance(said, dict) else {"column": said}
        names += [*_texts(one.get("column")), *_texts(one.get("columns")), *_texts(one.get("since"))]
        names += _texts(one.get("to"))
    names += [name for flags in _dict(table.get("flags")).values() for name in _dict(flags)]
    names += [*_dict(table.get("only")), *_texts(layout_of(values, number).get("fill_down"))]
    unpivot = _dict(table.get("unpivot"))
    names += [name for key in ("columns", "from", "to") for name in _texts(unpivot.get(key))]
    return tuple(dict.fromkeys(name for name in names if not name.startswith("@")))


def dated_by(values: Mapping[str, Any], number: int) -> frozenset[str]:
    """Return the columns of dates of which a month or a number of days is kept, small letters.

    They are those of all tables that are made of the rows of one.
    """
    found: set[str] = set()
    for at in of_the_same_rows(values, number):
        table = tables(values)[at]
        kinds = {one.name: one.kind for one in contract(str(table["name"])).columns}
        for target, said in _dict(table.get("columns")).items():
            one = said if isinstance(said, dict) else {"column": said}
            if kinds.get(target) in ("date", "period") or "since" in one:
                found |= {
                    name for key in ("column", "columns", "since", "to") for name in _texts(one.get(key))
                }
    return frozenset(name.casefold() for name in found)


def spread(values: Mapping[str, Any], number: int, names: Sequence[str]) -> tuple[str, ...]:
    """Return which columns of the file each become a row: those named, or all from one to another."""
    unpivot = _dict(tables(values)[number].get("unpivot"))
    ends = [_place(names, end) for key in ("from", "to") for end in _texts(unpivot.get(key))]
    if len(ends) == 2 and None not in ends:
        first, last = sorted(place for place in ends if place is not None)
        return tuple(names[first : last + 1])
    return tuple(name for name in names if name in _texts(unpivot.get("columns")))


def _place(names: Sequence[str], name: str) -> int | None:
    return next((at for at, one in enumerate(names) if one.casefold() == name.casefold()), None)


def dropped(values: Mapping[str, Any], number: int) -> tuple[str, ...]:
    """Return the columns of the file that are never kept."""
    return tuple(_texts(layout_of(values, number).get("drop")))


def filled_down(values: Mapping[str, Any], number: int) -> tuple[str, ...]:
    """Return the columns of the file in which a blank means the same as above."""
    return tuple(_texts(layout_of(values, number).get("fill_down")))


def of_the_same_rows(values: Mapping[str, Any], number: int) -> list[int]:
    """Return which tables are made of the rows that one is made of, that one among them."""
    opened = [{key: one.get(key) for key in OPENING} for one in tables(values)]
    return [at for at, one in enumerate(opened) if one == opened[number]]


def alike(values: Mapping[str, Any], number: int, target: str) -> list[int]:
    """Return which tables of the same rows fill a column of that name by the same one of the file.

    The words of the first one are asked for; they hold for all.
    """
    column = filled_by(values, number).get(target, "").casefold()
    same = of_the_same_rows(values, number) if column else [number]
    return [at for at in same if filled_by(values, at).get(target, "").casefold() == column]


def leave_out(values: dict[str, Any], number: int, name: str) -> None:
    """Keep a column of the file out: no table that it is left out of is made of it any more."""
    table = tables(values)[number]
    for at, one in enumerate(tables(values)):
        if at == number or not ("drop" in table or "drop" in one):  # what stands for all holds for others
            _use_no_more(values, at, name)
    place = table if "drop" in table else values.setdefault("file", {})
    place["drop"] = [*(one for one in _texts(place.get("drop")) if one != name), name]


def _use_no_more(values: dict[str, Any], number: int, name: str) -> None:
    table, small = tables(values)[number], name.casefold()
    for target, said in list(_dict(table.get("columns")).items()):
        one = said if isinstance(said, dict) else {"column": said}
        parts = [part for key in ("column", "columns", "since", "to") for part in _texts(one.get(key))]
        if small in [part.casefold() for part in parts]:
            empty(values, number, target)
    below = filled_down(values, number)
    kept = [one for one in below if one.casefold() != small]
    if len(kept) < len(below):
        fill_down(values, number, kept)
    tick_no_more(values, number, name)


def tick_no_more(values: dict[str, Any], number: int, name: str) -> None:
    """Take back what a yes in a column of the file means."""
    every = _dict(tables(values)[number].get("flags"))
    for target, flags in list(every.items()):
        flags.pop(name, None)
        if not flags:
            every.pop(target)


def take_in(values: dict[str, Any], number: int, name: str) -> None:
    """Let a column of the file be read again."""
    for place in (tables(values)[number], _dict(values.get("file"))):
        if "drop" in place:
            place["drop"] = [one for one in _texts(place["drop"]) if one.casefold() != name.casefold()]
            if not place["drop"]:
                place.pop("drop")


def fill(values: dict[str, Any], number: int, one: Match, frame: pl.DataFrame) -> None:
    """Fill a column of a table by one of the file, with the words and formats that its cells show.

    Parameters
    ----------
    values
        Of the mapping; changed.
    number
        Of its tables, from 0.
    one
        What fills what (`etl.drafting.columns.matching.chosen`).
    frame
        Text columns and ``_line``.
    """
    empty(values, number, one.target.name)
    is_same(values, number, one.target.name, "")
    for target, column in filled_by(values, number).items():
        if column == one.column and not (one.target.name == "area" or target == "area"):
            empty(values, number, target)
    table = tables(values)[number]
    written_rule = tomllib.loads(f"rule = {rule(frame, one)}")["rule"]
    table.setdefault("columns", {})[one.target.name] = written_rule
    if one.words is not None:
        take_words(values, number, one.target, one.words)
    if one.proof is not None and one.proof.formats:
        file = values.setdefault("file", {})
        formats = [*_texts(file.get("date_format")), *one.proof.formats]
        file["date_format"] = list(dict.fromkeys(formats))


def take_words(values: dict[str, Any], number: int, column: Column, words: Words) -> None:
    """Say what the words mean that a draft takes over unasked, beside those that the mapping explains."""
    known = {*column.codes, *column.rolls_up, *meanings(values, number, column.name)}
    for word in words.words:
        if word.is_shown and word.is_taken and word.text.casefold() not in known:
            mean(values, number, column.name, word=word.text, codes=word.codes)


def fill_down(values: dict[str, Any], number: int, names: Sequence[str]) -> None:
    """Say in which columns of the file a blank means the same as above; other tables stay as they are."""
    if for_all := _dict(values.get("file")).pop("fill_down", None):
        for other in tables(values):
            other.setdefault("fill_down", for_all)
    table = tables(values)[number]
    table.pop("fill_down", None)
    if names:
        table["fill_down"] = list(names)


def join(values: dict[str, Any], number: int, target: str, rule: Mapping[str, Any]) -> None:
    """Fill a column of a table by several of the file together; none of them fills another one then."""
    small = {name.casefold() for name in _texts(rule.get("columns"))}
    for before, column in filled_by(values, number).items():
        if column.casefold() in small:
            empty(values, number, before)
    empty(values, number, target)
    tables(values)[number].setdefault("columns", {})[target] = dict(rule)


def add_table(
    values: dict[str, Any], number: int, drafted: Mapping[str, Any], dates: Collection[str] = ()
) -> None:
    """Make a second table of the rows of one: as it was drafted, opened as that one is.

    Parameters
    ----------
    values
        Of the mapping; changed.
    number
        Of the table whose sheet it is, from 0.
    drafted
        What a draft of the same sheet says.
    dates
        Columns left out only because the first table had no use for their dates: the second one's are read.
        What was left out otherwise, or by hand, stays so.
    """
    [new, *_] = tables(drafted)
    small, needed = {name.casefold() for name in dates}, used({"table": [new]}, 0)
    for name in needed:
        if name.casefold() in small:
            take_in(values, number, name)
    out = {name.casefold() for name in dropped(values, number)}
    for name in needed:
        if name.casefold() in out:
            _use_no_more({"table": [new]}, 0, name)
    opened = {key: value for key, value in tables(values)[number].items() if key in OPENING}
    values["table"].append({**new, **opened})
    last = len(values["table"]) - 1
    for target in filled_by(values, last):
        first = tables(values)[alike(values, last, target)[0]]
        if first is not values["table"][last] and target in _dict(first.get("values")):
            values["table"][last].setdefault("values", {})[target] = dict(first["values"][target])
    if area := same_for_all(values, number).get("area"):
        is_same(values, last, "area", area)
    formats = [
        *_texts(layout_of(values, number).get("date_format")),
        *_texts(layout_of(drafted, 0).get("date_format")),
    ]
    if formats:
        values.setdefault("file", {})["date_format"] = list(dict.fromkeys(formats))


def empty(values: dict[str, Any], number: int, target: str) -> None:
    """Fill a column of a table by nothing."""
    table = tables(values)[number]
    _dict(table.get("columns")).pop(target, None)
    _dict(table.get("values")).pop(target, None)


def filled(table: Mapping[str, Any]) -> frozenset[str]:
    """Return the columns of ours that a table of a mapping fills: by columns, ticks, or alike in all rows."""
    return frozenset(name for key in ("columns", "constants", "flags") for name in _dict(table.get(key)))


def counts(table: Mapping[str, Any]) -> bool:
    """Tell whether a table of a mapping is made of numbers of records."""
    return COUNT in _dict(table.get("columns"))


def same_for_all(values: Mapping[str, Any], number: int) -> dict[str, str]:
    """Return the columns of a table that are the same for every row, each with what it is."""
    said = _dict(tables(values)[number].get("constants"))
    return {target: value for target, value in said.items() if isinstance(value, str)}


def is_same(values: dict[str, Any], number: int, target: str, value: str) -> None:
    """Say what a column is for every row of a table that no column of the file fills; empty takes it back.

    An area holds for all tables that are made of the same rows.
    """
    for at in of_the_same_rows(values, number) if target == "area" else (number,):
        table = tables(values)[at]
        if target not in contract(str(table["name"])).names or target in _dict(table.get("columns")):
            continue
        said = table.setdefault("constants", {})
        said.pop(target, None)
        if value:
            said[target] = value
        if not said:
            table.pop("constants")


def mean(values: dict[str, Any], number: int, target: str, *, word: str, codes: Sequence[str] | None) -> None:
    """Say what a word of a column means: one code or several, no code for nothing, None to take it back."""
    table = tables(values)[number]
    words = table.setdefault("values", {}).setdefault(target, {})
    for known in [one for one in words if one.casefold() == word.casefold()]:
        words.pop(known)
    if codes is not None:
        words[word] = codes[0] if len(codes) == 1 else list(codes) if codes else ""
    if not words:
        table["values"].pop(target)


def meanings(values: Mapping[str, Any], number: int, target: str) -> dict[str, tuple[str, ...]]:
    """Return what the mapping says of the words of a column, small letters; no codes for "not recorded"."""
    said = _dict(_dict(tables(values)[number].get("values")).get(target))
    return {word.casefold(): tuple(code for code in _texts(codes) if code) for word, codes in said.items()}


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: Any) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, str)]


def divided_by(values: Mapping[str, Any], number: int, target: str) -> tuple[str, ...]:
    """Return the signs between several words in a cell of a column; none where a cell holds one."""
    said = _dict(_dict(tables(values)[number].get("columns")).get(target))
    return tuple(_texts(said.get("split")))


def divide(values: dict[str, Any], number: int, target: str, signs: Sequence[str]) -> None:
    """Say which signs stand between several words in a cell of a column; none for one word a cell."""
    columns = tables(values)[number]["columns"]
    said = columns[target] if isinstance(columns[target], dict) else {"column": columns[target]}
    columns[target] = {key: value for key, value in said.items() if key != "split"}
    if signs:
        columns[target]["split"] = signs[0] if len(signs) == 1 else list(signs)


def may_hold_several(values: Mapping[str, Any], number: int, column: Column) -> bool:
    """Return whether one cell may hold several words of a column, beside what else the table is filled by."""
    table = tables(values)[number]
    others = [*_dict(table.get("columns")), *_dict(table.get("constants"))]
    return holds_several(contract(str(table["name"])), column, others)


def lenient(values: dict[str, Any], number: int, target: str, *, is_kept: bool) -> None:
    """Say whether a cell of a column that nothing explains is not recorded, or costs its row."""
    columns = tables(values)[number]["columns"]
    said = columns[target] if isinstance(columns[target], dict) else {"column": columns[target]}
    columns[target] = {key: value for key, value in said.items() if key != "unreadable"}
    if is_kept:
        columns[target]["unreadable"] = NOT_RECORDED_WORDS
