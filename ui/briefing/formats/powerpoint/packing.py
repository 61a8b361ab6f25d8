"""The same slides give the same bytes: nothing in a file is of the moment it was written."""

import io
import re
import zipfile

_MOMENT = (2000, 1, 1, 0, 0, 0)
_DAYS = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_FIXED = rb"\g<1>2000-01-01T00:00:00Z\g<2>"


def packed(document: bytes) -> bytes:
    """Return an Office file with fixed times, embedded workbooks too."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file,
    ):
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename.endswith(".xlsx"):
                content = packed(content)
            elif entry.filename.endswith("core.xml"):
                content = _DAYS.sub(_FIXED, content)
            fixed = zipfile.ZipInfo(entry.filename, _MOMENT)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            fixed.external_attr = 0o600 << 16
            file.writestr(fixed, content)
    return target.getvalue()
