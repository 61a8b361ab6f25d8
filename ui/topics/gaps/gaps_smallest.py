"""The smallest changes that close the largest gaps, in bands that chance and protection can tell apart."""

from analysis.catalog.model import lower_first
from analysis.topics.gaps import Situation
from analysis.topics.what_if import LEAST_GAP, Option, smallest_changes
from analysis.words import listed
from ui import format as text
from ui.cards import fact_card, layout
from ui.cards import figure_card as cards
from ui.cards.table import Table
from ui.charts.bars.estimates import Bar, estimates_chart
from ui.topics.gaps.gaps_asked import OF_SITUATIONS, Gaps, words
from ui.topics.gaps.gaps_what_if import MODEL, span_text


def draw_smallest(gaps: Gaps, rows: list[Situation]) -> None:
    """Draw the smallest changes that close the largest gaps, in bands."""
    options = smallest_changes(rows)
    if not options:
        layout.note(
            "Smallest changes",
            "No gap that places would close is large enough to be told from none. "
            f"Gaps under {LEAST_GAP:.0f} people a year, or that free places would close, are left out.",
        )
        return
    names = [_change_words(gaps, option) for option in options]
    bars = [
        Bar(name, option.per_place.value, option.per_place.lower, option.per_place.upper, option.band > 0)
        for name, option in zip(names, options, strict=True)
    ]
    rows_of = [
        (
            words(gaps.view, option.situation.service_type, option.situation.group),
            f"{option.places:,}",
            span_text(option.helped),
            text.significant(option.per_place.value),
            text.interval_text(option.per_place.lower, option.per_place.upper, "ratio"),
            _band_words(options, option),
        )
        for option in options
    ]
    columns = (
        "Places of",
        "Places to add",
        "More people served a year",
        "People per place",
        "95% interval",
        "Band",
    )
    fact_card.fact_card(
        gaps.view,
        "smallest",
        _smallest_headline(gaps, options),
        Table(columns, (False, True, True, True, True, False), tuple(rows_of)),
        subtitle=f"People served more a year for each place added · Whole region · {gaps.when} · "
        f"{gaps.view.profile} release",
        caption=cards.caption(
            gaps.answers(*OF_SITUATIONS),
            [
                "Changes stand in bands: inside a band chance and protection do not tell them apart. Fainter "
                f"bars belong to lower bands. Gaps under {LEAST_GAP:.0f} people a year, or that free places "
                f"would close, are left out. {MODEL}"
            ],
        ),
        figure=estimates_chart(
            bars, unit="people a year for each place", palette=gaps.view.palette, narrow=gaps.view.phone
        ),
    )


def _change_words(gaps: Gaps, option: Option) -> str:
    name = words(gaps.view, option.situation.service_type, option.situation.group)
    return f"{option.places} places: {lower_first(name)}"


def _smallest_headline(gaps: Gaps, options: list[Option]) -> str:
    largest = max(options, key=lambda option: option.helped.value)
    name = lower_first(words(gaps.view, largest.situation.service_type, largest.situation.group))
    said = (
        f"{largest.places} more places in {name} would close the largest gap: "
        f"{span_text(largest.helped)} more people served a year"
    )
    first = [option for option in options if option.band == 0]
    if first == [largest]:
        return f"{said}, the most for each place too"
    if largest in first:
        return f"{said}; no clear difference for each place from {len(first) - 1} other changes"
    others = [lower_first(words(gaps.view, one.situation.service_type, one.situation.group)) for one in first]
    return f"{said}; for each place, {listed(others)} would serve more"


def _band_words(options: list[Option], option: Option) -> str:
    together = sum(one.band == option.band for one in options)
    return f"{option.band + 1}: no clear difference" if together > 1 else f"{option.band + 1}"
