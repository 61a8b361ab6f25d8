"""The catalog as prose: what the Methods page says about each measure, dimension and source.

Nothing is written twice: every word here comes from `data/catalog` or from `ui/text`.
"""

from collections.abc import Iterable

from analysis import Catalog, Dimension, Measure
from analysis.catalog.model import Derived, Source, Subject
from analysis.periods import PERIOD_LEVELS
from analysis.release.release import Release
from ui import format as text
from ui.cards.prose import long_text
from ui.cards.table import Table
from ui.view import registry
from ui.view.states import escape

KIND_WORDS = {
    "count": "Count",
    "share": "Share (whole percent)",
    "rate": "Rate (two significant figures)",
    "published": "Count, as published by its source",
    "amount": "Sum of own figures, such as money or places",
    "ratio": "Ratio of two measures (two significant figures)",
    "quantile": "Duration read off published bands",
    "context": "Context, shown beside and never combined",
}
CLOSED_LIST_NOTE = (
    "How many dimensions one number can be divided by, the period counting as one. In brackets: when one of "
    "them is a detail."
)
DOOR_WORDS = {
    "person": "Protected: random change, smallest number shown, frozen periods",
    "business": "At least three organisations behind a figure, none above 85% of it",
    "published": "As published: its publisher's own rule applies",
    "none": "Not about people",
}


def protection_text(catalog: Catalog, profile: str) -> str:
    """Return the disclosure statement with the parameters in force; its opposite for the restricted one."""
    rules = catalog.protection
    return long_text(
        "methods_restricted" if profile == "steward" else "methods_protection",
        d=rules.noise_d,
        public_threshold=rules.threshold["public"],
        v=f"{rules.noise_v:g}",
        js=rules.noise_js,
        threshold=rules.threshold.get(profile, rules.threshold["public"]),
        revisions=rules.revisions_per_year,
        corrections=rules.minimum_corrections,
        share=rules.base_share,
        unreliable=rules.rate_unreliable_below,
        rate=rules.rate_not_shown_below,
        change=rules.change,
    )


def anchor_of(measure: str) -> str:
    """Return the anchor of a measure's entry."""
    return f"m_{measure}"


def measures_with(wanted: str, catalog: Catalog) -> dict[str, list[Measure | Derived]]:
    """Return the measures that hold a text in name, definition or code, by what they count.

    Numbers that pages work out come last, in a group of their own.
    """
    word = wanted.strip().casefold()
    groups: dict[str, list[Measure | Derived]] = {}
    every: list[Measure | Derived] = [*catalog.measures.values(), *catalog.derived.values()]
    for measure in every:
        if word in f"{measure.label} {measure.definition} {measure.code}".casefold():
            groups.setdefault(_group(measure, catalog), []).append(measure)
    return groups


def _group(measure: Measure | Derived, catalog: Catalog) -> str:
    if isinstance(measure, Derived):
        return "Worked out on the pages"
    if measure.subject:
        return catalog.subjects[measure.subject].label
    if measure.is_own_figure or measure.kind == "ratio":
        return "Organisations, places, money and events"
    return "Residents and places" if measure.kind == "context" else "Published by others"


def measure_html(measure: Measure | Derived, catalog: Catalog) -> str:
    """Return the entry of one measure, or of a number that pages work out, as a description list."""
    if isinstance(measure, Derived):
        return _derived_html(measure, catalog)
    caveats = " ".join(catalog.caveats[code].text for code in measure.caveats if code in catalog.caveats)
    door = DOOR_WORDS[measure.door] + (f". {measure.why_no_door}" if measure.why_no_door else "")
    lines = (
        ("What it is", measure.definition),
        ("How it is worked out", measure.formula),
        ("Kind and unit", f"{KIND_WORDS[measure.kind]}; {measure.unit}"),
        ("Seen in use by", "; ".join(measure.sources)),
        ("Standard", measure.standard),
        ("Protection", door),
        ("Read with care", caveats),
        ("Owner", f"{measure.owner}; reviewed {measure.reviewed.isoformat()}"),
        ("Name for scripts", measure.code),
    )
    return _description_list(lines)


def _derived_html(derived: Derived, catalog: Catalog) -> str:
    caveats = " ".join(catalog.caveats[code].text for code in derived.caveats)
    lines = (
        ("What it is", derived.definition),
        ("How it is worked out", derived.formula),
        ("Unit", derived.unit),
        ("Made from", "; ".join(catalog.made_from(derived))),
        ("Shown on", ", ".join(registry.entry(page).title for page in derived.pages)),
        ("Seen in use by", "; ".join(derived.sources)),
        ("Protection", f"{DOOR_WORDS[derived.door]}. {derived.why_shown}"),
        ("Read with care", caveats),
        ("Owner", f"{derived.owner}; reviewed {derived.reviewed.isoformat()}"),
        ("Name for scripts", f"{derived.code} (worked out in {derived.worked_out_in})"),
    )
    return _description_list(lines)


def dimension_html(dimension: Dimension) -> str:
    """Return the entry of one dimension as a description list."""
    labels = ", ".join(category.label for category in dimension.categories)
    several = "A person can be in several categories, so they do not add up to the number of people."
    lines = (
        ("What it says", dimension.description),
        ("Categories", labels or "Those of the records"),
        ("Adding up", several if dimension.multi else ""),
        ("Standard", dimension.standard or "Own codes"),
        ("Name for scripts", dimension.code),
    )
    return _description_list(lines)


def source_html(source: Source, catalog: Catalog) -> str:
    """Return the entry of one source that can be loaded, as a description list."""
    caveats = " ".join(catalog.caveats[code].text for code in source.caveats if code in catalog.caveats)
    lines = (
        ("What it is", source.description),
        ("Publisher", source.publisher),
        ("What it counts", source.unit),
        ("Its own protection", source.rule),
        ("Read with care", caveats),
        ("Licence", source.licence),
        ("Citation", source.citation),
        ("Address", source.url),
        ("Name for scripts", source.code),
    )
    return _description_list(lines)


def release_table(release: Release, catalog: Catalog) -> Table:
    """Return which release is shown, and the parameters it was made with."""
    own = release.info.get("parameters_sha256", "")
    same = "as in this program" if own == catalog.protection.file_sha256 else "of an earlier version"
    exact = "No change: exact numbers" if release.is_exact else f"at most {release.d} either way"
    rows = [
        ("Release", release.release_id),
        ("Profile", release.profile),
        ("As of", text.date_text(release.as_of)),
        ("Random change", exact),
        ("Smallest number shown", "0" if release.is_exact else str(release.threshold)),
        ("Parameters (hash)", f"{own[:12]}, {same}"),
        ("Version of methods", release.info.get("methods_version", "")),
        ("Questions about the data", release.info.get("contact", "")),
    ]
    return Table(("What", "Which"), (False, False), tuple(row for row in rows if row[1]))


def closed_list_table(catalog: Catalog) -> Table:
    """Return one row for each subject: how many dimensions can be combined, by period."""
    rows = tuple(
        (
            subject.label + _always(subject, catalog),
            *(f"{subject.limits[level]} ({subject.detail_limits[level]})" for level in PERIOD_LEVELS),
            ", ".join(catalog.dimensions[code].label for code in subject.detail),
        )
        for subject in catalog.subjects.values()
    )
    header = ("What is counted", "By month", "By quarter", "By year", "Details (at most one at a time)")
    return Table(header, (False, True, True, True, False), rows)


def _always(subject: Subject, catalog: Catalog) -> str:
    names = " and ".join(catalog.dimensions[code].label.lower() for code in subject.always)
    return f" (always by {names})" if names else ""


def glossary_html(catalog: Catalog) -> str:
    """Return the glossary as a description list, each term with an anchor."""
    terms = sorted(catalog.glossary.terms, key=lambda one: one.term.casefold())
    return _description_list(
        ((one.term, one.meaning) for one in terms), anchors=(f"term-{one.code}" for one in terms)
    )


def _description_list(lines: Iterable[tuple[str, str]], anchors: Iterable[str] = ()) -> str:
    ids = iter(anchors)
    items = []
    for name, words in lines:
        if words:
            anchor = next(ids, "")
            mark = f' id="{escape(anchor)}"' if anchor else ""
            items.append(f"<dt{mark}>{escape(name)}</dt><dd>{escape(words)}</dd>")
    return f'<dl class="ltt-list">{"".join(items)}</dl>'
