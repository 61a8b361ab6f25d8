"""The catalog as prose: what the Methods page says about each measure, dimension and source.

Nothing is written twice: every word here comes from `data/catalog` or from `ui/text`.
"""

from collections.abc import Iterable
from pathlib import Path

from analysis import Catalog, Dimension, Measure
from ui.states import escape
from ui.tables import Table

_TEXT = Path(__file__).parent / "text"
KIND_WORDS = {
    "count": "Count",
    "share": "Share (whole percent)",
    "rate": "Rate (two significant figures)",
    "published": "Count, as published by its source",
    "context": "Context, shown beside and never combined",
}
DOOR_WORDS = {
    "person": "Protected: random change, smallest number shown, frozen periods",
    "business": "At least three organisations behind a figure, none above 85% of it",
    "published": "As published: its publisher's own rule applies",
    "none": "Not about people",
}


def long_text(name: str, **values: object) -> str:
    """Return `ui/text/<name>.md` with values put into its braces."""
    return (_TEXT / f"{name}.md").read_text("utf-8").format(**values)


def protection_text(catalog: Catalog, profile: str) -> str:
    """Return the disclosure statement with the parameters in force."""
    rules = catalog.protection
    return long_text(
        "methods_protection",
        d=rules.noise_d,
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


def measure_html(measure: Measure, catalog: Catalog) -> str:
    """Return the entry of one measure as a description list."""
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


def dimension_table(dimensions: Iterable[Dimension]) -> Table:
    """Return one row for each dimension: label, categories, standard."""
    rows = tuple(
        (
            one.label,
            one.description,
            ", ".join(category.label for category in one.categories) or "From the records",
            one.standard or "Own codes",
        )
        for one in dimensions
    )
    return Table(("Dimension", "What it says", "Categories", "Standard"), (False,) * 4, rows)


def source_table(catalog: Catalog) -> Table:
    """Return one row for each outside source this version can load."""
    rows = tuple(
        (one.label, one.publisher, one.unit, one.rule, one.licence) for one in catalog.sources.values()
    )
    return Table(("Source", "Publisher", "Unit", "Its own protection", "Licence"), (False,) * 5, rows)


def closed_list_table(catalog: Catalog) -> Table:
    """Return one row for each subject: how many dimensions can be combined, by period."""
    rows = tuple(
        (
            subject.label,
            *(
                f"{subject.limits[level]} ({subject.detail_limits[level]})"
                for level in ("month", "quarter", "year")
            ),
            ", ".join(catalog.dimensions[code].label for code in subject.detail),
        )
        for subject in catalog.subjects.values()
    )
    header = ("What is counted", "By month", "By quarter", "By year", "Details (at most one at a time)")
    return Table(header, (False, True, True, True, False), rows)


def glossary_html(catalog: Catalog) -> str:
    """Return the glossary as a description list, each term with an anchor."""
    return _description_list(
        ((one.term, one.meaning) for one in catalog.glossary.terms),
        anchors=(f"term-{one.code}" for one in catalog.glossary.terms),
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
