"""Tallies: a row that says 14 stands for 14 records without references that are new in its month.

What such a row may say is less than what a listed record may: nobody among the 14 is known by a number, and
hours or days are of one record and not of 14.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from etl.contracts.tables import Column, Contract

COUNT = "count"
#: Tables whose rows may be numbers, and what one of the number is.
TABLES: Mapping[str, str] = {"person": "people", "tip": "reports", "referral": "referrals"}
#: Columns that tell the same more or less finely: together they divide once.
ONE_DIVISION: Mapping[str, str] = {"age_band": "age", "age_group": "age", "citizenship_group": "citizenship"}
MOST_IN_A_ROW = 100_000
_OF_ONE_RECORD = ("known_to_agency",)  # lists overlap only where people are known by a number
_STOCKS = re.compile(
    r"\b(in care|in shelter|in program(me)?|current(ly)?|census|caseload|case load|active|open|occupied|"
    r"in use|on hand|end of month|month end|at end|waiting|waitlist)\b"
)
_FLOWS = re.compile(r"\b(new|newly|intakes?|admitted|admissions?|entered|entries|received|opened)\b")


def as_tally(table: Contract, has_rest: bool = False) -> Contract:
    """Return the contract of rows that are numbers of records of a table.

    Parameters
    ----------
    table
        One of `TABLES`.
    has_rest
        Whether a row that says less than others is what belongs to none of them, and not their total.
    """
    columns = tuple(column for column in table.columns if not is_of_one_record(column))
    gone = {column.name for column in table.columns} - {column.name for column in columns}
    rules = tuple(rule for rule in table.rules if not gone & set(re.findall(r"\w+", rule.check)))
    count = Column(
        COUNT,
        "integer",
        "Number",
        f"How many {TABLES[table.name]} of this kind were new in the period. Each stands in one number only.",
        required=True,
        minimum=0,
        maximum=MOST_IN_A_ROW,
        example="14",
    )
    return replace(table, columns=(*columns, count), rules=rules, is_tally=True, has_rest=has_rest)


def is_of_one_record(column: Column) -> bool:
    """Tell whether a column says something that only one record can have: a number of its own, or days."""
    if column.reference:
        return column.name.endswith("_ref")
    is_measured = column.kind in ("integer", "number", "boolean") and column.name != "age"
    return is_measured or column.name in _OF_ONE_RECORD


def sounds_like_a_stock(heading: str) -> bool:
    """Tell whether a column is called as those in care or open at one time are, and not as new ones.

    >>> sounds_like_a_stock("In care"), sounds_like_a_stock("New in care"), sounds_like_a_stock("Clients")
    (True, False, False)
    """
    words = re.sub(r"[^a-z]+", " ", heading.casefold())
    return bool(_STOCKS.search(words)) and not _FLOWS.search(words)
