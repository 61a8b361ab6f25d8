"""Record keys: what they are made of, how they are spread, that they stay."""

import hashlib
import hmac

import numpy as np
from scipy import stats

from etl.release.keys import fingerprint, record_keys

SECRET = b"a secret of the tests, thirty-two"


def test_a_key_is_the_first_byte_of_the_hmac_of_record_year_and_revision() -> None:
    keys = record_keys(SECRET, ["a1", "b2"], [2020, 2021], [0, 3])
    expected = [
        hmac.new(SECRET, message, hashlib.sha256).digest()[0] for message in (b"a1|2020|0", b"b2|2021|3")
    ]
    assert keys.tolist() == expected
    assert keys.dtype == np.uint8


def test_keys_are_uniform() -> None:
    count = 200_000
    keys = record_keys(SECRET, (f"{n:032x}" for n in range(count)), [2024] * count, [0] * count)
    assert stats.chisquare(np.bincount(keys, minlength=256)).pvalue > 0.001


def test_keys_change_with_year_revision_and_secret_and_with_nothing_else() -> None:
    records = [f"{n:032x}" for n in range(2_000)]

    def keys(secret: bytes, year: int, revision: int) -> np.ndarray:
        return record_keys(secret, records, [year] * len(records), [revision] * len(records))

    first = keys(SECRET, 2024, 0)
    assert (keys(SECRET, 2024, 0) == first).all()
    for other in (keys(SECRET, 2023, 0), keys(SECRET, 2024, 1), keys(SECRET + b"x", 2024, 0)):
        assert (other == first).mean() < 0.02  # by chance one in 256


def test_the_fingerprint_tells_secrets_apart_and_does_not_show_them() -> None:
    assert fingerprint(SECRET) == fingerprint(bytes(SECRET))
    assert fingerprint(SECRET) != fingerprint(SECRET + b"x")
    assert SECRET.hex()[:8] not in fingerprint(SECRET)
