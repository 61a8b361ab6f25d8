"""Where on the pages of the desk a refusal is answered, in plain words; the command's own words stand below.

Refusals are written for a terminal: they name options, keys and files. The desk has a box for most of them.
"""

import re

from etl.cli import Refusal
from etl.contracts.rules import RULES
from etl.load.compared.replacing import REJECTED, RENAMED

_ROWS = re.compile(r"\b([a-z_]+) in ([a-z_]+) \(([\d,]+)\)")
_COLUMN = re.compile(r"'((?:(?!' \().)*)' \(([^(),]+), told by its \w+\)")
_MEANT = "Look at the file. If it is as it should be, press ‘This is meant’ in step 4, Check."
_DATES = "It is not clear how the dates are written. In step 3, Match, answer ‘How are your dates written?’."
#: What stands in a refusal → what to do on the pages. The first that fits holds.
_ANSWERS = (
    (
        rf"--accept {REJECTED}|rows? (was|were) rejected",
        "Too many rows cannot be read, so nothing was taken. The reasons are below: most are words to be "
        "explained, or columns to be matched, in step 3, Match.",
    ),
    (
        rf"--accept {RENAMED}",
        "Another office is loaded under this code, and its rows would give way. If yours is another office, "
        "press ‘It is another office’ in step 3, Match. If it is the same one, press ‘This is meant’ in "
        "step 4, Check.",
    ),
    (r"--accept [a-z]+", _MEANT),
    (
        "--table",
        "The desk cannot tell what one row of the sheet is. In step 3, Match, answer ‘What is one row of "
        "your sheet?’; if the sheet has other headings, say in step 2, Look, in which row they are.",
    ),
    (
        r"geography = |which geography",
        "It is not said whose areas the sheet names. In step 3, Match, answer ‘Whose areas does it name?’.",
    ),
    (
        r"records that are loaded were read with|warehouse was built with",
        "What is loaded was read with other areas, another country or other nationals than ‘Your task force’ "
        "in step 1 now says. Put back what was there; for another place begin a desk in another folder.",
    ),
    ("date_format", _DATES),
    ("fiscal_year", "In step 3, Match, answer ‘In which month do your financial years begin?’."),
    (
        "Rename or delete one of them in the file",
        "Two columns have one heading. If groups stand above the headings, say in step 2, Look, in how many "
        "rows; else rename one in your sheet, and choose it again in step 1, Choose.",
    ),
    (r"'sheets?'|sheet = ", "Say in step 2, Look, in the box ‘Which tab?’, which one is meant."),
    ("header_row", "Say in step 2, Look, in which row the headings are."),
    (r"columns\.|\bmapping\b", "Look at your columns and words in step 3, Match."),
    (
        "run the command again|that file|load the parts",
        "Correct the file, and choose it again in step 1, Choose.",
    ),
    ("etl release", "Go to step 6, Release, and look again."),
)


def answer(why: Refusal) -> str:
    """Return what to do on the pages about a refusal; empty where its own words say it as well.

    Parameters
    ----------
    why
        As the command line says it.

    Examples
    --------
    >>> answer(Refusal("a.csv: no columns.", "Name the table (--table person)."))[:45]
    'The desk cannot tell what one row of the shee'
    >>> answer(Refusal("Another load runs.", "Wait for it to end."))
    ''
    """
    if found := _columns(why.message):
        return found
    for text in (why.next_step, why.message):
        for pattern, words in _ANSWERS:
            if re.search(pattern, text):
                return words
    return ""


def _columns(message: str) -> str:
    """Return what to do about each column that a refusal names because it identifies people; else nothing.

    >>> _columns("columns identify people: 'Left' (exact dates of x, told by its content). Nothing")
    'In step 2, Look, take the tick away from ‘Left’; if rows are counted by it, match it in step 3.'
    >>> _columns("columns identify people: 'Who' (names of people, told by its name). Nothing")
    'In step 2, Look, take the tick away from ‘Who’, which may hold names of people.'
    """
    _, there, listed = message.partition("columns identify people: ")
    told = [
        f"take the tick away from ‘{name}’"
        + (
            "; if rows are counted by it, match it in step 3"
            if rule.startswith("exact dates")
            else f", which may hold {rule}"
        )
        for name, rule in _COLUMN.findall(listed)
    ]
    return f"In step 2, Look, {'; '.join(told)}." if there and told else ""


def reasons(why: Refusal) -> list[str]:
    """Return why rows were rejected, a sentence each, where a refusal lists it by the names of rules.

    Examples
    --------
    >>> reasons(Refusal("9 of 20 rows were rejected: unknown_country in citizenship (9), lines 2.", ""))
    ['Citizenship, 9 rows: The country is not known.']
    """
    return [
        f"{column.replace('_', ' ').capitalize()}, {rows} {'row' if rows == '1' else 'rows'}: {RULES[rule]}"
        for rule, column, rows in _ROWS.findall(why.message)
        if rule in RULES
    ]


def mend(rule: str) -> str:
    """Return where rows that a rule rejects can be mended.

    Examples
    --------
    >>> mend("unknown_country"), mend("future_date")
    ('Explain the word in step 3', 'Correct the cell in your sheet')
    """
    return _MENDED.get(rule, "Correct the cell in your sheet")


_MENDED = {
    **dict.fromkeys(
        ("unknown_code", "unknown_country", "unknown_area", "ambiguous_area"), "Explain the word in step 3"
    ),
    "day_or_month": "Say in step 3 how dates are written",
    "financial_year": "Say in step 3 when financial years begin, or correct the cell",
    "missing": "Fill the cell, or match another column in step 3",
}
