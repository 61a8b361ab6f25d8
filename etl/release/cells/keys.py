"""Record keys: a random-looking number, 0 to 255, that a record keeps as long as its year is not revised.

The sum of the keys in a cell decides the cell's noise, so the same records always get the same noise, whoever
asks, whenever, in whatever order. A record's key is the first byte of HMAC-SHA256(secret, name of the
identifier | identifier | reference year | revision), spelt out (RFC 2104) for DuckDB: it hashes on all cores
and records stay in the database.

The name of the identifier keeps apart what only looks alike (person 17, referral 17). Records about a known
person, such as referrals, take the person's key: people counted as people or by their one referral each are
the same people, and a second noise over them would be a second draw to average with the first.

Tables by a finer dimension (age bands) add one fixed secret number to their key sums, tables by the coarser
one (child or adult) do not. With the same noise in both, children and children of 9 to 17 would have other
numbers exactly when there is a younger child; and where younger ones are rare, that is one child, known.
"""

import hashlib
import hmac

BLOCK = 64
FINGERPRINT_LENGTH = 16

RECORD_KEY = (
    "('0x' || left(sha256($outer::BLOB || unhex(sha256($inner::BLOB || "
    "encode(concat_ws('|', keyed, reference_year, revision))))), 2))::UTINYINT"
)
"""SQL for the key of a row with the columns ``keyed``, ``reference_year`` and ``revision``."""


def keyed(key: str, person: str) -> str:
    """Return the SQL for what a record's key is made of: the name of an identifier, and the identifier.

    Parameters
    ----------
    key
        Column that identifies a record.
    person
        Column that identifies the person it is about, NULL where not known; "" for records of nobody.
    """
    own = f"'{key}|' || {key}"
    return f"coalesce('{person}|' || {person}, {own})" if person else own


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


def apart(secret: bytes, keys: int) -> int:
    """Return what tables by a finer dimension add to their key sums: 1 to ``keys`` − 1."""
    drawn = int.from_bytes(hmac.digest(secret, b"finer dimensions", "sha256"))
    return 1 + drawn % (keys - 1)


def fingerprint(secret: bytes) -> str:
    """Return a text that tells two secrets apart and gives neither away."""
    return hmac.new(secret, b"fingerprint", hashlib.sha256).hexdigest()[:FINGERPRINT_LENGTH]
