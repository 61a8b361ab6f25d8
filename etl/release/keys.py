"""Record keys: a random-looking number, 0 to 255, that a record keeps as long as its year is not revised.

The sum of the keys in a cell decides the cell's noise, so the same records always get the same noise, whoever
asks, whenever, in whatever order.
"""

import hmac
from collections.abc import Iterable
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

FINGERPRINT_LENGTH = 16


def record_keys(
    secret: bytes, records: Iterable[str], years: Iterable[int], revisions: Iterable[int]
) -> NDArray[np.uint8]:
    """Return the first byte of HMAC-SHA256(secret, record | reference year | revision), record by record.

    Parameters
    ----------
    secret
        The deployment's secret.
    records, years, revisions
        Pseudonymous record key, reference year and revision of that year; equally long.

    Returns
    -------
    numpy.ndarray
        Keys from 0 to 255, in the order of the records.
    """
    ready = hmac.new(secret, digestmod=sha256)  # the secret is hashed once, then copied

    def first_byte(message: str) -> int:
        one = ready.copy()
        one.update(message.encode())
        return one.digest()[0]

    return np.fromiter(
        (
            first_byte(f"{record}|{year}|{revision}")
            for record, year, revision in zip(records, years, revisions, strict=True)
        ),
        dtype=np.uint8,
    )


def fingerprint(secret: bytes) -> str:
    """Return a text that tells two secrets apart and gives neither away."""
    return hmac.new(secret, b"fingerprint", sha256).hexdigest()[:FINGERPRINT_LENGTH]
