"""Choices and headlines of the comparisons and waits of the Referral pathway page."""

from analysis.findings.finding import Finding
from analysis.findings.topics.pathway import waits
from analysis.topics.pathway import is_recorded
from ui.cards.card import Ask, Card, Choice, Needs, Shown
from ui.topics.pathway.flow import MADE, SERVICES, has_services
from ui.view.view import View

OF_SERVICES = ("first_service_share", "stable_outcome_share", "service_wait_median")
MEASURES = (
    *("acceptance_share", "contact_within_48h_share", "first_service_share", "stable_outcome_share"),
    *("decision_wait_median", "service_wait_median"),
)
NEEDS = {
    "to_org_type": Needs("Referrals by the kind of organisation that receives them", "organisation"),
    "agreement": Needs("Referrals with and without an agreement", "partnership"),
    "area_kind": Needs("Referrals from urban and rural areas", "area"),
}
NOT_A_CAUSE = "Groups differ in more than this."
SERVICE_WAIT = {"half": Ask("service_wait_median"), "most": Ask("service_wait_p90")}
DECISION_WAIT = {"half": Ask("decision_wait_median")}


def _steps(view: View) -> dict[str, str]:
    """Return the measures to compare groups by; of services only where there are any."""
    served = view.has(MADE) and has_services(view)
    codes = [code for code in MEASURES if view.has(code) and (served or code not in OF_SERVICES)]
    return {code: view.measure(code).label for code in codes}


BY = Choice(
    "compare",
    "Compare",
    {
        "area_kind": "Urban and rural areas",
        "from_org_type": "Organisations that refer",
        "to_org_type": "Organisations that receive",
        "agreement": "With and without an agreement",
        "service_type": "Services",
    },
    style="select",
)
STEP = Choice("step", "Step", _steps, default="first_service_share", style="select")


def half_and_most(shown: Shown) -> Finding:
    """Return within how many days half, and nine in ten, were reached."""
    return waits(shown.answers.get("half"), shown.answers.get("most"), shown.answer, shown.scope)


def lacks_group(shown: Shown) -> Needs | None:
    """Return what is missing where nothing but "not recorded" is known of the groups to compare."""
    by = shown.picked[BY.name]
    groups = shown.answers["groups"]
    if by not in NEEDS or groups.refusal or groups.all_hidden:
        return None
    known = [code for code in groups.frame[by].unique() if code != "not_recorded"]
    return None if is_recorded(groups.frame.iter_rows(named=True), by, known) else NEEDS[by]


def lacks_services(shown: Shown) -> Needs | None:
    """Return what a card about services misses where none are on record."""
    return None if has_services(shown.view) else SERVICES


def compared(key: str, *by: str | Choice) -> Card:
    """Return a card of the chosen step by the chosen groups."""
    groups = {"groups": Ask(MADE, (BY,))}
    notes = (NOT_A_CAUSE,) if "period" not in by else ()  # said once: the two cards stand side by side
    return Card(key, "", by, measure_of=STEP, more=groups, notes=notes, lacks=lacks_group)
