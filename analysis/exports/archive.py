"""A zip file whose bytes depend on nothing but its contents."""

import io
import zipfile
from collections.abc import Mapping

#: Zip files cannot hold an earlier date; the real time would make two equal exports differ.
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)
_QUICK, _USUAL = 1, 6
_ALREADY_COMPRESSED = (".xlsx", ".parquet")


def zip_bytes(files: Mapping[str, bytes], *, quickly: bool = False) -> bytes:
    """Return a zip of ``files``.

    Parameters
    ----------
    files : Mapping[str, bytes]
        File name to content, written in this order.
    quickly : bool
        Whether a tenth more bytes are worth a third of the time: for the inside of a workbook.

    Returns
    -------
    bytes
        The same bytes for the same files, at any time on any machine.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _FIXED_DATE)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            stored = name.endswith(_ALREADY_COMPRESSED)
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content, compresslevel=None if stored else _QUICK if quickly else _USUAL)
    return buffer.getvalue()
