"""Months that a period code of a mapping stands for."""

import re

_CODE = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")


def months_of(code: str) -> tuple[str, str] | None:
    """Return first and last month (``YYYY-MM``) of a year, quarter or month; None for anything else."""
    found = _CODE.fullmatch(code)
    if not found:
        return None
    year, quarter, month = found.groups()
    if month:
        return f"{year}-{month}", f"{year}-{month}"
    first = 3 * int(quarter) - 2 if quarter else 1
    last = first + 2 if quarter else 12
    return f"{year}-{first:02d}", f"{year}-{last:02d}"
