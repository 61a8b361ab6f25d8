"""Who made a PDF: this program, in place of the name that the typesetter writes into its file.

Typst has no setting for it. It writes the name twice, in clear text (Info dictionary and XMP), and a plain
table of where each object begins (ISO 32000-1, 7.5.4), which is put right after the names are replaced.
"""

import re

_IN_INFO = re.compile(rb"/Creator\(([^()\\]*)\)")
_IN_XMP = re.compile(rb"<xmp:CreatorTool>([^<]*)</xmp:CreatorTool>")
_LENGTH = re.compile(rb"/Length (\d+)")
_TABLE = re.compile(rb"xref\n0 (\d+)\n((?:\d{10} \d{5} [fn][ \r][\r\n])+)")
_START = re.compile(rb"startxref\n(\d+)\n%%EOF\s*$")
_ENTRY = 20  # bytes of one line of the table
Edit = tuple[int, int, bytes]


def made_by(document: bytes, name: str) -> bytes:
    """Return a PDF that names another program as its creator.

    Parameters
    ----------
    document
        As Typst writes it, with a plain table of objects at its end.
    name
        Letters of ASCII without brackets and angle brackets.

    Returns
    -------
    bytes
        The file as it came where a newer typesetter builds it otherwise: a name is no reason to have none.
    """
    new = name.encode("ascii")
    start = _START.search(document)
    table = _TABLE.match(document, int(start[1])) if start else None
    info, xmp = _last(_IN_INFO, document), _last(_IN_XMP, document)
    if start is None or table is None or info is None or xmp is None:
        return document
    begins = document.rindex(b"stream", 0, xmp.start())
    length = _last(_LENGTH, document[document.rindex(b"obj", 0, begins) : begins])
    if length is None:
        return document
    at = document.rindex(b"obj", 0, begins) + length.start(1)
    size = int(length[1]) + len(new) - len(xmp[1])
    edits = sorted(
        [
            (*info.span(1), new),
            (*xmp.span(1), new),
            (at, at + len(length[1]), b"%d" % size),
        ]
    )
    lines = [table[2][place : place + _ENTRY] for place in range(0, len(table[2]), _ENTRY)]
    moved = b"".join(
        b"%010d%s" % (_moved(int(line[:10]), edits), line[10:]) if line[17:18] == b"n" else line
        for line in lines
    )
    edits += [(*table.span(2), moved), (*start.span(1), b"%d" % _moved(int(start[1]), edits))]
    return _edited(document, edits)


def _last(pattern: re.Pattern[bytes], text: bytes) -> re.Match[bytes] | None:
    return next(iter([*pattern.finditer(text)][-1:]), None)


def _moved(place: int, edits: list[Edit]) -> int:
    return place + sum(len(new) - (end - start) for start, end, new in edits if start < place)


def _edited(document: bytes, edits: list[Edit]) -> bytes:
    parts, done = [], 0
    for start, end, new in edits:
        parts += [document[done:start], new]
        done = end
    return b"".join([*parts, document[done:]])
