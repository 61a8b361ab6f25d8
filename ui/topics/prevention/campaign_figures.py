"""Campaigns: the list of them, and what was reported in the months of one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis import Answer, Question, periods
from analysis.topics import campaigns as worked_out
from analysis.topics.campaigns import Campaign, Compared
from analysis.words import listed
from ui.app import controls
from ui.app.view import View
from ui.cards import fact_card, layout
from ui.cards import figure_card as cards
from ui.cards.table import Table
from ui.charts.figure import Figure
from ui.charts.time.event import Event
from ui.charts.time.line import line_chart
from ui.topics import topic_cards
from ui.topics.prevention import campaign_areas, prevention_words

COLUMNS = (
    "Campaign",
    "Theme",
    "Area",
    "Months",
    "Cost ({currency})",
    "Reached face to face",
    "Media audience",
)
REGISTER_CAPTION = (
    "Cost as stated by the campaign, in the money of its day. People reached face to face and the estimated "
    "audience of media are never added together."
)
NOT_WHY = (
    "A comparison with other years shows that a number was unusual, not why: laws, contributors and the news "
    "change as well. Reports are not prevalence."
)


def there_are_any(view: View) -> bool:
    """Return whether the release holds campaigns."""
    return view.release is not None and not view.release.register("campaign").is_empty()


def draw(view: View) -> None:
    """Draw the campaigns that fit period and area: what was reported in one of them, and the list."""
    every = worked_out.campaigns(view.release.register("campaign")) if view.release else []
    chosen = worked_out.running(every, _span(view), _areas(view))
    if not chosen:
        layout.quiet("No campaign ran in these areas and periods.")
        return
    _choose(view, chosen)
    rows = tuple(_row(view, one) for one in reversed(chosen))
    currency = view.release.currency if view.release else ""
    columns = tuple(name.format(currency=currency) for name in COLUMNS)
    fact_card.fact_card(
        view,
        "campaigns",
        prevention_words.campaign_list(chosen, worked_out.total_cost(chosen), currency),
        Table(columns, (False, False, False, False, True, True, True), rows),
        subtitle=f"Campaigns · {view.subtitle()}",
        caption=f"{topic_cards.register_source(view)} {REGISTER_CAPTION}",
    )


def _row(view: View, one: Campaign) -> tuple[str, ...]:
    return (
        one.plain_name,
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


def _choose(view: View, listed_campaigns: Sequence[Campaign]) -> None:
    """Let one campaign be chosen of those that asked people to turn to a contributor, and draw it."""
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
    [answer] = view.answer([_question(view, campaign, ("period", "source"))], strict=False)
    if answer.refusal:
        layout.note("People known in the months of a campaign", answer.sentence, *answer.notes)
        return
    _draw_response(view, campaign, answer, collection.last_closed_month)
    campaign_areas.draw(view, campaign, listed_campaigns)


def _question(view: View, campaign: Campaign, by: Sequence[str], sources: Sequence[str] = ()) -> Question:
    """Return the question of a card that keeps to the campaign's own area and to all years."""
    where: dict[str, tuple[str, ...]] = {"area": (campaign.area,)} if campaign.area else {}
    if sources:
        where["source"] = tuple(sources)
    return Question("detected_persons", by, where, period_level="quarter", collection=view.filters.collection)


@dataclass(frozen=True)
class _Found:
    """What published quarters say of one campaign."""

    campaign: Campaign
    quarters: tuple[str, ...]
    own: Compared | None
    rest: Compared | None
    others: dict[str, Compared]
    left_out: tuple[str, ...]


def _found(view: View, campaign: Campaign, answer: Answer, last_month: str) -> _Found:
    quarters = worked_out.whole_quarters(campaign, last_month)
    touched = worked_out.touched_quarters(campaign)
    rows = answer.frame.rows(named=True)
    values = {
        code: worked_out.values_of(row for row in rows if row["source"] == code)
        for code in dict.fromkeys(row["source"] for row in rows)
    }
    variance = view.release.v if view.release else 0.0
    each = {code: worked_out.compared(known, quarters, touched, variance) for code, known in values.items()}
    others = {code: one for code, one in each.items() if one is not None and code != campaign.contributor}
    rest = worked_out.compared(
        worked_out.together(values[code] for code in others), quarters, touched, variance * len(others)
    )
    left = tuple(code for code in values if code not in (campaign.contributor, *others))
    return _Found(campaign, quarters, each.get(campaign.contributor), rest, others, left)


def _draw_response(view: View, campaign: Campaign, answer: Answer, last_month: str) -> None:
    found = _found(view, campaign, answer, last_month)
    left, right = layout.row(2)
    with left:
        cards.figure_card(
            view,
            "response",
            answer,
            _dots(view, found),
            prevention_words.response(view, campaign, found.own, found.rest, found.quarters),
            subtitle=_subtitle(view, campaign, f"People known to each contributor{_when(found)}"),
            alt="People known in the quarters of the campaign beside the usual number, by contributor.",
            notes=[*_notes(view, found, is_whole=answer.cells_shown == answer.cells_total), NOT_WHY],
        )
    with right:
        [heard] = view.answer([_question(view, campaign, ("period",), (campaign.contributor,))], strict=False)
        if not heard.refusal:
            cards.figure_card(
                view,
                "heard",
                heard,
                line_chart(
                    heard, view.catalog, words=view.words, palette=view.palette, events=_ends(campaign)
                ),
                prevention_words.heard(view, campaign, found.own, found.quarters),
                subtitle=_subtitle(view, campaign, "People known to the contributor, by quarter"),
                notes=[_marks(campaign)],
            )


def _dots(view: View, found: _Found) -> Figure | None:
    """Return the usual number and that of the campaign's quarters, a row for each contributor."""
    named = {found.campaign.contributor: found.own, **found.others}
    compared = {code: one for code, one in named.items() if one is not None}
    return campaign_areas.dots(view, "source", compared) if compared else None


def _when(found: _Found) -> str:
    ends = found.quarters
    return f", {periods.label_of_range(ends[0], ends[-1])} beside other years" if ends else ""


def _ends(campaign: Campaign) -> list[Event]:
    ends = [Event(1, campaign.start, f"{campaign.plain_name} begins")]
    return [*ends, Event(2, campaign.end, f"{campaign.plain_name} ends")] if campaign.end else ends


def _marks(campaign: Campaign) -> str:
    return (
        "1 and 2 mark the first and the last day of the campaign."
        if campaign.end
        else "1 marks its first day."
    )


def _subtitle(view: View, campaign: Campaign, lead: str) -> str:
    place = view.words("area", campaign.area) if campaign.area else "Whole region"
    return f"{lead} · {place} · {view.profile} release"


def _notes(view: View, found: _Found, *, is_whole: bool) -> list[str]:
    if not found.quarters:
        return ["The campaign holds no whole quarter that is closed, and months are too short to be shown."]
    notes = ["The usual number is the average of the same quarters of other years."]
    if not is_whole:
        notes.append("Quarters that are not shown are left out, which makes it a little high.")
    if len(found.others) > 1:
        notes.append("Whoever is known to several contributors counts with each.")
    if found.left_out:
        named = listed([view.words("source", code) for code in found.left_out])
        notes.append(f"Not compared, because too few of their numbers can be shown: {named}.")
    return [
        *notes,
        "The page's filters choose the campaign; this figure keeps to its area and all years.",
    ]
