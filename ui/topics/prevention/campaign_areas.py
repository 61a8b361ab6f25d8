"""A campaign's area beside the other areas of its kind: was the change there, or everywhere?"""

from collections.abc import Mapping, Sequence

from analysis import Answer, Question, periods
from analysis.release.places import Geography
from analysis.topics import campaigns as worked_out
from analysis.topics.campaigns import Campaign, Compared
from analysis.words import listed
from ui.app.view import View
from ui.cards import figure_card as cards
from ui.charts.bars.before_after import Pair, before_after_chart
from ui.charts.figure import Figure
from ui.maps.places import plural
from ui.topics.prevention import prevention_words

NOT_WHY = (
    "A difference from other areas shows that the change was not the same everywhere, not what made it. "
    "Reports are not prevalence."
)


def draw(view: View, campaign: Campaign, every: Sequence[Campaign]) -> None:
    """Draw people known to the contributor in a campaign's quarters, by area; for a campaign in one area."""
    collection = view.collection
    geography = view.release.areas.get(collection.geography) if view.release and collection else None
    if collection is None or geography is None or campaign.area not in geography.levels:
        return
    quarters = worked_out.whole_quarters(campaign, collection.last_closed_month)
    level = geography.levels[campaign.area]
    free = worked_out.free_areas(campaign, every, geography.at(level), quarters)
    if not quarters or not free:
        return
    question = Question(
        "detected_persons",
        ("period", "area"),
        {"source": (campaign.contributor,)},
        period_level="quarter",
        area_level=level,
        collection=view.filters.collection,
    )
    [answer] = view.answer([question], strict=False)
    if answer.refusal:
        return
    variance = view.release.v if view.release else 0.0
    here, each, together = _compared(campaign, answer, free, quarters, variance)
    if here is None or together is None:
        return
    others = [code for code in geography.at(level) if code not in (campaign.area, *each)]
    left_out = [view.words("area", code) for code in others]
    cards.figure_card(
        view,
        "campaign_areas",
        answer,
        dots(view, "area", {campaign.area: here} | each),
        prevention_words.areas_apart(view, campaign, here, together, _kind(geography, level, len(each))),
        subtitle=f"People known to {view.words('source', campaign.contributor)}, "
        f"{periods.label_of_range(quarters[0], quarters[-1])} beside other years, by area · "
        f"{view.profile} release",
        alt="People known in the quarters of the campaign beside the usual number, by area.",
        notes=[
            f"Left out, because too few numbers can be shown or another campaign ran: {listed(left_out)}."
            if left_out
            else "",
            NOT_WHY,
        ],
    )


def dots(view: View, dimension: str, compared: Mapping[str, Compared]) -> Figure:
    """Return the usual number and that of a campaign's quarters, a row for each code of a dimension."""
    pairs = [
        Pair(view.words(dimension, code), one.usual, one.during, prevention_words.comparison(one))
        for code, one in compared.items()
    ]
    return before_after_chart(
        pairs,
        unit="people",
        names=("Usual in these quarters", "In the campaign"),
        palette=view.palette,
        top=max(max(one.before, one.after) for one in pairs),
        narrow=view.phone,
    )


def _compared(
    campaign: Campaign, answer: Answer, free: Sequence[str], quarters: Sequence[str], variance: float
) -> tuple[Compared | None, dict[str, Compared], Compared | None]:
    """Return the campaign's area, each other one that can be compared, and those together."""
    touched = worked_out.touched_quarters(campaign)
    rows = answer.frame.rows(named=True)
    values = {
        code: worked_out.values_of(row for row in rows if row["area"] == code)
        for code in (campaign.area, *free)
    }
    found = {code: worked_out.compared(one, quarters, touched, variance) for code, one in values.items()}
    each = {code: one for code, one in found.items() if one is not None and code != campaign.area}
    sums = worked_out.together(values[code] for code in each)
    rest = worked_out.compared(sums, quarters, touched, variance * len(each)) if each else None
    return found[campaign.area], each, rest


def _kind(geography: Geography, level: int, count: int) -> str:
    """Return "1 other county" or "4 other counties"."""
    return f"{count} other {plural(geography.level_names.get(level, 'area'), count)}"
