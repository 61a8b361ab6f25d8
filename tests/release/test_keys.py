"""Record keys: what they are made of, how they are spread, that they stay."""

import duckdb
import numpy as np
import pytest
from scipy import stats

from etl.release.cells.keys import RECORD_KEY, fingerprint, keyed, pads
from tests.release.support import expected_key

SECRET = b"a secret of the tests, thirty-two"


def keys(
    records: str,
    year: int = 2024,
    revision: int = 0,
    secret: bytes = SECRET,
    *,
    name: str = "person_key",
    person: str = "",
) -> np.ndarray:
    """Return the keys of a query that gives one column ``record``, the identifier called ``name``."""
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT {RECORD_KEY} AS key FROM (SELECT {keyed(name, person)} AS keyed, "
            f"{year} AS reference_year, {revision} AS revision "
            f"FROM (SELECT * RENAME (record AS {name}) FROM ({records})))",
            pads(secret),
        ).fetchnumpy()["key"]
    assert found.dtype == np.uint8
    return found


@pytest.mark.parametrize("secret", [SECRET, b"short one, 16 by", b"long " * 40])
def test_a_key_is_the_first_byte_of_the_hmac_of_record_year_and_revision(secret: bytes) -> None:
    records = ["a1", "b2", "é|x", ""]
    query = "SELECT unnest(['a1', 'b2', 'é|x', '']) AS record"
    for year, revision in ((2020, 0), (2021, 3)):
        expected = [expected_key(secret, record, year, revision) for record in records]
        assert keys(query, year, revision, secret).tolist() == expected


MANY = "SELECT md5(i::VARCHAR) AS record FROM range(200000) AS r(i)"


def test_keys_are_uniform() -> None:
    assert stats.chisquare(np.bincount(keys(MANY), minlength=256)).pvalue > 0.001


def test_keys_change_with_year_revision_and_secret_and_with_nothing_else() -> None:
    first = keys(MANY)
    assert (keys(MANY) == first).all()
    for other in (keys(MANY, year=2023), keys(MANY, revision=1), keys(MANY, secret=SECRET + b"x")):
        assert (other == first).mean() < 0.006  # by chance one in 256


def test_the_same_identifier_of_another_thing_has_another_key() -> None:
    """Person 17 and tip 17 have nothing to do with each other, and neither has their noise."""
    people, tips = keys(MANY).astype(int), keys(MANY, name="tip_key").astype(int)
    both = np.bincount(256 * people + tips, minlength=256 * 256)
    assert stats.chisquare(both).pvalue > 0.001


def test_records_about_a_known_person_have_the_persons_key_and_others_their_own() -> None:
    about = "SELECT 'r' || i AS record, CASE WHEN i % 2 = 0 THEN md5(i::VARCHAR) END AS person_key "
    found = keys(f"{about} FROM range(200000) AS r(i)", name="referral_key", person="person_key")
    people = keys(MANY)
    assert (found[::2] == people[::2]).all()
    own = keys("SELECT 'r' || i AS record FROM range(200000) AS r(i)", name="referral_key")
    assert (found[1::2] == own[1::2]).all()


def test_the_fingerprint_tells_secrets_apart_and_does_not_show_them() -> None:
    assert fingerprint(SECRET) == fingerprint(bytes(SECRET))
    assert fingerprint(SECRET) != fingerprint(SECRET + b"x")
    assert SECRET.hex()[:8] not in fingerprint(SECRET)
