"""The list of campaigns that fit the filters: theme, area, months, cost, and whom they reached."""

from collections.abc import Mapping, Sequence

from analysis import Answer, periods
from analysis.findings.topics.campaigns import campaign_list
from analysis.release.places import Geography
from analysis.topics import initiatives as campaigns
from analysis.topics.initiatives import Campaign
from analysis.words import money
from ui.cards.card import FactCard, Facts
from ui.cards.special_card import scope_of_register
from ui.cards.table import Table
from ui.view.view import View

REGISTER = "campaign"
COLUMNS = (
    *("Campaign", "Theme", "Area", "Months", "Cost ({currency})"),
    *("Reached face to face", "Media audience"),
)
MEDIA = "People reached face to face and the estimated audience of media are never added together."


def _register(view: View, _answers: Mapping[str, Answer]) -> Facts | None:
    chosen = _running(view)
    currency = view.release.currency if view.release else ""
    scope = scope_of_register(view, "area")
    columns = tuple(name.format(currency=currency) for name in COLUMNS)
    rows = tuple(_row(view, one) for one in reversed(chosen))
    return Facts(
        campaign_list(chosen, currency, scope),
        Table(columns, (False, False, False, False, True, True, True), rows),
        f"Campaigns · {view.sentence()}",
        caption=MEDIA,
        register=REGISTER,
        scope=scope,
        above=_together(chosen),
    )


def _together(chosen: Sequence[Campaign]) -> tuple[tuple[str, ...], ...]:
    """Return the row of all campaigns: their cost, as the headline names it."""
    known = [one for one in chosen if one.cost is not None]
    return (
        ((f"All {len(chosen)} together", "", "", "", money(campaigns.total_cost(known), "").strip(), "", ""),)
        if known
        else ()
    )


def _row(view: View, one: Campaign) -> tuple[str, ...]:
    return (
        one.plain_name,
        view.words("campaign_theme", one.theme),
        view.words("area", one.area) if one.area else "Whole region",
        _months(one),
        "not known" if one.cost is None else f"{one.cost:,.0f}",
        f"{one.people_reached:,}",
        f"{one.media_audience:,}",
    )


def _running(view: View) -> list[Campaign]:
    """Return the campaigns that fit period and area."""
    every = campaigns.campaigns(view.release.register(REGISTER)) if view.release else []
    return campaigns.running(every, _span(view), _areas_around(view))


def _span(view: View) -> periods.Span | None:
    if view.filters.periods is None:
        return None
    first, last = view.filters.periods
    return periods.Span(periods.span_of(first).first, periods.span_of(last).last)


def _areas_around(view: View) -> set[str]:
    """Return the chosen areas, all that lie in them and all they lie in."""
    geography, found = _geography(view), set(view.filters.areas)
    if geography is None:
        return found
    for code in view.filters.areas:
        found |= {*geography.ancestors(code)}
        found |= {inner for level in geography.level_names for inner in geography.within(code, level)}
    return found


def _geography(view: View) -> Geography | None:
    collection = view.collection
    return view.release.areas.get(collection.geography) if view.release and collection else None


def _months(campaign: Campaign) -> str:
    """Return the months of a campaign: "Mar–Nov 2022", "Oct 2020–Jun 2021", "since Mar 2025"."""
    start, end = campaign.start, campaign.end
    if end is None:
        return f"since {start:%b %Y}"
    return f"{start:%b}–{end:%b %Y}" if start.year == end.year else f"{start:%b %Y}–{end:%b %Y}"


LIST = FactCard("campaigns", _register)
