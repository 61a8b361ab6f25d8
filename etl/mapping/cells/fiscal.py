"""Financial years: FY2024, 2023-24, FY24 Q1, told by the first month that the mapping gives."""

from dataclasses import dataclass

import polars as pl

NAMED = ("begin", "end")
_JULY = 7
_YEAR = r"(?i)^(?:(?:FY|F\.Y\.|financial year|fiscal year) ?'?)"
_QUARTER = r"(?:[ -]?Q(?P<q>[1-4]))?$"
_NAMED = rf"{_YEAR}(?P<y>\d{{4}}|\d{{2}}){_QUARTER}"
_PAIR = rf"{_YEAR}?(?P<y>\d{{4}}) ?[-/–] ?(?P<z>\d{{4}}|\d{{2}}){_QUARTER}"
_QUARTER_FIRST = r"(?i)^Q(?P<q>[1-4])[ ,/-]*(?P<rest>\S.*)$"
_MONTH = r"^(?P<y>\d{4})-(?P<m>0[1-9]|1[0-2])$"


@dataclass(frozen=True)
class FiscalYear:
    """A year that does not begin in January.

    Attributes
    ----------
    first_month : int
        2 to 12.
    named_for : str
        Whether FY2024 is called after the calendar year that it begins in, or ends in.
    counts_in : str
        In which of the two calendar years a whole year is counted.
    """

    first_month: int
    named_for: str = "end"
    counts_in: str = ""

    @property
    def year_counted(self) -> str:
        """``begin`` or ``end``: as the mapping says, else the calendar year with most of its months."""
        return self.counts_in or ("begin" if self.first_month < _JULY else "end")

    def read(self, cell: pl.Expr) -> pl.Expr:
        """Return ``2024`` for a whole year and ``2023-Q4`` for a quarter of one; null for anything else.

        A quarter that begins within a calendar quarter is none of the calendar: it stays null.
        """
        turned = cell.str.extract_groups(_QUARTER_FIRST).struct
        behind = pl.concat_str(turned.field("rest").str.strip_chars(), pl.lit(" Q"), turned.field("q"))
        text = pl.coalesce(behind, cell)
        return pl.coalesce(self._pair(text), self._named(text))

    def _named(self, text: pl.Expr) -> pl.Expr:
        found = text.str.extract_groups(_NAMED).struct
        year = found.field("y")
        year = pl.when(year.str.len_chars() == 2).then("20" + year).otherwise(year).cast(pl.Int32)
        return self._code(year - (1 if self.named_for == "end" else 0), found.field("q"))

    def _pair(self, text: pl.Expr) -> pl.Expr:
        found = text.str.extract_groups(_PAIR).struct
        first, second = found.field("y").cast(pl.Int32), found.field("z")
        follows = second.str.tail(2).cast(pl.Int32) == (first + 1) % 100
        whole = (second.str.len_chars() == 2) | (second.cast(pl.Int32) == first + 1)
        return self._code(pl.when(follows & whole).then(first), found.field("q"))

    def _code(self, begins: pl.Expr, quarter: pl.Expr) -> pl.Expr:
        """Return the period of a year that begins in a calendar year, or of a quarter of it."""
        whole = (begins + (self.year_counted == "end")).cast(pl.String)
        if (self.first_month - 1) % 3:
            return pl.when(quarter.is_null()).then(whole)
        number = (self.first_month - 1) // 3 + quarter.cast(pl.Int32) - 1
        part = pl.concat_str(
            (begins + number // 4).cast(pl.String), pl.lit("-Q"), (number % 4 + 1).cast(pl.String)
        )
        return pl.when(quarter.is_null()).then(whole).otherwise(part)

    def unclear(self, cells: pl.Series) -> list[str]:
        """Return the cells that are a month or a financial year (2011-12), where others are months."""
        months = cells.drop_nulls().unique()
        parts = months.str.extract_groups(_MONTH).struct.unnest().cast(pl.Int32)
        is_pair = (parts["y"] + 1) % 100 == parts["m"]
        is_month = parts["m"].is_not_null() & ~is_pair
        return months.filter(is_pair.fill_null(False)).to_list() if is_month.any() else []

    def whole_years(self, cells: pl.Series) -> pl.Series:
        """Return which cells are whole financial years."""
        read = cells.alias("cell").to_frame().select(self.read(pl.col("cell"))).to_series()
        return read.str.contains(r"^\d{4}$").fill_null(False)
