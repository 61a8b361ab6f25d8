"""Takes the mapping of an earlier file over: only what is new is asked, a word or a column that has moved."""

import re
from collections.abc import Collection, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path

import polars as pl

from analysis.words import counted
from etl.drafting.columns.words import FEWEST_SHOWN, Word, words_in
from etl.drafting.writing.lines import Written, listed, quoted
from etl.incoming import ReadOptions
from etl.lines import LINE, first_lines_words
from etl.mapping import TableMapping, load_mapping
from etl.mapping.model import MADE
from etl.protect.anonymise import find_identifiers
from etl.protect.identifiers import WORDS, plain
from etl.readers import SHEET, TITLE, read

_SHORT = 2  # letters of words such as "of"
_ALIKE = 0.6  # share of letters that a name has in common with the one before


def taken_over(old: Path, path: Path, options: ReadOptions) -> Written:
    """Return the old mapping with what is new in a file: renamed columns, new words, new identifiers.

    Parameters
    ----------
    old
        A mapping that read an earlier file.
    path
        The new file.
    options
        Gives the geography when the mapping names none.

    Raises
    ------
    EtlError
        The mapping or the file cannot be read.
    """
    mapping = load_mapping(old, options)
    text = old.read_text("utf-8-sig")
    out = Written()
    words: dict[int, dict[str, list[str]]] = {}
    dropped: dict[str, str] = {}
    for number, table in enumerate(mapping.tables):
        frame = _frame(path, table)
        free = _free(table, frame)
        for name in _gone(table, frame):
            found = _renamed(name, free)
            if found is None:
                out.questions.append(f"column '{name}' is not in the file: correct its name, or take it out")
                continue
            free.remove(found)
            frame = frame.rename({found: name})
            text = text.replace(quoted(name), quoted(found))
            out.questions.append(f"column '{name}' is now taken to be '{found}': look at it")
        words[number] = _new_words(out, table, frame)
        for one in find_identifiers(frame.select([*free, LINE])):
            if one.column not in dropped:
                out.questions.append(
                    f"column '{one.column}' is new: it may hold {WORDS[one.rule]}, and is dropped"
                )
            dropped[one.column] = WORDS[one.rule]
    out.lines = _with_dropped(_with_words(text.splitlines(), words), dropped)
    return out


def _frame(path: Path, table: TableMapping) -> pl.DataFrame:
    layout = table.layout
    return read(
        path,
        sheet=layout.sheet,
        sheets=layout.sheets,
        skip_sheets=layout.skip_sheets,
        header_row=layout.header_row,
        header_rows=layout.header_rows,
        delimiter=layout.delimiter,
        encoding=layout.encoding,
        missing=layout.missing,
        totals=layout.totals,
    ).frame


def _free(table: TableMapping, frame: pl.DataFrame) -> list[str]:
    """Return the columns of the file that the mapping neither uses nor drops."""
    said = {name.casefold() for name in (*table.used, *table.layout.drop, LINE, SHEET)}
    return [name for name in frame.columns if name.casefold() not in said]


def _gone(table: TableMapping, frame: pl.DataFrame) -> list[str]:
    there = {name.casefold() for name in frame.columns}
    return [name for name in table.used if name.casefold() not in there and name not in (*MADE, SHEET, TITLE)]


def _renamed(name: str, free: Collection[str]) -> str | None:
    """Return the free column whose name is most like one that is gone; None where none is like it."""
    likeness = {other: _likeness(plain(name), plain(other)) for other in free}
    best = max(likeness, key=likeness.__getitem__, default=None)
    return best if best is not None and likeness[best] >= _ALIKE else None


def _likeness(one: str, other: str) -> float:
    """Return how alike two names are, whatever the order of their words: date of intake, intake date."""
    first, second = (
        " ".join(sorted(word for word in name.split() if len(word) > _SHORT)) for name in (one, other)
    )
    return max(SequenceMatcher(None, left, right).ratio() for left, right in ((one, other), (first, second)))


def _new_words(out: Written, table: TableMapping, frame: pl.DataFrame) -> dict[str, list[str]]:
    """Return the lines that a file adds to the words of each coded column."""
    added: dict[str, list[str]] = {}
    names = {name.casefold(): name for name in frame.columns}
    for target, rule in table.columns.items():
        column = table.contract.column(target)
        name = names.get(rule.columns[0].casefold()) if len(rule.columns) == 1 else None
        if name is None or not column.codes or rule.reads:
            continue
        known = {*column.codes, *column.rolls_up, *table.values.get(target, {})}
        known |= {word.casefold() for word in rule.missing}
        found = words_in(column, frame, name, split=rule.split).words
        if new := [word for word in found if word.text.casefold() not in known]:
            added[target] = _lines(out, target, new, tuple(column.codes))
    return added


def _lines(out: Written, target: str, new: Sequence[Word], codes: Sequence[str]) -> list[str]:
    lines = []
    for word in (word for word in new if word.is_shown):
        if word.is_taken:
            lines.append(f"{quoted(word.text)} = {listed(word.codes)}   # new, a listed word: look at it")
            out.questions.append(
                f"a new word of '{target}' is taken for {' and '.join(word.codes)}: look at it"
            )
        else:
            like = f"perhaps {' and '.join(word.codes)}, " if word.codes else ""
            meant = listed(word.codes) if word.codes else quoted("…")
            lines += [f"# OPEN: a new word, {like}one of {', '.join(codes)}"]
            lines += [f"# {quoted(word.text)} = {meant}"]
            out.questions.append(
                f"a new word of '{target}' in {counted(len(word.lines), 'row')}: which code?"
            )
    hidden = [line for word in new if not word.is_shown for line in word.lines]
    if hidden:
        where = first_lines_words(sorted(set(hidden)))
        said = f"new words of '{target}' in fewer than {FEWEST_SHOWN} rows, or not to be shown: line {where}"
        lines += [f"# OPEN: {said}", '# "…" = "…"']
        out.questions.append(said)
    return lines


def _with_words(lines: Sequence[str], words: Mapping[int, Mapping[str, Sequence[str]]]) -> list[str]:
    """Put new words below the heading of their column, or below one of their own behind its table."""
    done: list[str] = []
    table, waiting = -1, dict[str, Sequence[str]]()
    for line in lines:
        if re.match(r"\s*\[\[\s*table\s*\]\]", line):
            done += _parts(waiting)
            table += 1
            waiting = dict(words.get(table, {}))
        done.append(line)
        found = re.match(r"\s*\[\s*table\.values\.(\w+)\s*\]", line)
        if found and found[1] in waiting:
            done += waiting.pop(found[1])
    return [*done, *_parts(waiting)]


def _parts(waiting: Mapping[str, Sequence[str]]) -> list[str]:
    return [line for target, new in waiting.items() for line in ("", f"[table.values.{target}]", *new)]


def _with_dropped(lines: Sequence[str], dropped: Mapping[str, str]) -> list[str]:
    """Put new columns that identify people into ``drop``, for the whole file where nothing is dropped yet."""
    if not dropped:
        return list(lines)
    new = [f"  {quoted(name)},   # may hold {rule}" for name, rule in dropped.items()]
    done: list[str] = []
    is_there = False
    for line in lines:
        found = re.match(r'(\s*drop\s*=\s*)(\[|"[^"]*")(.*)$', line)
        if found and not is_there:
            rest = found[3] if found[2] == "[" else f"{found[2]}]{found[3]}"
            done += [f"{found[1]}[", *new, *([f"  {rest.strip()}"] if rest.strip() else [])]
            is_there = True
        else:
            done.append(line)
    if is_there:
        return done
    whole = ["drop = [", *new, "]"]
    place = next((i for i, line in enumerate(done) if re.match(r"\s*\[file\]", line)), None)
    if place is not None:
        return [*done[: place + 1], *whole, *done[place + 1 :]]
    place = next(i for i, line in enumerate(done) if re.match(r"\s*\[\[", line))
    return [*done[:place], "[file]", *whole, "", *done[place:]]
