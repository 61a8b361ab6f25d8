"""What a share divides by is a number of people too: where it is small, it is told nowhere."""

from itertools import product

import pytest

from analysis import Catalog, Question, answer, load_catalog, open_release
from tests.demonstration import demonstration_release

WITH_PEOPLE_BELOW = ("share", "quantile")


def questions(catalog: Catalog) -> list[Question]:
    """Return shares and medians by quarter or year and by each dimension, which makes their bases small."""
    found = []
    for measure in catalog.measures.values():
        if measure.door != "person" or measure.kind not in WITH_PEOPLE_BELOW or not measure.subject:
            continue
        for level, dim in product(("year", "quarter"), catalog.subjects[measure.subject].dimensions):
            found.append(Question(measure.code, ("period", dim), {}, period_level=level))
    return found


@pytest.mark.parametrize("profile", ["public", "partner"])
def test_no_share_or_median_tells_of_few_people_whom_it_divides_by(profile: str) -> None:
    release = open_release(demonstration_release(profile))
    small, told, kept_back = 0, 0, 0
    for found in answer(questions(load_catalog()), release, strict=False):
        if found.refusal:
            continue  # not on the closed list
        frame = found.frame
        bases = frame["base"].drop_nulls()
        small += int((bases < release.threshold).sum())
        told += bases.len()
        kept_back += frame["base"].null_count()
    assert told > 1_000 and kept_back > 50, "else nothing was tried"
    assert small == 0
