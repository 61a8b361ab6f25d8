"""Tables as CSV that a spreadsheet opens correctly and cannot be attacked by."""

import polars as pl

from analysis.exports.safe_cells import harmless_frame


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """Return ``frame`` as CSV in UTF-8 with a byte order mark.

    Parameters
    ----------
    frame : polars.DataFrame
        Text and number columns. Nulls become empty fields.

    Returns
    -------
    bytes
        The mark makes Excel read en dashes and accents; readers of data packages skip it.
    """
    text = harmless_frame(frame).write_csv(line_terminator="\r\n")
    return b"\xef\xbb\xbf" + text.encode()
