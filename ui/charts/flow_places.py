"""Where the boxes of a flow chart stand: Plotly's own places leave no room for words above the boxes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ui.charts import rows

NODE_PIXELS = 14
_FLOW_PIXELS = 190  # the column with the largest flows takes so much besides its words
_BARE_PIXELS = 10
_EDGE = 1e-4  # Plotly reads a place of exactly zero as no place


class Flow(NamedTuple):
    """A shown flow between two codes."""

    source: str
    target: str
    value: float


@dataclass(frozen=True)
class Spot:
    """One box: its place in shares of the plot, its place for the trace, and how its words are aligned."""

    x: float
    top: float
    bottom: float
    trace_x: float
    trace_y: float
    anchor: str
    has_flows: bool


@dataclass(frozen=True)
class Places:
    """All boxes, and what the trace must be told so that Plotly draws them in the same size."""

    height: int
    domain_top: float
    pad: float
    spots: Mapping[str, Spot]


def flow_places(columns: Mapping[str, int], flows: Sequence[Flow], head: float, foot: float) -> Places:
    """Return where boxes stand, one under the other in their columns.

    Parameters
    ----------
    columns
        Column 0, 1, … of each code, in the order of the boxes.
    flows
        Flows that are shown.
    head
        Pixels of the words above each box.
    foot
        Pixels needed under the plot.
    """
    sizes = {code: max(_sum(flows, code, 0), _sum(flows, code, 1)) for code in columns}
    layers = _layers([code for code in columns if sizes[code]], flows)
    sums = [sum(sizes[code] for code in group) for group in (*_groups(columns), *_groups(layers))]
    pixel = _FLOW_PIXELS / (max(sums, default=0) or 1)
    high = {code: size * pixel if size else _BARE_PIXELS for code, size in sizes.items()}
    wanted = max((sum(high[code] + head for code in group) for group in _groups(columns)), default=head)
    height = rows.height_of(max(wanted, _FLOW_PIXELS + head) + foot)
    plot = height - rows.FRAME_PIXELS - foot
    pad, pixel_drawn = _pad(layers, sizes, plot - head, pixel)
    last = max(columns.values(), default=0)
    spots = {}
    for group in _groups(columns):
        spare = plot - sum(high[code] + head for code in group)
        down = spare / 2
        for code in group:
            top = down + head
            box = sizes[code] * pixel_drawn or _BARE_PIXELS
            down = top + high[code]
            x = columns[code] / last if last else 0
            spots[code] = Spot(
                x=x,
                top=1 - top / plot,
                bottom=1 - (top + box) / plot,
                trace_x=min(max(x, _EDGE), 1 - _EDGE),
                trace_y=(top - head + box / 2) / (plot - head),
                anchor="left" if x == 0 else "right" if x == 1 else "center",
                has_flows=bool(sizes[code]),
            )
    return Places(height, 1 - head / plot, pad, {code: spots[code] for code in columns})


def _sum(flows: Sequence[Flow], code: str, end: int) -> float:
    return sum(flow.value for flow in flows if flow[end] == code)


def _groups(columns: Mapping[str, int]) -> list[list[str]]:
    return [[code for code, at in columns.items() if at == n] for n in sorted(set(columns.values()))]


def _layers(codes: Sequence[str], flows: Sequence[Flow]) -> dict[str, int]:
    """Return the layer Plotly gives each code (aligned to the left): its longest way from a start."""
    layers = dict.fromkeys(codes, 0)
    for _ in codes:
        for flow in flows:
            layers[flow.target] = max(layers[flow.target], layers[flow.source] + 1)
    return layers


def _pad(
    layers: Mapping[str, int], sizes: Mapping[str, float], high: float, pixel: float
) -> tuple[float, float]:
    """Return the padding with which Plotly comes to `pixel` pixels a unit, and the pixels it comes to.

    Plotly makes boxes as large as the fullest layer allows with a padding between its boxes.
    """
    groups = [(len(group), sum(sizes[code] for code in group)) for group in _groups(layers)]
    pads = [(high - pixel * total) / (count - 1) for count, total in groups if count > 1]
    if pads:
        return max(min(pads), 0), pixel
    return 0, high / max((total for _, total in groups), default=1)
