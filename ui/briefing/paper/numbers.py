"""Round numbers along an axis, and how they are written: what Plotly does in a browser."""

import math
from datetime import UTC, date, datetime

_DAY = 86_400_000.0
_LETTERS = {9: "G", 6: "M", 3: "k", 0: ""}
_DIGITS = 6
#: Days of a month, where months are only counted.
MONTH = 30.4375 * _DAY


def step(low: float, high: float, most: int) -> float:
    """Return the distance of ticks: 2, 5 or 10 times a power of ten, so that there are about `most`.

    >>> step(0, 1375, 6), step(0, 90, 4)
    (500.0, 50.0)
    """
    rough = abs(high - low) / max(most, 1)
    if rough <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (2, 5, 10, 20) if factor * power >= rough * (1 - 1e-9))


def ticks(low: float, high: float, most: int) -> list[float]:
    """Return the round numbers from low to high.

    >>> ticks(0, 1375, 6)
    [0.0, 500.0, 1000.0]
    """
    low, high = min(low, high), max(low, high)
    distance = step(low, high, most)
    first = math.ceil(low / distance - 1e-9)
    last = math.floor(high / distance + 1e-9)
    return [round(number * distance, 10) for number in range(first, last + 1)]


def written(value: float, pattern: str = "") -> str:
    """Return a number as an axis has it.

    >>> written(1500.0, ",~r"), written(1500000.0, "~s"), written(0.25), written(-3)
    ('1,500', '1.5M', '0.25', '−3')
    """
    sign = "−" if value < 0 else ""
    size = abs(value)
    if pattern.endswith("s"):
        power = next((power for power in _LETTERS if size >= 10.0**power), 0)
        return f"{sign}{_trimmed(size / 10.0**power)}{_LETTERS[power]}"
    if pattern.endswith("%"):
        return f"{sign}{_trimmed(size * 100)}%"
    return sign + (_trimmed(size) if pattern or size < 10_000 else f"{size:,.0f}")


def _trimmed(value: float) -> str:
    whole = len(str(int(value)))
    words = f"{value:,.{max(_DIGITS - whole, 0)}f}"
    return words.rstrip("0").rstrip(".") if "." in words else words


def moment(value: str | float | date) -> float:
    """Return a day as milliseconds since 1970, as Plotly counts.

    >>> moment("1970-01-02")
    86400000.0
    """
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = value.isoformat()
    found = value if isinstance(value, datetime) else datetime.fromisoformat(_whole_day(value))
    return found.replace(tzinfo=found.tzinfo or UTC).timestamp() * 1000


def _whole_day(words: str) -> str:
    """Plotly takes "2020" and "2020-03" too."""
    return words + "-01" * (2 - words.count("-")) if len(words) <= len("2020-03-01") else words


def day_of(value: float) -> date:
    """Return the day of milliseconds since 1970."""
    return datetime.fromtimestamp(value / 1000, UTC).date()


def dates(low: float, high: float, months: int, first: str = "") -> list[float]:
    """Return a day every so many months between two moments, counted from the first."""
    start = day_of(moment(first)) if first else date(day_of(low).year, 1, 1)
    number = start.year * 12 + start.month - 1
    begin = day_of(low)
    number += math.floor((begin.year * 12 + begin.month - 1 - number) / months) * months
    days = []
    while (at := moment(date(number // 12, number % 12 + 1, min(start.day, 28)))) <= high + 1:
        if at >= low - 1:
            days.append(at)
        number += months
    return days
