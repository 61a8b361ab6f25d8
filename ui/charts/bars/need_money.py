"""What is served beside the money that pays for it: one row a kind of help, needs left, money right.

Where there is no room for two panels, the money stands under the needs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ui import format as text
from ui import theme
from ui.charts.bars import rows
from ui.charts.figure import Figure

_BAR_PIXELS, _GAP_PIXELS = 18, 14
_ROW_PIXELS = rows.LINE_PIXELS + _BAR_PIXELS + _GAP_PIXELS
_HEAD_PIXELS, _HEAD_PIXELS_NARROW = rows.LINE_PIXELS + 10, 2 * rows.LINE_PIXELS + 14
_SECOND_BAR_PIXELS = _BAR_PIXELS + 4  # from the upper to the lower bar where they stand in one panel
_LEFT, _RIGHT, _WHOLE = (0.0, 0.46), (0.54, 1.0), (0.0, 1.0)
_TWO_PANELS_FROM = 640
_ROOM = 1.7  # of the longest bar: the number stands behind it
_LETTER_PIXELS, _FRAME_PIXELS = 7.4, 30
ENDS, STAYS, NEEDS = "ends within 12 months", "goes on", "needs met"


@dataclass(frozen=True)
class NeedMoney:
    """One kind of help.

    Attributes
    ----------
    name
        Its words.
    need, need_said
        Needs met, and as words with their interval; None where not shown.
    active, ends, money_said
        Money a year in force, the part that ends with nothing that follows, and words for both.
    """

    name: str
    need: float | None
    need_said: str
    active: float
    ends: float
    money_said: str


def need_money_chart(
    found: Sequence[NeedMoney],
    heads: tuple[str, str],
    *,
    palette: theme.Palette = theme.LIGHT,
    width: int = 1_000,
) -> Figure:
    """Return two panels with the same rows.

    Parameters
    ----------
    found
        Kinds of help, in the order of the rows.
    heads
        Words for the needs and for the money.
    palette, width
        Colours of the theme; pixels of the drawing.

    Returns
    -------
    Figure
        Needs that are not shown are a hatched stub. Money that ends is striped with an amber outline.
    """
    is_narrow = width < _TWO_PANELS_FROM
    head = _HEAD_PIXELS_NARROW if is_narrow else _HEAD_PIXELS
    down = _SECOND_BAR_PIXELS if is_narrow else 0
    ys = [head + n * (_ROW_PIXELS + down) + rows.LINE_PIXELS + _BAR_PIXELS / 2 for n in range(len(found))]
    high = head + (_ROW_PIXELS + down) * len(found)
    left, right = (_WHOLE, _WHOLE) if is_narrow else (_LEFT, _RIGHT)
    most_need = max((one.need or 0.0 for one in found), default=0.0) or 1.0
    most_money = max((one.active for one in found), default=0.0) or 1.0
    shown = [(y, one) for y, one in zip(ys, found, strict=True) if one.need is not None]
    hidden = [(y, one) for y, one in zip(ys, found, strict=True) if one.need is None]
    plain = {"color": palette.brand, "opacity": 0.9, "line": {"width": 0}}
    every = list(zip(ys, found, strict=True))
    lower = [(y + down, one) for y, one in every]
    stays = [one.active - one.ends for one in found]
    traces = [
        _bars(shown, [one.need or 0.0 for _, one in shown], NEEDS, "x") | {"marker": plain},
        _bars(hidden, [most_need * rows.STUB] * len(hidden), text.NOT_SHOWN, "x")
        | {"marker": theme.hatch(palette)},
        _bars(lower, [one.ends for one in found], ENDS, "x2") | {"marker": theme.striped(palette)},
        _bars(lower, stays, STAYS, "x2") | {"marker": plain, "base": [one.ends for one in found]},
    ]
    notes = _heads(heads, palette, is_narrow=is_narrow)
    for y, one in every:
        notes.append(rows.name_above(f"<b>{text.plain(one.name)}</b>", y - _BAR_PIXELS / 2, palette))
        length = most_need * rows.STUB if one.need is None else one.need
        notes.append(_number(one.need_said, length, y, "x", palette))
        notes.append(_number(one.money_said, one.active, y + down, "x2", palette))
    over = {"overlaying": "x"} if is_narrow else {}
    money_room = _room(found, most_money, width * (right[1] - right[0]))
    quiet = {"visible": False, "fixedrange": True}
    layout = theme.layout(
        palette,
        rows.height_of(high),
        barmode="overlay",
        margin={"l": 8, "r": 8, "t": 8, "b": 8, "pad": 0},
        xaxis=quiet | {"domain": list(left), "range": [0, most_need * _ROOM]},
        xaxis2=quiet | {"domain": list(right), "range": [0, most_money * money_room], "anchor": "y"} | over,
        yaxis=rows.row_axis(high),
        annotations=notes,
    )
    return {"data": [one for one in traces if one["y"]], "layout": layout}


def _room(found: Sequence[NeedMoney], most: float, pixels: float) -> float:
    """Return the end of the axis of money in parts of its longest bar, so that all words behind bars fit."""
    plot = pixels - _FRAME_PIXELS
    return max(
        _ROOM,
        *(
            one.active / most * plot / max(plot - _LETTER_PIXELS * len(one.money_said), 1)
            for one in found
            if len(one.money_said) * _LETTER_PIXELS < plot
        ),
        0.0,
    )


def _heads(heads: tuple[str, str], palette: theme.Palette, *, is_narrow: bool) -> list[dict[str, Any]]:
    more = {"yanchor": "top", "font": {"size": 14, "color": palette.muted}}
    needs, money = (text.plain(words) for words in heads)
    if is_narrow:
        return [
            rows.name_above(f"Upper bar: {needs}", 0, palette, **more),
            rows.name_above(f"Lower bar: {money}", rows.LINE_PIXELS, palette, **more),
        ]
    return [
        rows.name_above(needs, 0, palette, x=_LEFT[0], **more),
        rows.name_above(money, 0, palette, x=_RIGHT[0], **more),
    ]


def _bars(
    placed: Sequence[tuple[float, NeedMoney]],
    lengths: Sequence[float],
    name: str,
    axis: str,
) -> dict[str, Any]:
    said = [one.need_said if axis == "x" else one.money_said for _, one in placed]
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "y": [y for y, _ in placed],
        "x": list(lengths),
        "xaxis": axis,
        "yaxis": "y",
        "width": _BAR_PIXELS,
        "hovertext": [
            f"<b>{text.plain(one.name)}</b><br>{text.plain(words)}"
            for (_, one), words in zip(placed, said, strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _number(words: str, at: float, y: float, axis: str, palette: theme.Palette) -> dict[str, Any]:
    return {
        "text": text.plain(words),
        "x": at,
        "xref": axis,
        "xanchor": "left",
        "xshift": 5,
        "y": y,
        "yref": "y",
        "yanchor": "middle",
        "showarrow": False,
        "font": {"size": 14, "color": palette.ink},
    }
