"""Service gaps: who lives within reach of a service, and the directory of services."""

from analysis import Answer
from analysis.catalog.model import lower_first
from analysis.topics.gaps import cells
from analysis.words import listed
from ui import format as text
from ui.app import controls, states
from ui.cards import figure_card as cards
from ui.cards.table import Table
from ui.charts.bars.bar import bar_chart
from ui.topics import topic_cards
from ui.topics.gaps.gaps_asked import Gaps
from ui.topics.gaps.gaps_figures import grid

REACH_SHOWS = {
    "reach_30_share": "30 minutes",
    "reach_60_share": "60 minutes",
    "reach_90_share": "90 minutes",
    "access_per_100k": "Places within reach",
}


def draw_reach(gaps: Gaps) -> None:
    """Draw who lives within reach of a service: by type, and by area and type."""
    view = gaps.view
    offered = {code: name for code, name in REACH_SHOWS.items() if code in gaps.has and gaps.answer(code)}
    if not offered:
        states.empty(
            "How many residents live within 30, 60 and 90 minutes of each type of service",
            "python -m etl template service_site, fill it in, load it, then: python -m etl release",
        )
        return
    default = "reach_60_share" if "reach_60_share" in offered else next(iter(offered))
    shown = controls.page_choice("reach", "Reach by road", offered, default, style="segments")
    whole, by_area = gaps.answer(shown), gaps.answer(f"{shown}/area")
    if whole is not None:
        cards.figure_card(
            view,
            "reach",
            whole,
            bar_chart(whole, view.catalog, words=view.words, palette=view.palette),
            _reach_words(gaps, whole),
            subtitle=_plain_subtitle(gaps, whole),
            notes=[SHELTERS],
        )
    kinds = dict.fromkeys(key[1] for key in cells(by_area)) if by_area else ()
    if not kinds:
        return
    where = {"service_type": tuple(kinds)}
    question = gaps.question(shown, ("area", "service_type"), periods=None, area_level=1, where=where)
    [by_area] = view.answer([question], strict=False)
    cards.figure_card(
        view,
        "reach_area",
        by_area,
        grid(view, by_area, "reach_area"),
        _reached_by_nobody(gaps, by_area),
        subtitle=_plain_subtitle(gaps, by_area),
        notes=["By area only for types with at least three sites, and never for housing and shelter."],
    )


SHELTERS = "Housing and shelter: in steps of ten, so that no shelter can be found from these figures."


def _reach_words(gaps: Gaps, answer: Answer) -> str:
    found = cells(answer)
    if not found:
        return ""
    ends = [pick(found, key=lambda key: found[key].value) for pick in (min, max)]
    kinds = [lower_first(gaps.view.words("service_type", key[0])) for key in ends]
    if answer.measure.kind == "share":
        low, high = (f"{found[key].value:.0f}%" for key in ends)
        said = f"{answer.measure.short} by road: from {low} of residents"
    else:
        low, high = (text.significant(found[key].value) for key in ends)
        said = f"Places within reach per 100,000 residents: from {low}"
    return f"{said} for {kinds[0]} to {high} for {kinds[1]}"


def _reached_by_nobody(gaps: Gaps, answer: Answer) -> str:
    """Say for which types of service some area reaches none: a fact about the map, not about the area."""
    found = cells(answer)
    none = [key[1] for key, one in found.items() if one.value == 0]
    if not found:
        return ""
    if not none:
        return "Every area reaches every type of service to some part"
    kinds = [lower_first(gaps.view.words("service_type", code)) for code in dict.fromkeys(none)]
    if answer.measure.kind != "share":
        return f"Some areas reach no place at all: {listed(kinds)}"
    return f"In some areas nobody is {lower_first(answer.measure.short)} of {listed(kinds, 'or')}"


def draw_directory(gaps: Gaps) -> None:
    """List the services of the directory; what is missing is counted and said."""
    view = gaps.view
    rows = view.release.register("service") if view.release else None
    if rows is None or rows.is_empty():
        states.empty(
            "The services of the directory, with the area that each serves",
            "python -m etl load DIRECTORY --source hsds, or: python -m etl template service, fill it in",
        )
        return
    listed_rows = list(rows.iter_rows(named=True))
    orphans = sum(not row["has_organisation"] for row in listed_rows)
    nowhere = sum(not row["has_place"] for row in listed_rows)
    table = Table(
        ("Service type", "Service", "Organisation", "For whom", "Area served", "Note"),
        (False,) * 6,
        tuple(_directory_row(gaps, row) for row in listed_rows),
    )
    topic_cards.register_card(
        view,
        "directory",
        f"{len(listed_rows):,} services are listed; {orphans:,} without an organisation that is listed, "
        f"{nowhere:,} without a known place",
        table,
        "Directory of services",
        caption=(
            "Services are listed as the directory gives them, those without an organisation or place too. "
            "Names of housing and shelter, and every address, stay out."
        ),
    )


def _directory_row(gaps: Gaps, row: dict[str, object]) -> tuple[str, ...]:
    view, is_shelter = gaps.view, row["service_type"] == "housing"
    groups = [view.words("eligibility", code) for code in str(row["eligibility"] or "").split(",") if code]
    notes = [
        "" if row["has_organisation"] else "organisation is not listed",
        "" if row["has_place"] else "no known place",
        "" if row["is_active"] else "not active",
    ]
    area = str(row["area"] or "")
    return (
        view.words("service_type", str(row["service_type"])),
        "Name not listed" if is_shelter else str(row["name"]),
        "Not listed" if is_shelter else str(row["organisation"] or "Not known"),
        listed([groups[0], *(lower_first(one) for one in groups[1:])]) if groups else "Not recorded",
        view.words("area", area) if area else "Whole region, or not recorded",
        ", ".join(note for note in notes if note),
    )


def _plain_subtitle(gaps: Gaps, answer: Answer) -> str:
    unit = f" ({answer.unit})" if answer.unit not in answer.measure.label.lower() else ""
    return f"{answer.measure.label}{unit} · as the services stand now · {gaps.view.profile} release"
