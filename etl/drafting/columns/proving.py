"""Formats of dates that all values of a column prove: day and month are never guessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from etl.mapping.cells.dates import EXCEL_DAYS, LOOKS_LIKE_EXCEL_DAYS, to_iso

_ISO = r"^\d{4}(-\d{1,2}(-\d{1,2})?|\.0)?$|^\d{4}-?\s?Q[1-4]$"
_POSSIBLE = r"^\d{4}(-(0[1-9]|1[0-2]|Q[1-4])(-(0[1-9]|[12]\d|3[01]))?)?$"
CANDIDATES = (
    "dd/mm/yyyy", "mm/dd/yyyy", "dd.mm.yyyy", "dd-mm-yyyy", "mm-dd-yyyy", "dd/mm/yy", "mm/dd/yy", "dd.mm.yy",
    "mm-dd-yy", "dd-mm-yy", "d-mmm-yy", "d-mmm-yyyy", "d mmm yyyy", "d mmm yy", "d. mmm yyyy", "mmm d, yyyy",
    "mmm d yyyy", "d 'de' mmm 'de' yyyy", "mmm yyyy", "mmm-yyyy", "mmm-yy", "mmm yy", "mm/yyyy", "yyyy/mm/dd",
    "yyyy.mm.dd", "yyyy/mm", "yyyymmdd", "Qq yyyy", "Qq-yyyy", "Qq/yyyy", "yyyy Qq", "Qq yy", "yyyy mmm",
    "yyyy / mmm", "yyyy-mmm",
)  # fmt: skip
_FINANCIAL = r"(?i)^FY ?'?\d{2,4}|^\d{4} ?/ ?\d{2}(\d{2})?$"


@dataclass(frozen=True)
class Proof:
    """What the values of a column say about its formats.

    Attributes
    ----------
    formats : tuple of str
        Those by which alone some value can be read.
    doubtful : tuple of str
        Formats between which no value decides, or of which values prove two that read others differently.
    unread : tuple of str
        Values that no format reads.
    is_financial : bool
        Whether values look like financial years.
    """

    formats: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    is_financial: bool = False

    @property
    def is_dates(self) -> bool:
        """Whether the values are dates at all, but for a few."""
        return not self.unread or self.is_financial


def prove(values: Sequence[str]) -> Proof:
    """Return which formats the different values of a column prove.

    Examples
    --------
    >>> prove(["03/04/2025", "25/03/2025"]).formats
    ('dd/mm/yyyy',)
    >>> prove(["03/04/2025"]).doubtful
    ('dd/mm/yyyy', 'mm/dd/yyyy')
    """
    return _proof(tuple(sorted({value.strip() for value in values})))


@lru_cache(maxsize=256)
def _proof(values: tuple[str, ...]) -> Proof:
    cells = pl.Series("cell", values, dtype=pl.String)
    own = cells.filter(~cells.str.contains(_ISO))
    if not own.len():
        return Proof()
    if own.str.contains(LOOKS_LIKE_EXCEL_DAYS).all():
        return Proof((EXCEL_DAYS,))
    read = _readings(own)
    fits = [{text: there[row] for text, there in read.items() if there[row]} for row in range(own.len())]
    chosen: list[str] = []
    for fit in sorted(fits, key=len):  # 02/02/2025 proves nothing, though it has one reading
        if len(fit) == 1 and not any(text in fit for text in chosen):
            chosen.append(next(iter(fit)))
    doubtful: list[str] = []
    for fit in fits:
        here = {fit[text] for text in chosen if text in fit}
        if fit and len(here) != 1:
            doubtful += [text for text in fit if text not in doubtful]
    unread = tuple(value for value, fit in zip(own.to_list(), fits, strict=True) if not fit)
    financial = bool(unread) and bool(pl.Series(unread).str.contains(_FINANCIAL).all())
    return Proof(tuple(chosen), tuple(doubtful), unread, financial)


def _readings(cells: pl.Series) -> dict[str, list[str | None]]:
    """Return what each format makes of each cell; None where that is no day, month or quarter."""
    made = cells.to_frame().select(to_iso(pl.col("cell"), (text,)).alias(text) for text in CANDIDATES)
    cell = pl.lit(cells)
    every = pl.all()
    is_day = every.str.len_chars() == len("2025-01-01")
    is_real = ~is_day | every.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    known = made.select(pl.when(every.str.contains(_POSSIBLE) & (every != cell) & is_real).then(every))
    return {text: known[text].to_list() for text in CANDIDATES}
