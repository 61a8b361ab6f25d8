"""A file is what its name says: the one rule of every command that writes one.

A program opens a file by the ending of its name; figures in a file that is called something else open as
rubbish, or not at all.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from analysis.errors import LttError, echo
from analysis.exports.formats.registry import FORMATS

#: Of each format of a table the endings that its files can have, the usual one first.
ENDINGS_OF_TABLES = {code: (code,) for code in FORMATS} | {
    "geojson": ("geojson", "json"),
    "geoparquet": ("parquet", "geoparquet"),
}
OF_PACKAGES = {"zip": ("zip",)}
#: Endings that say what a file is, whichever command writes it.
_TELLING = {ending for known in ENDINGS_OF_TABLES.values() for ending in known} | {
    *("zip", "pptx", "pdf", "html", "htm", "ppt", "xls", "doc", "docx", "toml", "md", "png", "svg", "gz"),
}


def format_of(out: Path, given: str, endings: Mapping[str, Iterable[str]], usual: str = "") -> str:
    """Return the format of a file: the one that is named, else the one that its name says.

    Parameters
    ----------
    out
        The file.
    given
        Code of the format that was named; empty where none was.
    endings
        Formats that the command writes, with the endings of their files, small letters without a dot.
    usual
        Format of a file whose name has no ending; empty where one has to be named.

    Raises
    ------
    LttError
        When the name says another format than the one that is named, or none that there is.
    """
    ending = out.suffix.removeprefix(".").lower()
    owners = [code for code, known in endings.items() if ending in known]
    if given and given not in endings:
        raise _none(echo(given), out, endings)
    if given:
        if ending in _TELLING and given not in owners:
            raise LttError(
                f"{out.name} ends in .{ending}, and what would be written is {given}.",
                f"Name it {_named(out, given, endings)}" + (", or leave out --format." if owners else "."),
            )
        return given
    if owners:
        return owners[0]
    if usual and not ending:
        return usual
    raise _none(echo(ending) if ending else "Nothing", out, endings)


def _none(what: str, out: Path, endings: Mapping[str, Iterable[str]]) -> LttError:
    first = next(iter(endings))
    return LttError(
        f"{what} is no format. Allowed: {', '.join(endings)}.",
        f"Name the file {_named(out, first, endings)}, or another of these.",
    )


def _named(out: Path, code: str, endings: Mapping[str, Iterable[str]]) -> str:
    return f"{out.stem or 'file'}.{next(iter(endings[code]))}"
