"""What a draft says of the whole file: the code of its contributor, and how long its periods are."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from analysis.words import counted
from etl.drafting.columns.dates import resolutions
from etl.drafting.columns.proving import Proof
from etl.drafting.draft import Draft
from etl.incoming import RESOLUTIONS

#: What the question says that is of rows of longer periods.
LONGER = ": a register by"
_LONGEST_CODE = 60  # letters of a code: with an ending it is the name of a file everywhere


def source_code(file: str) -> str:
    """Return a code made of the name of a file.

    >>> source_code("Intakes 2025 (final).xlsx")
    'intakes_2025_final'
    """
    return code_of(file.rsplit(".", 1)[0])


def code_of(label: str) -> str:
    """Return a code made of the name of an office; what it leaves of a name that it cannot write is marked.

    Two offices of one code would replace each other's rows. So a name in other letters, or one that is cut,
    ends with a mark of its own, the same each time.

    Examples
    --------
    >>> code_of("St. Mary House"), code_of("St. Joseph Shelter"), code_of("Refugio Peña")
    ('st_mary_house', 'st_joseph_shelter', 'refugio_pena')
    >>> code_of("Центр допомоги") == code_of("центр  допомоги") != code_of("Дім надії")
    True
    """
    small = " ".join(label.casefold().split())
    letters = unicodedata.normalize("NFKD", small)
    plain = "".join(sign for sign in letters if not unicodedata.combining(sign))
    code = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    is_whole = bool(code) and all(sign.isascii() or not sign.isalnum() for sign in plain)
    return code if is_whole and len(code) <= _LONGEST_CODE else marked(code, small)


def marked(code: str, label: str) -> str:
    """Return a code that ends with a mark made of a label, short enough for the name of a file."""
    mark = hashlib.sha256(" ".join(label.casefold().split()).encode("utf-8", "replace")).hexdigest()[:6]
    return f"{code[:_LONGEST_CODE].strip('_') or 'our_office'}_{mark}"


def periods_of(drafts: Sequence[Draft]) -> tuple[str, tuple[str, str] | None]:
    """Return how long the periods of a register are, and what is to be asked of a few that are longer.

    Returns
    -------
    tuple
        Of the resolution, empty where it is the usual one (months); and of a question with the line that
        would answer it, None where no row is of a longer period.
    """
    every = [found for one in drafts if (found := _lengths(one)).total()]
    usual = [RESOLUTIONS.index(found.most_common(1)[0][0]) for found in every]
    if not usual:
        return "", None
    place = max(usual)
    length = RESOLUTIONS[place]
    rows = {longer: sum(found[longer] for found in every) for longer in RESOLUTIONS[place + 1 :]}
    told = [f"{counted(some, 'row')} of a {longer}" for longer, some in rows.items() if some]
    said = length if place else ""
    if not told:
        return said, None
    last = next(longer for longer in reversed(rows) if rows[longer])
    asked = (
        f"{' and '.join(told)}{LONGER} {length}s rejects them. One by {last}s takes them, and counts "
        f"everything by {last}s"
    )
    return said, (asked, f'period_resolution = "{last}"')


def _lengths(made: Draft) -> Counter[str]:
    """Return how many rows of a draft are of a month, a quarter, a year, as far as it is known."""
    if made.months is not None:
        if made.months.needs_year:
            is_quarter = any("q" in text for text in made.months.formats)
            return Counter({RESOLUTIONS[is_quarter]: 1})
        return resolutions(
            made.months.columns, Proof(made.months.formats, is_financial=made.months.is_financial)
        )
    if made.period_of_tab is not None:
        return resolutions(made.sheet.tabs, made.period_of_tab)
    if made.shape.joined is not None:
        return Counter({RESOLUTIONS["q" in made.shape.joined.written]: 1})
    for one in made.matched.matches:
        if one.target.name == "period" and one.proof is not None:
            return resolutions(made.sheet.frame[one.column].drop_nulls().to_list(), one.proof)
    return Counter()
