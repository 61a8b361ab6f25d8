"""No text of ours makes a spreadsheet run something."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.exports.formats.safe_cells import harmless_frame

# First characters that start a formula in a spreadsheet, with their full-width forms (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless_text(text: str) -> str:
    return str(harmless_frame(pl.DataFrame({"text": [text]}))["text"][0])


@pytest.mark.parametrize(
    ("came", "left"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30 1", "'+49 30 1"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "' =1"),
        ("\r=1", "' =1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("plain\r\n=1", "plain =1"),
        ("0–8", "0–8"),
        ("2024-Q1", "2024-Q1"),
        ("", ""),
    ],
)
def test_text(came: str, left: str) -> None:
    assert harmless_text(came) == left


@given(st.text())
def test_no_text_starts_a_formula(text: str) -> None:
    assert not harmless_text(text).lstrip(" ").startswith(FORMULA_STARTS)


def test_numbers_stay_numbers() -> None:
    frame = pl.DataFrame({"change": [-5, 3], "label": ["-5", None]})
    assert harmless_frame(frame).to_dict(as_series=False) == {"change": [-5, 3], "label": ["'-5", None]}
