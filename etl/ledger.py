"""Where every line of a file went: heading, blank, continuation or row; and what became of every row.

The lines are counted on the raw file, before anything is read of it, by something that cannot share the
reader's mistakes. Whatever does not add up to them stops the load.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from etl.errors import EtlError

#: Why a row was left out, by the part of the mapping or of the reader that did it.
TOTAL, NOTE, FILTER, HIDDEN, UNHEADED = "total", "note", "filter", "hidden", "unheaded"
CONSENT, SUBJECT, WHOLE, ELSEWHERE = "consent", "subject", "whole", "elsewhere"
OTHER_UNIT, OTHER_MONTH = "other_unit", "other_month"
GROUP, NO_CELL = "group", "no_cell"
DELETED, EARLIER, CONTINUED = "deleted", "earlier", "continued"
REASONS: Mapping[str, str] = {
    TOTAL: "totals (key: totals)",
    NOTE: "notes below the table",
    FILTER: "of other values (key: only)",
    HIDDEN: "hidden in the workbook (key: skip_hidden)",
    UNHEADED: "with nothing under any heading",
    CONSENT: "because consent was refused",
    SUBJECT: "about something else",
    WHOLE: "of the whole country, which are totals",
    ELSEWHERE: "of areas outside the deployment (key: areas)",
    OTHER_UNIT: "of capacity in other units than places for people",
    OTHER_MONTH: "of capacity updated in another month, or in none",
    GROUP: "headings of groups (keys: fill_down, group_rows)",
    DELETED: "deleted in the system they come from",
    EARLIER: "that began before the months of the file",
    CONTINUED: "that go on with a service counted already",
    NO_CELL: "with nothing in the columns that become rows (keys: unpivot, tally, split, flags)",
}


@dataclass(frozen=True)
class Ledger:
    """The lines of a file, by what they are.

    Attributes
    ----------
    lines : int
        Lines of a text, or rows of a sheet that hold anything, counted on the raw file. A sheet numbers its
        rows but stores only those that hold something, so that blank ones need no account there.
    headings, blank, continuation : int
        Lines up to the header's last; without anything in them; inside a cell that began on a line above.
    left_out : mapping
        Rows left out, by reason (`REASONS`).
    stores_no_blanks : bool
        Whether blank rows are not among the lines (a sheet).
    """

    lines: int = 0
    headings: int = 0
    blank: int = 0
    continuation: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    stores_no_blanks: bool = False

    @property
    def rows(self) -> int:
        """Rows of the file: every line that is neither heading nor blank nor continuation."""
        return self.lines - self.headings - self.blank - self.continuation

    @property
    def kept(self) -> int:
        """Rows that were not left out."""
        return self.rows - sum(self.left_out.values())

    def without(self, reason: str, rows: int) -> "Ledger":
        """Return the same with further rows left out."""
        if not rows:
            return self
        return replace(self, left_out={**self.left_out, reason: self.left_out.get(reason, 0) + rows})

    def __add__(self, other: "Ledger") -> "Ledger":
        """Return the ledger of two sheets together."""
        reasons = dict.fromkeys([*self.left_out, *other.left_out])
        return Ledger(
            self.lines + other.lines,
            self.headings + other.headings,
            self.blank + other.blank,
            self.continuation + other.continuation,
            {name: self.left_out.get(name, 0) + other.left_out.get(name, 0) for name in reasons},
            self.stores_no_blanks,
        )

    def hold(self, file: str, rows: int) -> "Ledger":
        """Return the ledger when exactly its rows were read.

        Raises
        ------
        EtlError
            Rows were lost or doubled on the way. Nothing may be loaded then.
        """
        if self.kept != rows:
            raise EtlError(
                f"{file}: {self.lines:,} lines counted, {self.lines - self.kept + rows:,} are accounted "
                "for. Nothing was loaded, because rows would be lost or doubled.",
                "Save the table again as .csv (UTF-8) and load that; report it with a made-up example.",
            )
        return self
