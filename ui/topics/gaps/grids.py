"""Cards of the Service gaps page that differ by their measure only: services by area, and reach."""

from typing import Any

from analysis.findings.finding import Finding
from analysis.findings.topics.gaps import reached_by_nobody, within_reach
from ui.cards.card import Card, Needs, Shown
from ui.topics.gaps.asked import BY_AREA, BY_TYPE, COUNTIES, KINDS, REACH, periods_of

NOW = {"periods": None}
NO_AREA = "Services for the whole region belong to no one area and are left out."
NOT_BY_AREA = "By area only for services with at least three sites, and never for housing and shelter."
NEEDS_PLACES = Needs(
    "How many places there are, for whom, and how full", "service_capacity", ("places", *REACH)
)
NEEDS_SITES = Needs("How many residents live within reach of each service", "service_site", REACH)
IN_TENS = "Housing and shelter in tens, so that none can be found."


def grid(key: str, measure: str, **more: Any) -> Card:
    """Return a measure by service and area, over the years of the page."""
    where = {"service_type": KINDS}
    return Card(key, measure, BY_AREA, where, parts=COUNTIES, periods=periods_of, chart="grid", **more)


def reach(measure: str) -> Card:
    """Return who lives within reach of a service: of the whole region, so that no shelter can be found."""
    return Card(measure, measure, BY_TYPE, parts=NOW, everywhere=True, say=_reached, notes=(IN_TENS,))


def reach_areas(measure: str) -> Card:
    """Return the same by area."""
    parts = NOW | COUNTIES
    return Card(
        f"{measure}_area", measure, BY_AREA, parts=parts, chart="grid", say=_nobody, notes=(NOT_BY_AREA,)
    )


def _reached(shown: Shown) -> Finding:
    return within_reach(shown.answer, shown.scope)


def _nobody(shown: Shown) -> Finding:
    return reached_by_nobody(shown.answer, shown.scope)
