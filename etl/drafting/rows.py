"""What one row of a sheet stands for: which table fits its columns best, and whether rows are numbers."""

import re
from collections.abc import Collection, Sequence

import polars as pl

from etl.contracts.by_distinct import texts
from etl.contracts.tables import Contract
from etl.contracts.tallies import COUNT, TABLES, as_tally, sounds_like_a_stock
from etl.drafting.columns.dates import are_days, months_of
from etl.drafting.columns.matching import Matched
from etl.drafting.columns.months import MonthColumns, are_numbers, are_whole
from etl.errors import EtlError
from etl.lines import LINE
from etl.protect.identifiers import plain
from etl.readers import SHEET

REFERENCES = ("person_ref", "tip_ref", "referral_ref")
#: What files and tabs are called whose rows are of a table; of the first three, numbers of them as well.
_WORDS = {
    "person": ("client", "people", "person", "survivor", "victim", "intake"),
    "tip": ("report", "tip", "call", "hotline"),
    "referral": ("referral", "referred"),
    "service_need": ("need",),
    "service_episode": ("stays", "shelter log", "length of stay", "bednight", "bed night", "enrollments"),
    "service_capacity": ("capacity", "beds", "bed count", "census"),
    "expenditure": ("spend", "expenditure", "expense", "budget", "invoice"),
    "funding_award": ("grant", "award", "funding"),
    "training_session": ("training", "workshop"),
    "investigation": ("investigation",),
    "charge": ("charges", "arrest", "prosecution"),
    "organisation": ("partner", "member agencies", "organisations", "organizations"),
}
#: What is counted by sex, county and month as well, and is no person identified.
_OF_OTHERS = re.compile(
    r"\b(buyers?|johns?|arrest\w*|inspect\w*|outreach\w*|volunteers?|staff|flyers?|hygiene|kits?|missing|train\w*|"
    r"attend\w*|interview\w*|audience|presentations?|suspects?|traffickers?|screen\w*|budget|invoices?|dollars?)\b"
)
_HELPED = ("served", "identified", "assisted", "trafficking", "trata de", "traite")
_DECIDES = 0.1  # what decides between tables that fit alike
_NAMED = 0.5  # what a table gains by the name of its file or tab; less than a column of its own
#: Columns that tables share: they say when, where and who, and not what a row stands for.
_SHARED = (
    "period", "entered", "area", "age", "age_band", "age_group", "gender", "citizenship", "citizenship_group",
    "person_ref", "tip_ref", "referral_ref", "source", "provider", COUNT,
)  # fmt: skip
_OF_PEOPLE = frozenset(("age", "age_band", "age_group", "gender", "citizenship"))
_NAME_IT = "Name the table (--table person), or begin with its template: python -m etl template person"
_FEWEST_COUNTS = 2  # columns of numbers of which nothing tells what they count
_FEW = 12  # cells of which all may differ by chance


def best(
    file: str,
    every: Sequence[Matched],
    frame: pl.DataFrame,
    *,
    names: Sequence[str],
    called: Sequence[str],
    months: MonthColumns | None,
    are_people: bool = False,
) -> Matched:
    """Return the table that fits best among those that something tells.

    Parameters
    ----------
    file
        Its name.
    every
        The tables, each with the columns that were found for it.
    frame
        Text columns.
    names
        Of file, tabs and columns.
    called
        Those of file and tabs.
    months
        Columns of months, where there are some.
    are_people
        Whether a column that is left out names people, or says when they were born.

    Raises
    ------
    EtlError
        No column is one of a table, or none tells of which.
    """
    listed = {one.table.name for one in every if any(m.target.name in REFERENCES for m in one.matches)}
    every = [
        one
        for one in every
        if not one.table.is_tally or months or COUNT in one.filled or _counts(one, frame, listed)
    ]
    if not any(one.matches or one.filled for one in every):
        raise EtlError(f"{file}: none of its columns is called or filled like one of the tables.", _NAME_IT)
    if len({one.table.name for one in every}) > 1:
        told = _told(every, frame, names, are_people=are_people)
    else:  # somebody has named it: records, or numbers of them
        told = [
            one
            for one in every
            if _is_own(one) or _counting(one, frame) < _FEWEST_COUNTS or _of_days(one, frame)
        ]
        if not told:
            raise EtlError(
                f"{file}: its columns hold numbers of which nothing tells what they count, so that its rows "
                f"are no records of '{every[0].table.name}'.",
                "Say what they count in a mapping: docs/adding.md, 'Numbers in place of records'",
            )
    if not told:
        raise EtlError(
            f"{file}: what one row of it stands for cannot be told: it has only columns that many tables "
            "have, such as the month, the area or the sex.",
            _NAME_IT,
        )
    return max(
        told,
        key=lambda one: one.score + _gain(one, frame, months, listed) + _called(one, called),
    )


def _told(
    every: Sequence[Matched], frame: pl.DataFrame, names: Sequence[str], *, are_people: bool
) -> list[Matched]:
    """Return the tables of which something tells that rows are theirs: a column of their own, or a word.

    A log of trainings has days and counties as well; 20 of its rows are not 20 people who were identified. A
    word alone does not do where columns count something that nothing was found for: rows are numbers then.
    Nor does it make people of those whose needs a sheet lists. Numbers by sex or age are of people: of the
    tables of numbers it alone has those. Rows with names and a sex or an age are of people, too.
    """
    # More that is needed and missing than what was found: it is another table.
    every = [
        one for one in every if one.missing <= max(1, len(one.found)) or _is_called(one.table.name, names)
    ]
    own = [one for one in every if _is_own(one)]
    needs = any(one.table.name == "service_need" for one in own)
    by_word = [
        one
        for one in every
        if one not in own
        and (_is_called(one.table.name, names) or (are_people and _is_list_of_people(one)))
        and not (needs and one.table.name == "person" and not _tells_people(one))
        and (one.table.is_tally or _counting(one, frame) < _FEWEST_COUNTS)
    ]
    return [one for one in every if one in own or one in by_word]


def _of_days(one: Matched, frame: pl.DataFrame) -> bool:
    """Tell whether rows are of days, as records are; numbers are of months."""
    period = one.of("period")
    return period is not None and period.proof is not None and are_days(frame, period.column, period.proof)


def _is_list_of_people(one: Matched) -> bool:
    return one.table.name == "person" and not one.table.is_tally and _tells_people(one)


def _tells_people(one: Matched) -> bool:
    """Tell whether something of the people themselves was found, as lists of people have it."""
    return not _OF_PEOPLE.isdisjoint(match.target.name for match in one.matches)


def _is_own(one: Matched) -> bool:
    """Tell whether a table has a column of its own, or columns of numbers that are called as its codes."""
    names = (*one.filled, *(match.target.name for match in one.matches))
    is_told = any(name not in _SHARED for name in names) or bool(one.flags)
    return is_told or (one.table.is_tally and COUNT in one.filled)


def _counting(one: Matched, frame: pl.DataFrame) -> int:
    """Return how many columns that a table has no use for hold whole numbers, some of them above one.

    Beside a client number or an age they are of that one person: a zip code, how many children there are.
    """
    if any(match.target.name in (*REFERENCES, "age") for match in one.matches):
        return 0
    rest = [name for name in frame.columns if name not in (*one.columns, LINE, SHEET)]
    return sum(are_numbers(frame[name].drop_nulls()) for name in rest)


def _is_called(table: str, names: Sequence[str]) -> bool:
    words = plain(" ".join(names))
    return any(word in words for word in _WORDS.get(table, ()))


def _gain(one: Matched, frame: pl.DataFrame, months: MonthColumns | None, listed: Collection[str]) -> float:
    """Return what a table gains or loses by columns that each become a row."""
    if one.table.is_tally and not months and COUNT in one.filled:
        return 1.0 if not listed else -5.0
    return _fits_months(one.table, frame, months)


def filled(table: Contract, months: MonthColumns | None) -> tuple[str, ...]:
    """Return what columns of months fill: the period, and the number that the table needs."""
    return ("period", number_column(table)) if months else ()


def _fits_months(table: Contract, frame: pl.DataFrame, months: MonthColumns | None) -> float:
    """Return what a table gains where months are columns: their cells fill the number that it needs."""
    if months is None:
        return 0.0
    number = number_column(table)
    if not number or "period" not in table.names:
        return -5.0
    cells = pl.concat([texts(frame.select(pl.col(name).alias("cell"))) for name in months.columns])
    is_whole = are_whole(cells.to_series().drop_nulls())
    return 3.0 if is_whole or table.column(number).kind == "number" else -5.0


def of_numbers(
    contracts: Sequence[Contract], columns: Sequence[str], called: Sequence[str]
) -> list[Contract]:
    """Return the tables whose rows may be numbers of records; none where a name is that of a stock."""
    if any(sounds_like_a_stock(name) for name in (*columns, *called)):
        return []
    return [as_tally(one) for one in contracts if one.name in TABLES]


def _counts(one: Matched, frame: pl.DataFrame, listed: Collection[str]) -> bool:
    """Tell whether a column holds numbers of records: not the running numbers of a list, each once."""
    if one.table.name in listed:
        return False
    found = next((match.column for match in one.matches if match.target.name == COUNT), None)
    cells = frame[found].drop_nulls() if found else None
    return cells is not None and (cells.len() < _FEW or cells.n_unique() < cells.len())


def are_several_a_month(one: Matched, frame: pl.DataFrame) -> bool:
    """Tell whether rows are of days while the table has one row for each month, as of a count of beds."""
    period = one.of("period")
    if period is None or period.proof is None or "period" not in one.table.unique or one.table.is_tally:
        return False
    if not _of_days(one, frame):
        return False
    keys = [
        found.column for found in one.matches if found.target.name in one.table.unique and found != period
    ]
    month = months_of(frame, period.column, period.proof).alias(SHEET)
    return bool(frame.select(*keys).with_columns(month).is_duplicated().any())


def is_told(one: Matched, targets: Collection[str], names: Sequence[str]) -> bool:
    """Tell whether something says that numbers are of a table: a column of its own, or a name.

    Parameters
    ----------
    one
        The table with its columns.
    targets
        Further columns of it that are filled.
    names
        Of file, tabs and columns; where they tell of something else that is counted, they say nothing.
    """
    filled = {*targets, *(match.target.name for match in one.matches)}
    said = plain(" ".join(names))
    is_named = _is_called(one.table.name, names) or any(word in said for word in _HELPED)
    return not filled.issubset(_SHARED) or (is_named and not _OF_OTHERS.search(said))


def _called(one: Matched, names: Sequence[str]) -> float:
    """Return what a table gains where file, tab or a column of counts say what its rows are.

    Of two that fit alike, the headings of kinds of help decide: "Housing needed" is no referral.
    """
    counted = [found.column for found in one.matches if found.target.name == COUNT]
    if _is_called(one.table.name, (*names, *counted)):
        return _NAMED
    kinds = [found.column for found in one.matches if found.target.name == "service_type"]
    return _DECIDES if _is_called(one.table.name, (*kinds, *(flag.column for flag in one.flags))) else 0.0


def number_column(table: Contract) -> str:
    """Return the column that a tally fills: the first number that must be there."""
    return next((one.name for one in table.columns if one.required and one.kind in ("integer", "number")), "")
