"""What a return asks, and what became of each of its cells."""

from dataclasses import dataclass

from etl.returns.periods import KINDS

TOTAL = "total"


@dataclass(frozen=True)
class Gap:
    """A field of the funder's form that the model lacks, and why it stays so."""

    label: str
    why: str


@dataclass(frozen=True)
class Block:
    """One table of a sheet.

    Attributes
    ----------
    counts : tuple of str
        Codes of `etl.returns.questions.COUNTS`: its columns.
    by : str
        A division of what is counted: its rows, below the total. Empty: the total alone.
    apart : str
        A division whose categories are columns that are never added up. Empty: none.
    only : dict
        Codes by division: what is counted at all.
    """

    code: str
    label: str
    counts: tuple[str, ...]
    by: str
    apart: str
    only: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Sheet:
    """One sheet of the form, in the funder's order; `tab` is its short name below the sheet."""

    code: str
    tab: str
    label: str
    periods: tuple[str, ...]
    blocks: tuple[Block, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Return:
    """One return: whose it is, for which periods it is made, and its sheets.

    Attributes
    ----------
    forms : tuple of str
        What the funder calls it, with its number.
    wording : str
        Whether names of lines are the funder's, and what to do where they are not.
    periods : tuple of str
        Of `KINDS`.
    fiscal_month : int
        First month of the funder's fiscal year, 1 to 12.
    sex, labour : tuple of str
        Forms of exploitation that the funder calls sex and labour trafficking.
    """

    code: str
    label: str
    funder: str
    forms: tuple[str, ...]
    wording: str
    periods: tuple[str, ...]
    fiscal_month: int
    sex: tuple[str, ...]
    labour: tuple[str, ...]
    sheets: tuple[Sheet, ...]

    def sheets_for(self, kind: str) -> tuple[Sheet, ...]:
        """Return the sheets that belong to a kind of period."""
        assert kind in KINDS
        return tuple(sheet for sheet in self.sheets if kind in sheet.periods)


@dataclass(frozen=True)
class Cell:
    """One number of a return, or why there is none.

    Attributes
    ----------
    code : str
        Sheet, block, row and column, divided by dots: the same in every period.
    row, column : str
        Its words in the workbook.
    value : float or None
        None where it cannot be filled.
    how : str
        How it was counted.
    why : str
        Why it cannot be filled; empty where it is.
    """

    code: str
    sheet: str
    block: str
    row_code: str
    row: str
    column_code: str
    column: str
    value: float | None
    how: str
    why: str = ""


@dataclass(frozen=True)
class Check:
    """One check: whether it holds (None: a note for the keeper), and in words what was compared."""

    label: str
    holds: bool | None
    words: str
