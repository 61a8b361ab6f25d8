"""Cards of campaigns: what was reported in the months of one of them, and the list of all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from analysis import Answer, periods
from analysis.findings.finding import Finding
from analysis.findings.scope import scope_of
from analysis.findings.sentences.topics.prevention import times
from analysis.findings.topics.campaigns import (
    Response,
    campaign_area,
    campaign_heard,
    campaign_list,
    campaign_response,
    response_of,
)
from analysis.release.places import Geography
from analysis.topics import campaigns
from analysis.topics.campaigns import Campaign, Compared
from analysis.words import listed, money
from ui.cards import table as tables
from ui.cards.card import Ask, Choice, FactCard, Facts, Figure
from ui.cards.events import Event
from ui.cards.special_card import scope_of_register
from ui.cards.table import Table
from ui.charts.bars.before_after import Pair, before_after_chart
from ui.charts.time.line import line_chart
from ui.maps.places import plural
from ui.view import controls
from ui.view.view import View

REGISTER = "campaign"
COLUMNS = (
    *("Campaign", "Theme", "Area", "Months", "Cost ({currency})"),
    *("Reached face to face", "Media audience"),
)
NOT_WHY = "A comparison with other years shows that a number was unusual, not why."
PLACES_NOT_WHY = "A difference from other areas shows where the change was, not what made it."
MEDIA = "People reached face to face and the estimated audience of media are never added together."
_ALL_YEARS = {"periods": None, "period_level": "quarter"}


def _options(view: View) -> dict[str, str]:
    """Return the campaigns that asked people to turn to a contributor, the dearest first."""
    listed_campaigns = _running(view)
    known = view.choices.sources
    asked = [one for one in listed_campaigns if one.contributor in known]
    first = max(asked, key=lambda one: one.cost or 0, default=None)
    ordered = [*([first] if first else []), *(one for one in asked if one is not first)]
    return {one.code: f"{one.plain_name} ({_months(one)})" for one in ordered}


CHOICE = Choice("campaign", "Campaign to look at", _options, style="select")


def _chosen(view: View) -> Campaign | None:
    """Return the campaign of the address, or the first that is offered."""
    offered = _options(view)
    asked = controls.in_address(CHOICE.name)
    code = asked if asked in offered else next(iter(offered), "")
    return next((one for one in _running(view) if one.code == code), None)


def _asks(make: Callable[[View, Campaign], Ask | None]) -> Callable[[View], Mapping[str, Ask]]:
    def asks(view: View) -> Mapping[str, Ask]:
        campaign = _chosen(view)
        ask = make(view, campaign) if campaign else None
        return {"": ask} if ask else {}

    return asks


def _by_source(_view: View, campaign: Campaign) -> Ask:
    where = {"area": (campaign.area,)} if campaign.area else {}
    return Ask("detected_persons", ("period", "source"), where, parts=_ALL_YEARS, everywhere=True)


def _of_contributor(_view: View, campaign: Campaign) -> Ask:
    where = {"source": (campaign.contributor,)} | ({"area": (campaign.area,)} if campaign.area else {})
    return Ask("detected_persons", ("period",), where, parts=_ALL_YEARS, everywhere=True)


def _by_area(view: View, campaign: Campaign) -> Ask | None:
    geography = _geography(view)
    if geography is None or campaign.area not in geography.levels:
        return None
    parts = {**_ALL_YEARS, "area_level": geography.levels[campaign.area]}
    where = {"source": (campaign.contributor,)}
    return Ask("detected_persons", ("period", "area"), where, parts=parts, everywhere=True)


def _response(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    campaign, answer = _chosen(view), answers.get("")
    if campaign is None or answer is None or answer.refusal:
        return None
    response = response_of(campaign, answer, campaign.contributor, _last_month(view))
    scope = scope_of(answer, view.filters)
    if any(name == "source" for name, _ in view.filters.where):  # all contributors are set side by side
        scope = replace(scope, ignored=(*scope.ignored, "source"))
    finding = campaign_response(campaign, response, answer, scope)
    what = f"People known to each contributor{_when(response)} · {_place(view, campaign)}"
    rest = (f"{len(response.others)} others together", response.rest) if len(response.others) > 1 else None
    facts = _compared(view, "source", campaign.contributor, response, finding, rest=rest)
    return replace(facts, subtitle=what, answers=(answer,), caption=f"{facts.caption} {NOT_WHY}".strip())


def _areas(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    campaign, answer, geography = _chosen(view), answers.get(""), _geography(view)
    if campaign is None or answer is None or answer.refusal or geography is None:
        return None
    level = geography.levels[campaign.area]
    quarters = campaigns.whole_quarters(campaign, _last_month(view))
    free = campaigns.free_areas(campaign, _running(view), geography.at(level), quarters)
    if not quarters or not free:
        return None
    response = response_of(campaign, answer, campaign.area, _last_month(view), free)
    kind = plural(geography.level_names.get(level, "area"), len(response.others))
    others = f"{len(response.others)} other {kind}"
    finding = campaign_area(campaign, response, answer, scope_of(answer, view.filters), others)
    who = view.words("source", campaign.contributor)
    what = f"People known to {who}{_when(response)} · by area"
    rest = (f"{others} together", response.rest) if len(response.others) > 1 else None
    facts = _compared(view, "area", campaign.area, response, finding, rest=rest)
    return replace(
        facts, subtitle=what, answers=(answer,), caption=f"{facts.caption} {PLACES_NOT_WHY}".strip()
    )


def _heard(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    campaign, answer = _chosen(view), answers.get("")
    if campaign is None or answer is None or answer.refusal:
        return None
    by_quarter = answer.frame.rows(named=True)
    response = Response(
        campaigns.whole_quarters(campaign, _last_month(view)),
        campaigns.compared(
            campaigns.values_of(by_quarter),
            campaigns.whole_quarters(campaign, _last_month(view)),
            campaigns.touched_quarters(campaign),
            view.release.v if view.release else 0.0,
        ),
        None,
        {},
        (),
    )
    scope = scope_of(answer, view.filters)
    figure = line_chart(answer, view.catalog, words=view.words, palette=view.palette, events=_ends(campaign))
    who = view.words("source", campaign.contributor)
    both = "1 and 2 mark the first and the last day of the campaign."
    table = tables.readable(answer, view.words, view.header)
    return Facts(
        campaign_heard(campaign, response, answer, scope),
        table,
        f"People known to {who}, by quarter · {_place(view, campaign)}",
        caption=both if campaign.end else "1 marks its first day.",
        figure=None if answer.all_hidden else figure,
        answers=(answer,),
        scope=scope,
        above=_sums(response, len(table.columns)),
    )


def _sums(response: Response, columns: int) -> tuple[tuple[str, ...], ...]:
    """Return the rows of what a headline names: the quarters of a campaign together, and the usual number."""
    own, quarters = response.own, response.quarters
    if own is None:
        return ()
    empty = ("",) * (columns - 2)
    when = periods.label_of_range(quarters[0], quarters[-1])
    return (
        (f"{when} together", f"{own.during:,.0f}", *empty),
        ("The same quarters of other years", f"{own.usual:,.0f}", *empty),
    )


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


RESPONSE = FactCard("response", _response, _asks(_by_source))
AREAS = FactCard("campaign_areas", _areas, _asks(_by_area), wide=False)
HEARD = FactCard("heard", _heard, _asks(_of_contributor), wide=False)
LIST = FactCard("campaigns", _register)


def _compared(
    view: View,
    dimension: str,
    own: str,
    response: Response,
    finding: Finding,
    *,
    rest: tuple[str, Compared | None] | None,
) -> Facts:
    """Return a campaign's own row, each other one, and `rest`: the others together."""
    each = {view.words(dimension, code): one for code, one in {own: response.own, **response.others}.items()}
    named = [*each.items(), *([rest] if rest else [])]
    known = {label: one for label, one in named if one is not None}
    left = [view.words(dimension, code) for code in response.left_out]
    rows = tuple(
        (label, f"{one.during:,.0f}", f"{one.usual:,.0f}", times(one)) for label, one in known.items()
    )
    columns = (view.header(dimension) if dimension != "source" else "Contributor", "In the campaign")
    return Facts(
        finding,
        Table((*columns, "Usual", "Times the usual, 95% interval"), (False, True, True, False), rows),
        "",
        caption=f"Left out: {listed(left)}." if left else "",
        figure=_dots(view, known) if known else None,
        scope=finding.scope,
    )


def _dots(view: View, known: Mapping[str, Compared]) -> Figure:
    """Return the usual number and that of a campaign's quarters, a row for each label."""
    pairs = [Pair(label, one.usual, one.during, times(one)) for label, one in known.items()]
    return before_after_chart(
        pairs,
        unit="people",
        names=("Usual in these quarters", "In the campaign"),
        palette=view.palette,
        top=max(max(one.before, one.after) for one in pairs),
        narrow=view.phone,
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


def _last_month(view: View) -> str:
    return view.collection.last_closed_month if view.collection else ""


def _ends(campaign: Campaign) -> Sequence[Event]:
    ends = [Event(1, campaign.start, f"{campaign.plain_name} begins")]
    return [*ends, Event(2, campaign.end, f"{campaign.plain_name} ends")] if campaign.end else ends


def _place(view: View, campaign: Campaign) -> str:
    return view.words("area", campaign.area) if campaign.area else "Whole region"


def _when(response: Response) -> str:
    ends = response.quarters
    return f", {periods.label_of_range(ends[0], ends[-1])} beside other years" if ends else ""


def _months(campaign: Campaign) -> str:
    """Return the months of a campaign: "Mar–Nov 2022", "Oct 2020–Jun 2021", "since Mar 2025"."""
    start, end = campaign.start, campaign.end
    if end is None:
        return f"since {start:%b %Y}"
    return f"{start:%b}–{end:%b %Y}" if start.year == end.year else f"{start:%b %Y}–{end:%b %Y}"
