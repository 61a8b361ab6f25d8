"""The colour classes of a map: five fixed ranges of published values, or five bands around the whole."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from analysis.catalog.model import PERCENT
from ui import format as text
from ui import theme

CLASSES = 5
BAND_LABELS = (
    "well below",
    "below",
    "about the same",
    "above",
    "well above",
)


@dataclass(frozen=True)
class Classes:
    """Ranges and their words.

    Attributes
    ----------
    cuts
        Inner limits, ascending; a value equal to a cut belongs above it. Empty for bands.
    labels
        Words of each class, from low to high.
    is_diverging
        True for bands: the middle class is "about the same".
    """

    cuts: tuple[float, ...]
    labels: tuple[str, ...]
    is_diverging: bool = False

    def index(self, value: float) -> int:
        """Return the class of a value."""
        return int(np.searchsorted(self.cuts, value, side="right"))

    def colours(self, palette: theme.Palette) -> tuple[str, ...]:
        """Return one colour a class."""
        if self.is_diverging:
            return palette.diverging
        chosen = np.linspace(0, CLASSES - 1, len(self.labels)).round().astype(int)
        return tuple(palette.sequential[place] for place in chosen)


BANDS = Classes((), BAND_LABELS, is_diverging=True)


def typical_interval(rows: Iterable[Mapping[str, Any]]) -> float:
    """Return the middle width of the intervals of some rows; 0 where none has one."""
    widths = [row["upper"] - row["lower"] for row in rows if None not in (row["lower"], row["upper"])]
    return median(widths) if widths else 0.0


def value_classes(values: Iterable[float | None], kind: str, *, narrowest: float = 0.0) -> Classes:
    """Return up to five classes of about equal size with round limits.

    Parameters
    ----------
    values
        Published values of all areas and, for maps that stand side by side, of all periods. Values that are
        not shown are None and take no part.
    kind
        `Measure.kind`: sets how limits are written.
    narrowest
        What a class should span at least: `typical_interval`, or areas that chance and protection cannot tell
        apart would get different colours. Two classes remain even where they are narrower.

    Returns
    -------
    Classes
        Fewer than five when there are fewer different values.
    """
    known = np.array(sorted(value for value in values if value is not None), dtype=np.float64)
    if not len(known):
        return Classes((), ("no value shown",))
    different = np.unique(known)
    if len(different) <= CLASSES and np.all(np.diff(different) >= narrowest):
        return Classes(tuple(different[1:].tolist()), tuple(text.value_text(one, kind) for one in different))
    spread = float(different[-1] - different[0])
    count = max(2, min(CLASSES, int(spread / narrowest))) if narrowest else CLASSES
    parts = np.quantile(known, np.arange(1, count) / count)
    near = max(float(parts[-1] - parts[0]) / 8 if len(parts) > 1 else spread / 40, 1e-12)
    rounded = dict.fromkeys(_round(float(part), near, kind) for part in parts)
    cuts: list[float] = []
    for cut in rounded:
        if known[0] < cut <= known[-1] and (not cuts or cut - cuts[-1] >= narrowest):
            cuts.append(cut)
    return Classes(tuple(cuts), tuple(_labels(cuts, float(known[0]), float(known[-1]), kind)))


def _round(value: float, near: float, kind: str) -> float:
    """Return the roundest number that lies `near` enough; whole for counts and shares."""
    size = 10.0 ** math.ceil(math.log10(max(value, near)))
    for step in (size / parts for parts in (1, 2, 4, 5, 10, 20, 50, 100, 200, 500, 1000)):
        rounded = round(value / step) * step
        if abs(rounded - value) <= near and (
            kind in ("rate", "ratio", "quantile") or rounded == int(rounded)
        ):
            return float(f"{rounded:.10g}")
    return value if kind in ("rate", "ratio", "quantile") else float(round(value))


def _labels(cuts: list[float], lowest: float, highest: float, kind: str) -> list[str]:
    if not cuts:
        return ["–".join(dict.fromkeys(text.value_text(end, kind) for end in (lowest, highest)))]
    whole = kind not in ("share", "rate", PERCENT)
    starts, ends = [lowest, *cuts], [*cuts, highest]
    labels = []
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        is_last = place == len(cuts)
        low = text.value_text(start, kind)
        high = text.value_text(end - 1 if whole and not is_last else end, kind)
        joint = "–" if whole or is_last else " to under "
        labels.append(low if low == high else f"{low}{joint}{high}")
    return labels
