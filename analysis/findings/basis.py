"""Which periods are compared: one newest pair and one long run for a whole release.

Every page, file and answer of the command line takes its comparisons from here and names them in the same
words, so that "rose" means one thing.
"""

from dataclasses import dataclass

from analysis import periods
from analysis.answers.answer import Answer
from analysis.questions.checked import Asked
from analysis.release.release import Release

YEARS_AN_END = 3
LEAST_YEARS = 2 * YEARS_AN_END


@dataclass(frozen=True)
class Pair:
    """Two ends of a comparison: whole years, or one quarter a year apart; oldest first inside each."""

    earlier: tuple[str, ...]
    later: tuple[str, ...]

    @property
    def words(self) -> str:
        """Return "2022–2024 against 2016–2018"."""
        return f"{label_of(self.later)} against {label_of(self.earlier)}"

    @property
    def periods(self) -> tuple[str, ...]:
        """All periods of both ends."""
        return (*self.earlier, *self.later)


@dataclass(frozen=True)
class Basis:
    """What is compared with what; either is None where the years for it are missing."""

    newest: Pair | None
    long_run: Pair | None

    @property
    def key(self) -> str:
        """One text that two findings on the same basis share."""
        return "; ".join(pair.words for pair in (self.long_run, self.newest) if pair)

    @property
    def sentence(self) -> str:
        """Return the line of the page's header: "Compared: 2024 against 2023; long run …"."""
        parts = [self.newest.words] if self.newest else []
        parts += [f"long run {self.long_run.words}"] if self.long_run else []
        return f"Compared: {'; '.join(parts)}." if parts else ""


def label_of(end: tuple[str, ...]) -> str:
    """Return one end in words: "2016–2018", "2024", "July–September 2023"."""
    return periods.label_of_range(end[0], end[-1])


def basis_of(
    release: Release, provisional_months: int, chosen: tuple[str, str] | None = None, begins: str = ""
) -> Basis:
    """Return the basis of a release's own figures.

    Parameters
    ----------
    release
        Its newest complete year fixes the newest comparison.
    provisional_months
        How many of its newest months are still filling up (`Protection.provisional_months`).
    chosen
        The chosen period, which bounds both. The newest comparison is that of the release or none.
    begins
        First month of figures that are younger than the records of people: their long run begins there.
    """
    own = [one for one in release.collections if one.is_own] or list(release.collections)
    if not own:
        return Basis(None, None)
    first = max(min(one.first_period for one in own), begins)
    last = max(one.last_closed_month for one in own)
    return basis_between(first, last, provisional_months, chosen)


def basis_between(first: str, last: str, late: int, chosen: tuple[str, str] | None = None) -> Basis:
    """Return the basis of a series from a first to a last period of which the newest `late` months are late.

    Examples
    --------
    >>> found = basis_between("2016-01", "2025-12", 6)
    >>> found.newest.words, found.long_run.words
    ('2024 against 2023', '2022–2024 against 2016–2018')
    >>> basis_between("2025-01", "2025-12", 6).newest is None
    True
    """
    whole = periods.Span(periods.span_of(first).first, periods.span_of(last).last - late)
    years = periods.periods_inside(whole, "year") if whole.last >= whole.first else []
    inside = [year for year in years if _inside(year, chosen)]
    newest: Pair | None = None
    if len(years) > 1 and _inside(years[-1], chosen) and _inside(years[-2], chosen):
        newest = Pair((years[-2],), (years[-1],))
    elif len(years) < 2:
        newest = _quarters(whole, chosen)
    if len(inside) >= LEAST_YEARS:
        return Basis(newest, Pair(tuple(inside[:YEARS_AN_END]), tuple(inside[-YEARS_AN_END:])))
    # Too few years for means: the first against the last, unless that is the newest comparison already.
    if len(inside) > 2 or (len(inside) == 2 and newest is None):
        return Basis(newest, Pair((inside[0],), (inside[-1],)))
    return Basis(newest, None)


def basis_for(answer: Answer) -> Basis:
    """Return the basis of an answer by period: the release's, or that of a series that others publish.

    A published series has its own newest year, which its publisher decides.
    """
    checked = answer.checked
    if checked is None:
        return Basis(None, None)
    if checked.joined is not None:
        return _basis_of_rows(answer)
    release, late = checked.release, checked.catalog.protection.provisional_months
    chosen = answer.question.periods
    if answer.measure.is_figure and not answer.measure.is_own_figure:
        series = release.observed.get((answer.measure.source, answer.measure.observation))
        if series and series.spans:  # of several years together, which may overlap or differ in length
            return Basis(None, None)
        return basis_between(series.first, series.last, 0, chosen) if series else Basis(None, None)
    if not release.collections:
        rows = [row for row in answer.frame["period"]] if "period" in answer.frame.columns else []
        return basis_between(rows[0], rows[-1], 0, chosen) if rows else Basis(None, None)
    return basis_of(release, late, chosen, _begins(checked))


def _basis_of_rows(answer: Answer) -> Basis:
    """Return the basis of rows that add up several periods; a row with a hidden part is no end of it.

    Such a row is at least what it says, and against a whole one it would seem to have risen or fallen.
    """
    rows = answer.frame.filter(~answer.frame["marker"].str.contains("p"))
    partial = rows.filter(rows["value"].is_not_null() & (rows["cells_shown"] < rows["cells_total"]))
    codes = list(dict.fromkeys(rows["period"]))
    whole = set(codes) - set(partial["period"])
    found = _basis_of_codes(codes, answer.question.period_level)
    kept = [
        pair if pair and whole.issuperset(pair.periods) else None for pair in (found.newest, found.long_run)
    ]
    return Basis(kept[0], kept[1])


def basis_of_joined(release: Release, provisional_months: int, level: str, chosen: tuple[str, str]) -> Basis:
    """Return the basis of counts by half-years or by a funder's years.

    Parameters
    ----------
    release, provisional_months
        As `basis_of`.
    level
        One of `periods.JOINED_LEVELS`.
    chosen
        The chosen period.
    """
    own = [one for one in release.collections if one.is_own] or list(release.collections)
    if not own:
        return Basis(None, None)
    first = max(min(periods.span_of(one.first_period).first for one in own), periods.span_of(chosen[0]).first)
    firm = max(periods.span_of(one.last_closed_month).last for one in own) - provisional_months
    last = min(firm, periods.span_of(chosen[1]).last)
    codes = periods.periods_inside(periods.Span(first, last), level) if last >= first else []
    return _basis_of_codes(codes, level)


def _basis_of_codes(codes: list[str], level: str) -> Basis:
    # A half-year is held against the same half of the year before: the other one may have another season.
    step = 2 if level == periods.HALF else 1
    newest = Pair((codes[-1 - step],), (codes[-1],)) if len(codes) > step else None
    is_long = len(codes) >= LEAST_YEARS and level != periods.HALF
    run = Pair(tuple(codes[:YEARS_AN_END]), tuple(codes[-YEARS_AN_END:])) if is_long else None
    return Basis(newest, run)


def _begins(checked: Asked) -> str:
    """Return the first month of own figures; they may be younger than the records of people."""
    observed = checked.release.observed
    measures = (checked.measure, *(part.measure for part in checked.parts))
    own = [observed.get((one.source, one.observation)) for one in measures if one.is_own_figure]
    return max((_month(series.first) for series in own if series), default="")


def _month(period: str) -> str:
    return periods.code_of(periods.span_of(period).first, "month")


def _inside(period: str, chosen: tuple[str, str] | None) -> bool:
    if chosen is None:
        return True
    span = periods.span_of(period)
    return periods.span_of(chosen[0]).first <= span.first and span.last <= periods.span_of(chosen[1]).last


def _quarters(whole: periods.Span, chosen: tuple[str, str] | None) -> Pair | None:
    quarters = periods.periods_inside(whole, "quarter") if whole.last >= whole.first else []
    inside = [code for code in quarters if _inside(code, chosen)]
    if not inside or (before := periods.previous(inside[-1], years=1)) not in inside:
        return None
    return Pair((before,), (inside[-1],))
