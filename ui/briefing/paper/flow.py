"""A flow drawn as bands between blocks: where what enters goes on to, and where it ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ui import format as text
from ui.briefing.paper import fonts
from ui.briefing.paper.canvas import Canvas
from ui.briefing.paper.frame import Frame
from ui.briefing.paper.words import lines_of
from ui.charts.figure import Figure

Trace = Mapping[str, Any]
_SIZE, _BEFORE_BLOCK, _NARROWEST, _SAME_COLUMN = 14, 16.0, 60.0, 0.02


@dataclass
class _Block:
    left: float
    top: float
    height: float
    used_in: float = 0.0
    used_out: float = 0.0


def draw(canvas: Canvas, frame: Frame, trace: Trace) -> None:
    """Draw a Sankey trace whose blocks have fixed places; its words are labels of the figure."""
    node, link = trace["node"], trace["link"]
    low, high = (trace.get("domain") or {}).get("x", (0, 1))
    left = frame.left + low * (frame.right - frame.left)
    wide = (high - low) * (frame.right - frame.left)
    thick = float(node.get("thickness", 12))
    blocks = _blocks(node, link, frame, (left, wide, thick))
    order = sorted(
        range(len(link["value"])),
        key=lambda place: (blocks[link["source"][place]].top, blocks[link["target"][place]].top),
    )
    scale = _scale(node, link, frame)
    shapes = {}
    for place in order:
        source = blocks[link["source"][place]]
        shapes[place] = [source.left + thick, source.top + source.used_out]
        source.used_out += link["value"][place] * scale
    for place in sorted(order, key=lambda one: (blocks[link["source"][one]].left, shapes[one][1])):
        target = blocks[link["target"][place]]
        shapes[place] += [target.left, target.top + target.used_in]
        target.used_in += link["value"][place] * scale
    for place in order:
        _band(canvas, shapes[place], link["value"][place] * scale, link["color"][place])
    for block, colour in zip(blocks, node["color"], strict=True):
        canvas.rectangle(block.left, block.top, thick, max(block.height, 1.0), fill=colour)


def narrowed(figure: Figure, frame: Frame, label: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a label of a flow in lines that end before the next blocks; others as they are."""
    flows = [trace for trace in figure["data"] if trace["type"] == "sankey"]
    if not flows or label.get("xref") != "paper":
        return label
    low, high = (flows[0].get("domain") or {}).get("x", (0, 1))
    blocks = [low + x * (high - low) for x in flows[0]["node"]["x"]]
    beyond = [x for x in blocks if x > float(label["x"]) + _SAME_COLUMN]
    end = frame.left + min(beyond, default=1.0) * (frame.right - frame.left)
    start = frame.left + float(label["x"]) * (frame.right - frame.left) + float(label.get("xshift", 0))
    room = end - start - _BEFORE_BLOCK if beyond else frame.width - start
    words = " ".join(line for line, _ in lines_of(label["text"]))
    lines = fonts.wrapped(words, _SIZE, max(room, _NARROWEST))
    return {**label, "text": "<br>".join(text.plain(line) for line in lines)}


def _sizes(node: Mapping[str, Any], link: Mapping[str, Any]) -> list[float]:
    entering, leaving = [0.0] * len(node["x"]), [0.0] * len(node["x"])
    for source, target, value in zip(link["source"], link["target"], link["value"], strict=True):
        leaving[source] += value
        entering[target] += value
    return [max(pair) for pair in zip(entering, leaving, strict=True)]


def _scale(node: Mapping[str, Any], link: Mapping[str, Any], frame: Frame) -> float:
    """Return the height of one: the fullest column fills what the gaps between its blocks leave."""
    columns: dict[float, list[float]] = {}
    for place, size in zip(node["x"], _sizes(node, link), strict=True):
        columns.setdefault(round(place, 2), []).append(size)
    tall, pad = frame.bottom - frame.top, float(node.get("pad", 20))
    scales = [(tall - pad * (len(sizes) - 1)) / sum(sizes) for sizes in columns.values() if sum(sizes)]
    return max(min(scales, default=0.0), 0.0)


def _blocks(
    node: Mapping[str, Any], link: Mapping[str, Any], frame: Frame, room: tuple[float, float, float]
) -> list[_Block]:
    left, wide, thick = room
    scale = _scale(node, link, frame)
    blocks = []
    for x, y, size in zip(node["x"], node["y"], _sizes(node, link), strict=True):
        height = size * scale
        middle = frame.top + y * (frame.bottom - frame.top)
        blocks.append(_Block(left + x * (wide - thick), middle - height / 2, height))
    return blocks


def _band(canvas: Canvas, shape: list[float], height: float, colour: str) -> None:
    x0, y0, x1, y1 = shape
    middle = (x0 + x1) / 2
    path = (
        f"M{x0:.2f} {y0:.2f}C{middle:.2f} {y0:.2f} {middle:.2f} {y1:.2f} {x1:.2f} {y1:.2f}"
        f"L{x1:.2f} {y1 + height:.2f}"
        f"C{middle:.2f} {y1 + height:.2f} {middle:.2f} {y0 + height:.2f} {x0:.2f} {y0 + height:.2f}Z"
    )
    canvas.path(path, fill=colour)
