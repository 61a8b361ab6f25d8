"""Geography: areas in bands or numbers on a map and in a list, one area, all areas and years."""

from ui.app import frame
from ui.cards.card import Card, Drawing, FactCard, Needs, Section
from ui.topics.geography import all_areas, area_profile, map_card, scene, smoothed
from ui.topics.geography.choices import LEVEL, MEASURE, PLACE, SHOW, WITHIN, area_of
from ui.topics.outcomes import low_reporting

YEARS = FactCard("by_years", all_areas.years, all_areas.years_asks)

PAGE = (
    Section(
        "",
        (Drawing("map", map_card.draw, map_card.asks, slides=("map",)),),
        choices=(MEASURE, LEVEL, SHOW, WITHIN, PLACE),
        needs=Needs("People identified by area, on a map and in a list", "person"),
    ),
    Section(
        "The chosen area",
        (
            Card("profile_years", MEASURE, ("period",), {"area": PLACE}, wide=True),
            FactCard("context", area_profile.context),
        ),
        when=area_of,
    ),
    Section(
        "All areas together",
        (FactCard("funnel", all_areas.funnel, scene.asks),),
        more=(YEARS, smoothed.SMOOTHED, smoothed.BESIDE, smoothed.GREY),
        when=all_areas.has_rates,
    ),
    Section("Year by year", (YEARS,), when=all_areas.has_maps_alone),
    Section("What may not be reported", (low_reporting.CARD,), when=low_reporting.is_readable),
)

frame.show("geography", PAGE)
