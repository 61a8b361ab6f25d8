"""Campaigns: the list of them, and what was reported in the months of one of them."""

from collections.abc import Sequence

from analysis import Answer, Question, periods
from analysis import campaigns as worked_out
from analysis.campaigns import Campaign
from analysis.wording import listed
from ui import cards, controls, fact_card, layout, prevention_words
from ui.charts.line import line_chart
from ui.events import Event
from ui.tables import Table
from ui.view import View

MOST_LINES = 4
COLUMNS = (
    "Campaign",
    "Theme",
    "Area",
    "Months",
    "Cost",
    "People reached face to face",
    "Media audience, estimated",
)
REGISTER_CAPTION = (
    "Source: the task force's register of campaigns. Cost in the currency of the region, as stated by the "
    "campaign. People reached face to face and the estimated audience of media are never added together."
)
NOT_WHY = (
    "A comparison with other years shows that a number was unusual, not why: laws, contributors and the news "
    "change as well. Reports are not prevalence."
)


def draw_list(view: View) -> list[Campaign]:
    """Draw the campaigns that fit period and area; return them."""
    every = worked_out.campaigns(view.release.register("campaign")) if view.release else []
    chosen = worked_out.running(every, _span(view), _areas(view))
    if not chosen:
        if every:
            layout.quiet("No campaign ran in these areas and periods.")
        return []
    rows = tuple(_row(view, one) for one in chosen)
    fact_card.fact_card(
        view,
        "campaigns",
        prevention_words.campaign_list(chosen, worked_out.total_cost(chosen)),
        Table(COLUMNS, (False, False, False, False, True, True, True), rows),
        subtitle=f"Campaigns · {view.subtitle()}",
        caption=REGISTER_CAPTION,
    )
    return chosen


def _row(view: View, one: Campaign) -> tuple[str, ...]:
    return (
        one.name,
        view.words("campaign_theme", one.theme),
        view.words("area", one.area) if one.area else "Whole region",
        prevention_words.days(one),
        "not known" if one.cost is None else f"{one.cost:,.0f}",
        f"{one.people_reached:,}",
        f"{one.media_audience:,}",
    )


def _span(view: View) -> periods.Span | None:
    if view.filters.periods is None:
        return None
    first, last = view.filters.periods
    return periods.Span(periods.span_of(first).first, periods.span_of(last).last)


def _areas(view: View) -> set[str]:
    """Return the chosen areas, all that lie in them and all they lie in."""
    collection = view.collection
    geography = view.release.areas.get(collection.geography) if view.release and collection else None
    if geography is None:
        return set(view.filters.areas)
    found = set(view.filters.areas)
    for code in view.filters.areas:
        found |= {*geography.ancestors(code)}
        found |= {inner for level in geography.level_names for inner in geography.within(code, level)}
    return found


def draw_response(view: View, listed_campaigns: Sequence[Campaign]) -> None:
    """Draw people known by quarter in a campaign's area: to whom it asked people to turn, and to others."""
    collection = view.collection
    known = view.release.contributors(collection.collection) if view.release and collection else ()
    asked = [one for one in listed_campaigns if one.contributor in known]
    if not asked or collection is None:
        return
    first = max(asked, key=lambda one: one.cost or 0)
    names = {one.code: f"{one.plain_name} ({prevention_words.days(one)})" for one in asked}
    left, _ = layout.row([3, 2])
    with left:
        code = controls.page_choice("campaign", "Campaign to look at", names, first.code)
    campaign = next(one for one in asked if one.code == code)
    [answer] = view.answer([_question(view, campaign)], strict=False)
    if answer.refusal:
        layout.note("People known in the months of a campaign", answer.sentence, *answer.notes)
        return
    _draw_response(view, campaign, answer, collection.last_closed_month)


def _question(view: View, campaign: Campaign, sources: Sequence[str] = ()) -> Question:
    """Return the question of a card that keeps to the campaign's own area and to all years."""
    where: dict[str, tuple[str, ...]] = {"area": (campaign.area,)} if campaign.area else {}
    if sources:
        where["source"] = tuple(sources)
    return Question(
        "detected_persons",
        ("period", "source"),
        where,
        period_level="quarter",
        collection=view.filters.collection,
    )


def _draw_response(view: View, campaign: Campaign, answer: Answer, last_month: str) -> None:
    quarters = worked_out.whole_quarters(campaign, last_month)
    touched = worked_out.touched_quarters(campaign)
    rows = answer.frame.rows(named=True)
    values = {
        code: worked_out.values_of(row for row in rows if row["source"] == code)
        for code in dict.fromkeys(row["source"] for row in rows)
    }
    variance = view.release.v if view.release else 0.0
    others = [
        code
        for code, known in values.items()
        if code != campaign.contributor and worked_out.can_be_compared(known, quarters, touched)
    ]
    own = worked_out.compared(values.get(campaign.contributor, {}), quarters, touched, variance)
    rest = worked_out.compared(
        worked_out.together(values[code] for code in others), quarters, touched, variance * len(others)
    )
    shown = [campaign.contributor, *others[: MOST_LINES - 1]]
    [drawn] = view.answer([_question(view, campaign, shown)], strict=False)
    figure = line_chart(drawn, view.catalog, words=view.words, palette=view.palette, events=_ends(campaign))
    cards.figure_card(
        view,
        "response",
        drawn,
        figure,
        prevention_words.response(view, campaign, own, rest, quarters),
        subtitle=_subtitle(view, campaign),
        notes=[*_notes(view, campaign, others, [*values], quarters), NOT_WHY],
    )


def _ends(campaign: Campaign) -> list[Event]:
    ends = [Event(1, campaign.start, f"{campaign.plain_name} begins")]
    return [*ends, Event(2, campaign.end, f"{campaign.plain_name} ends")] if campaign.end else ends


def _subtitle(view: View, campaign: Campaign) -> str:
    place = view.words("area", campaign.area) if campaign.area else "Whole region"
    return f"People known to each contributor · {place} · by quarter, all years · {view.profile} release"


def _notes(
    view: View, campaign: Campaign, others: list[str], every: list[str], quarters: Sequence[str]
) -> list[str]:
    notes = [
        "1 and 2 mark the first and the last day of the campaign."
        if campaign.end
        else "1 marks its first day."
    ]
    if not quarters:
        return [*notes, "It holds no whole quarter that is closed, and months are too short to be shown."]
    notes.append("The usual number is the average of the same quarters of other years.")
    if others:
        notes.append(
            f"Others: {listed([view.words('source', code) for code in others])}; whoever is known to several "
            "counts with each."
        )
    left = [code for code in every if code not in (campaign.contributor, *others)]
    if left:
        named = listed([view.words("source", code) for code in left])
        notes.append(f"Not compared, because too few of their numbers can be shown: {named}.")
    return [*notes, "The filters of the page do not apply to this figure, but for the choice of campaigns."]
