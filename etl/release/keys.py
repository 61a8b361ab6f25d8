"""Record keys: a random-looking number, 0 to 255, that a record keeps as long as its year is not revised.

The sum of the keys in a cell decides the cell's noise, so the same records always get the same noise, whoever
asks, whenever, in whatever order. A record's key is the first byte of HMAC-SHA256(secret, record | reference
year | revision), spelt out (RFC 2104) for DuckDB: it hashes on all cores and records stay in the database.
"""

import hashlib
import hmac

BLOCK = 64
FINGERPRINT_LENGTH = 16

RECORD_KEY = (
    "('0x' || left(sha256($outer::BLOB || unhex(sha256($inner::BLOB || "
    "encode(concat_ws('|', record, reference_year, revision))))), 2))::UTINYINT"
)
"""SQL for the key of a row with the columns ``record``, ``reference_year`` and ``revision``."""


def pads(secret: bytes) -> dict[str, bytes]:
    """Return the values to bind to `RECORD_KEY`: the two padded keys of HMAC.

    Parameters
    ----------
    secret
        The deployment's secret.
    """
    short = hashlib.sha256(secret).digest() if len(secret) > BLOCK else secret
    padded = short.ljust(BLOCK, b"\0")
    return {"inner": bytes(b ^ 0x36 for b in padded), "outer": bytes(b ^ 0x5C for b in padded)}


def fingerprint(secret: bytes) -> str:
    """Return a text that tells two secrets apart and gives neither away."""
    return hmac.new(secret, b"fingerprint", hashlib.sha256).hexdigest()[:FINGERPRINT_LENGTH]
