"""Finds the encoding of a text table: a byte-order mark, UTF-8, else Windows-1252, line by line."""

import codecs

from etl.errors import EtlError


def decode(data: bytes, file: str, encoding: str | None) -> tuple[str, list[str]]:
    """Turn bytes into text; a file that mixes encodings is read line by line.

    Parameters
    ----------
    data
        Content of the file.
    file
        Its name, for messages.
    encoding
        Given by a mapping; None finds it: a byte-order mark, UTF-8, else Windows-1252.

    Returns
    -------
    tuple
        The text and notes on what was found.
    """
    if encoding:
        return _decode_as(data, file, encoding), []
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode_as(data, file, "utf-16"), ["read as UTF-16"]
    data = data.removeprefix(codecs.BOM_UTF8)
    if b"\x00" in data:
        raise EtlError(
            f"{file}: the file holds bytes that no text has; it is not a text table.",
            "Export it again as .csv (UTF-8) or .xlsx and load that file.",
        )
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        pass
    lines = data.split(b"\n")
    text, odd = [], 0
    for line in lines:
        try:
            text.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            odd += 1
            # The five bytes that Windows-1252 leaves open are read as Latin-1 reads them.
            text.append(
                line.decode("cp1252", errors="replace") if _is_cp1252(line) else line.decode("latin-1")
            )
    return "\n".join(text), [f"{odd} lines are not UTF-8 and were read as Windows-1252 (Western European)"]


def _is_cp1252(line: bytes) -> bool:
    return not any(byte in line for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D))


def _decode_as(data: bytes, file: str, encoding: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except LookupError:  # no such name, or one that turns no bytes into text (base64)
        raise EtlError(
            f"{file}: there is no encoding '{encoding}'; common ones: utf-8, windows-1252, latin-1, utf-16.",
            "Correct 'encoding' in the mapping, or delete the line to have it found.",
        ) from None
    except UnicodeError:
        line = 1 + data[: _first_bad(data, encoding)].count(b"\n")
        raise EtlError(
            f"{file}: line {line} is not {encoding}.",
            "Delete 'encoding' from the mapping to have it found, or export the file again as UTF-8.",
        ) from None


def _first_bad(data: bytes, encoding: str) -> int:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start
    except UnicodeError:
        return 0
    return 0
