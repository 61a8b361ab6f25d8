"""The same slides give the same bytes: nothing in a file is of the moment it was written."""

import io
import re
import zipfile
from html import escape

from analysis.program import NAME
from ui.briefing.paper.words import cleaned

_MOMENT = (2000, 1, 1, 0, 0, 0)
_DAYS = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_CREATOR = re.compile(rb"<dc:creator>[^<]*</dc:creator>|<dc:creator/>")
#: The libraries write of themselves that they are the office program; what follows is all that is known.
_APPLICATION = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>%s</Application><Company>%s</Company></Properties>"
)
_FIXED = rb"\g<1>2000-01-01T00:00:00Z\g<2>"


def packed(document: bytes, publisher: str) -> bytes:
    """Return an Office file with fixed times, and with this program as what made it; workbooks in it too.

    Parameters
    ----------
    document
        As the libraries write it.
    publisher
        Whose figures they are.
    """
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file,
    ):
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename.endswith(".xlsx"):
                content = packed(content, publisher)
            elif entry.filename.endswith("core.xml"):
                whose = b"<dc:creator>%s</dc:creator>" % _text(publisher)
                content = _DAYS.sub(_FIXED, _CREATOR.sub(lambda _: whose, content))  # noqa: B023
            elif entry.filename.endswith("docProps/app.xml"):
                content = _APPLICATION % (_text(NAME), _text(publisher))
            fixed = zipfile.ZipInfo(entry.filename, _MOMENT)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            fixed.external_attr = 0o600 << 16
            file.writestr(fixed, content)
    return target.getvalue()


def _text(words: str) -> bytes:
    return escape(cleaned(words)[:250], quote=False).encode()
