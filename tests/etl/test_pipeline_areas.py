"""An area is found however a register writes it, and never guessed."""

import polars as pl
import pytest

from etl.contracts.areas import Areas, need_areas
from etl.errors import EtlError

STATES = [
    ("00", "Nation", None),
    ("01", "Alba", "00"),
    ("02", "Borea", "00"),
    ("01001", "St. Ives", "01"),
    ("01003", "Washington", "01"),
    ("02003", "Washington", "02"),
]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("01001", "01001"),
        ("st ives", "01001"),
        ("ST.  IVES", "01001"),
        ("St. Ives, Alba", "01001"),
        ("Washington, Borea", "02003"),
        ("Washington, 01", "01003"),
        ("1001", "01001"),  # a spreadsheet has dropped the zero
        ("Washington", None),  # there are two
        ("101", None),
        ("Nowhere", None),
        ("", None),
    ],
)
def test_what_is_written_and_what_is_meant(written: str, meant: str | None) -> None:
    assert Areas(STATES).find(written) == meant


def test_unknown_words_stay_to_be_rejected_by_the_contract() -> None:
    words = pl.Series(["st ives", None, "Washington", "Nowhere"])
    assert Areas(STATES).resolve(words).to_list() == ["01001", None, "Washington", "Nowhere"]
    assert Areas([]).resolve(words).to_list() == words.to_list()


def test_codes_of_different_lengths_are_not_padded() -> None:
    assert Areas([("12", "A", None), ("012", "B", None)]).find("12") == "12"


@pytest.mark.parametrize(("geography", "words"), [("", "geography ="), ("moon", "--source boundaries")])
def test_a_geography_that_is_not_loaded_is_told(geography: str, words: str) -> None:
    with pytest.raises(EtlError) as caught:
        need_areas(Areas([]), geography, "file.csv")
    assert "file.csv" in caught.value.message
    assert words in caught.value.next_step
    need_areas(Areas(STATES), geography, "file.csv")
