"""Days that are written inside a number."""

import re
from collections.abc import Sequence

_FIRST_YEAR, _LAST_YEAR = 1920, 2029


def is_day(month: Sequence[int], day: Sequence[int]) -> bool:
    """Tell whether two pairs of digits are a month and a day."""
    return 1 <= month[0] * 10 + month[1] <= 12 and 1 <= day[0] * 10 + day[1] <= 31


def holds_day(digits: str) -> bool:
    """Tell whether six or eight digits are a day, the year first or last.

    Examples
    --------
    >>> holds_day("03142009"), holds_day("20090314"), holds_day("140309"), holds_day("99999999")
    (True, True, True, False)
    """
    if re.fullmatch(r"\d{8}", digits):
        orders = ((digits[4:], digits[:2], digits[2:4]), (digits[:4], digits[4:6], digits[6:]))
    elif re.fullmatch(r"\d{6}", digits):
        orders = ((f"20{digits[4:]}", digits[:2], digits[2:4]), (f"20{digits[:2]}", digits[2:4], digits[4:]))
    else:
        return False
    return any(
        (_FIRST_YEAR <= int(year) <= _LAST_YEAR or len(digits) == 6)
        and any(
            1 <= int(month) <= 12 and 1 <= int(day) <= 31 for month, day in ((first, second), (second, first))
        )
        for year, first, second in orders
    )
