"""The newest year that is whole and no longer filling up."""

from analysis import periods


def newest_complete_year(first: str, last: str, provisional_months: int) -> str | None:
    """Return the newest year inside a range whose months are all settled; without one, the newest whole year.

    Parameters
    ----------
    first, last
        First and last period of the range, both inside.
    provisional_months
        How many of the newest months of the release are still filling up, counted back from `last`.

    Examples
    --------
    >>> newest_complete_year("2016-01", "2025-12", 6), newest_complete_year("2025", "2025", 6)
    ('2024', '2025')
    """
    span = periods.Span(periods.span_of(first).first, periods.span_of(last).last)
    settled = periods.Span(span.first, span.last - provisional_months)
    for one in (settled, span):
        whole = periods.periods_inside(one, "year") if one.last >= one.first else ()
        if whole:
            return str(whole[-1])
    return None
