"""Opens a mapping file, whose keys are then read by `analysis.catalog.table.Table`."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import polars as pl

from analysis.catalog.table import Table, read_toml
from analysis.errors import echo
from analysis.words import first_few
from etl.errors import EtlError
from etl.lines import LINE
from etl.readers import tidy
from etl.readers.headings import show_names

HEADINGS = "headings"
_SHOWN = 20
CHECK = "Correct the mapping, then run: python -m etl check FILE --source {source} --mapping {file}"


def read_mapping(path: Path | None, source: str = "own") -> Table:
    """Parse a mapping file; without one, return an empty table.

    Parameters
    ----------
    path
        The file, or None.
    source
        The source that reads with it, for the next step.

    Raises
    ------
    EtlError
        Missing, not text, or not TOML.
    """
    if path is None:
        return Table("", {})
    if not path.exists():
        raise EtlError(
            f"{path.name}: there is no such mapping file.",
            "Write one: see 'Your own spreadsheet' in docs/adding.md",
        )
    next_step = CHECK.format(file=path.name, source=source)
    return read_toml(path, path.name, lambda message: EtlError(message, next_step))


def stated_texts(
    path: Path | None, source: str, names: Collection[str], *, with_headings: bool = False
) -> dict[str, str]:
    """Return the texts that a mapping of a few optional keys states; any other key is refused.

    With ``with_headings`` the mapping may also have the table ``[headings]`` (`told_headings`).
    """
    mapping = read_mapping(path, source)
    if with_headings:
        mapping.accept([HEADINGS])
    stated = {name: mapping.text(name, "") for name in names}
    mapping.finish()
    return {name: text for name, text in stated.items() if text}


def told_headings(
    table: pl.DataFrame, path: Path, mapping: Path | None, source: str, usual: Mapping[str, Sequence[str]]
) -> pl.DataFrame:
    """Return a table of a named source with the columns renamed that a mapping says are headed otherwise.

    Parameters
    ----------
    table, path
        Text columns, and the file that they are of.
    mapping
        Its ``[headings]`` says for what is meant how the file calls it: ``year = "Reporting year"``.
    source
        Name of the source.
    usual
        For what is meant the headings that the source knows, the usual one first.

    Raises
    ------
    EtlError
        What is meant is not known, the file has no such column, or one column is to mean two things.
    """
    return renamed(table, path.name, read_mapping(mapping, source).table(HEADINGS, {}), usual)


def told_headings_of_files(
    mapping: Path | None, source: str, files: Mapping[str, Collection[str]]
) -> dict[str, Table]:
    """Return what a mapping says of the headings of each file of a folder: ``[headings.services]``.

    Parameters
    ----------
    mapping, source
        As in `told_headings`.
    files
        Our name for each file, and what else it is called.

    Returns
    -------
    dict
        Our name for a file → its headings, for `renamed`.

    Raises
    ------
    EtlError
        A file that the source does not read, or one told twice under two of its names.
    """
    keys = read_mapping(mapping, source).table(HEADINGS, {})
    ours = {name.casefold(): file for file, names in files.items() for name in (file, *names)}
    told: dict[str, Table] = {}
    for word in keys.values:
        file = ours.get(word.casefold().removesuffix(".csv"))
        if file is None:
            raise keys.not_allowed(word, word, list(files))
        if file in told:
            raise keys.fail(word, f"the same file as '{told[file].place.split('.')[-2]}'", "each file once")
        told[file] = keys.table(word)
    return told


def refuse_absent(told: Mapping[str, Table], there: Collection[str], name: str) -> None:
    """Refuse headings of a file that a folder does not have.

    Raises
    ------
    EtlError
        With the files that it has.
    """
    for file in sorted(told.keys() - set(there)):
        keys = told[file]
        shown = first_few(sorted(there), _SHOWN)
        place = keys.place.removesuffix(".")
        raise keys.refuse(f"{keys.file}: '{place}' is of a file that {name} does not have; allowed: {shown}.")


def renamed(table: pl.DataFrame, file: str, keys: Table, usual: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Return a table with the columns renamed that ``keys`` say are headed otherwise (`told_headings`)."""
    there = {tidy(name).casefold(): name for name in table.columns if name != LINE}
    taken = meanings(keys, file, there, usual, show=lambda names: show_names(names, table))
    known = {tidy(name).casefold().replace(" ", "_") for meant in taken.values() for name in usual[meant]}
    others = [
        name
        for name in table.columns
        if name not in taken and tidy(name).casefold().replace(" ", "_") in known
    ]
    # At once: two columns may be headed by the names of each other.
    return table.drop(others).rename({column: usual[meant][0] for column, meant in taken.items()})


def meanings(
    keys: Table,
    file: str,
    there: Mapping[str, str],
    usual: Collection[str],
    *,
    show: Callable[[Sequence[str]], str],
) -> dict[str, str]:
    """Return what each column means that a mapping says is headed otherwise.

    Parameters
    ----------
    keys
        What is meant → how the file calls it.
    file
        Its name, for messages.
    there
        The columns of the file by their names in small letters.
    usual
        What may be meant.
    show
        Writes names of columns as a message may: without headings the first record stands in their place.

    Raises
    ------
    EtlError
        What is meant is not known, the file has no such column, or one column is to mean two things.
    """
    taken: dict[str, str] = {}
    for meant in keys.values:
        if meant not in usual:
            raise keys.not_allowed(meant, meant, usual)
        heading = tidy(keys.text(meant))
        column = there.get(heading.casefold())
        if column is None:
            names = list(there.values())
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            shown = show(names[:_SHOWN]) + more
            raise keys.fail(meant, f"{echo(heading)}, which no column of {file} is called", shown)
        if column in taken:
            raise keys.fail(
                meant, f"{echo(heading)}, which means '{taken[column]}' already", "another column"
            )
        taken[column] = meant
    return taken
