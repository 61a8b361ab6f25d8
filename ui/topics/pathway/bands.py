"""Cards of waits and reasons: bands of days without those that name none."""

from collections.abc import Callable, Mapping
from typing import Any

from analysis import load_catalog
from ui.cards.card import Ask, Card, Needs, Shown
from ui.topics.pathway.flow import MADE
from ui.topics.pathway.waits import half_and_most, lacks_services

NO_WAIT = ("not_applicable", "not_recorded")


def _codes(dimension: str, without: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code for code in load_catalog().dimensions[dimension].codes if code not in without)


def wait(
    key: str, band: str, more: Mapping[str, Ask], lacks: Callable[[Shown], Needs | None] | None = None
) -> Card:
    """Return the card of one wait: a rising line with half and nine in ten, and these in its headline."""
    where = {band: _codes(band, NO_WAIT)}
    drawing: Mapping[str, Any] = {"chart": "cumulative", "say": half_and_most, "lacks": lacks}
    return Card(key, MADE, (band,), where, more=more, in_table=tuple(more), **drawing)


DECLINED = {"decline_reason": _codes("decline_reason", ("not_declined",))}
BY_AREA_KIND = Card(
    "service_wait_by",
    "service_wait_median",
    ("area_kind",),
    {"area_kind": ("urban", "rural")},
    lacks=lacks_services,
)
