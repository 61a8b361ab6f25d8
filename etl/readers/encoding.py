"""Finds the encoding of a text table: a byte-order mark, UTF-8, else Windows-1252, line by line.

A text is never held as a whole. It is gone through twice, block by block: a first look checks every byte and
counts the lines, so that nothing is judged before all of it can be read; then its records are taken out.
"""

import codecs
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from etl.errors import EtlError

_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
HEAD = 256_000  # characters looked at to find the delimiter and the header

Blocks = Callable[[], Iterable[bytes]]
"""The bytes of a file from its beginning, each time it is called."""


@dataclass(frozen=True)
class Text:
    """A text that is gone through block by block, and what the first look at all of it has told.

    Attributes
    ----------
    blocks : callable
        Its blocks from the beginning: whole lines, ended by line feeds; the last may have none.
    head : str
        The first block, or more: at least `HEAD` characters of a text that has so many.
    lines : int
        Of the whole text; one that ends without a line break counts.
    is_blank : bool
        Whether nothing but blanks is in it.
    notes : tuple of str
        What was found.
    """

    blocks: Callable[[], Iterator[str]]
    head: str
    lines: int
    is_blank: bool
    notes: tuple[str, ...]


def open_text(blocks: Blocks, file: str, encoding: str | None) -> Text:
    """Look at all of a text; one that mixes encodings is read line by line.

    Parameters
    ----------
    blocks
        Content of the file.
    file
        Its name, for messages.
    encoding
        Given by a mapping; None finds it: a byte-order mark, UTF-8, else Windows-1252.

    Raises
    ------
    EtlError
        Bytes that no text has, an encoding that does not exist, or a line that is not of it.
    """
    if encoding:
        return _looked_at(lambda: _decoded(blocks, file, encoding), ())
    if _beginning(blocks).startswith(_MARKS):
        return _looked_at(lambda: _decoded(blocks, file, "utf-16"), ("read as UTF-16",))
    is_utf8 = _refuse_binary(blocks, file)
    if is_utf8:
        return _looked_at(lambda: _decoded(blocks, file, "utf-8"), ())
    odd = sum(count for _, count in _line_by_line(blocks))
    note = f"{odd} lines are not UTF-8 and were read as Windows-1252 (Western European)"
    return _looked_at(lambda: (text for text, _ in _line_by_line(blocks)), (note,))


def _looked_at(decoded: Callable[[], Iterable[str]], notes: tuple[str, ...]) -> Text:
    head, length, lines, last, is_blank = [], 0, 0, "", True
    for block in _whole_lines(decoded()):
        if length <= HEAD:
            head.append(block)
            length += len(block)
        lines += block.count("\n")
        is_blank = is_blank and not block.strip()
        last = block
    lines += bool(last) and not last.endswith("\n")
    return Text(lambda: _whole_lines(decoded()), "".join(head), lines, is_blank, notes)


def _whole_lines(texts: Iterable[str]) -> Iterator[str]:
    """Yield blocks of whole lines; the line ends of Windows and of old Macs become line feeds."""
    begun: list[str] = []  # of a line that goes on in the next block
    held = ""  # a carriage return, of which only the next block tells what it is
    for text in texts:
        block = held + text
        held = "\r" if block.endswith("\r") else ""
        block = _with_line_feeds(block.removesuffix("\r") if held else block)
        cut = block.rfind("\n") + 1
        if cut:
            yield "".join([*begun, block[:cut]])
            begun = []
        if cut < len(block):
            begun.append(block[cut:])
    if rest := "".join([*begun, "\n" if held else ""]):
        yield rest


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _refuse_binary(blocks: Blocks, file: str) -> bool:
    """Refuse bytes that no text has; tell whether all others are UTF-8."""
    decoder, is_utf8 = codecs.getincrementaldecoder("utf-8")(), True
    for block in blocks():
        if b"\x00" in block:
            raise EtlError(
                f"{file}: the file holds bytes that no text has; it is not a text table.",
                "Export it again as .csv (UTF-8) or .xlsx and load that file.",
            )
        is_utf8 = is_utf8 and _can_decode(decoder, block)
    return is_utf8 and _can_decode(decoder, b"", final=True)


def _can_decode(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _line_by_line(blocks: Blocks) -> Iterator[tuple[str, int]]:
    """Yield blocks of text, each with the number of its lines that are not UTF-8."""
    begun: list[bytes] = []
    is_first = True
    for block in blocks():
        data = block.removeprefix(codecs.BOM_UTF8) if is_first else block
        is_first = is_first and not block
        cut = data.rfind(b"\n") + 1
        if cut:
            yield _of_lines(b"".join([*begun, data[:cut]]))
            begun = []
        if cut < len(data):
            begun.append(data[cut:])
    if begun:
        yield _of_lines(b"".join(begun))


def _of_lines(data: bytes) -> tuple[str, int]:
    try:
        return data.decode("utf-8"), 0
    except UnicodeDecodeError:
        pass
    text, odd = [], 0
    for line in data.split(b"\n"):
        try:
            text.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            odd += 1
            # The five bytes that Windows-1252 leaves open are read as Latin-1 reads them.
            text.append(
                line.decode("cp1252", errors="replace") if _is_cp1252(line) else line.decode("latin-1")
            )
    return "\n".join(text), odd


def _is_cp1252(line: bytes) -> bool:
    return not any(byte in line for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D))


def _decoded(blocks: Blocks, file: str, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(_name_of(file, encoding, _beginning(blocks)))()
    is_first, ends = True, 0  # line ends before what the decoder is given
    for block, is_last in _and_whether_last(blocks()):
        kept = decoder.getstate()[0]
        try:
            text = decoder.decode(block, is_last)
        except UnicodeError as error:
            bad = error.object[: error.start] if isinstance(error, UnicodeDecodeError) else b""
            line = 1 + ends - kept.count(b"\n") + bad.count(b"\n")
            raise EtlError(
                f"{file}: line {line} is not {encoding}.",
                "Delete 'encoding' from the mapping to have it found, or export the file again as UTF-8.",
            ) from None
        ends += block.count(b"\n")
        if is_first and text:
            text, is_first = text.removeprefix("\ufeff"), False
        yield text


def _and_whether_last(blocks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    before: bytes | None = None
    for block in blocks:
        if before is not None:
            yield before, False
        before = block
    yield before or b"", True


def _name_of(file: str, encoding: str, begin: bytes) -> str:
    """Return the encoding as a decoder needs it; without a mark, that of this machine's order of bytes."""
    try:
        b"a".decode(encoding)  # one that turns no bytes into text (base64) has a decoder, too
        name = codecs.lookup(encoding).name
    except LookupError:
        raise EtlError(
            f"{file}: there is no encoding '{encoding}'; common ones: utf-8, windows-1252, latin-1, utf-16.",
            "Correct 'encoding' in the mapping, or delete the line to have it found.",
        ) from None
    except ValueError:
        name = codecs.lookup(encoding).name  # one letter of an encoding of two bytes
    marks = {"utf-16": _MARKS, "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)}
    return name if begin.startswith(marks.get(name, b"")) else f"{name}-{sys.byteorder[0]}e"


def _beginning(blocks: Blocks) -> bytes:
    begin = b""
    for block in blocks():
        begin += block[:4]
        if len(begin) >= 4:
            break
    return begin
