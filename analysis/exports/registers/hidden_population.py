"""The estimate of people on no list as a table: a row for each number, band and word that a release tells."""

import polars as pl

from analysis.catalog.model import Catalog
from analysis.catalog.registers import Register, RegisterColumn
from analysis.findings.sentences.topics.hidden_population import AGREEMENT_WORDS, WHY
from analysis.release.release import Release
from analysis.topics.hidden_population import (
    METHOD,
    METHODS,
    POPULATION,
    HiddenPopulation,
    hidden_population,
    list_name,
)

WHOLE = "It is of the whole region and all complete years together, whatever filters are set on a page."
COLUMNS = (
    RegisterColumn("collection", "Register"),
    RegisterColumn("period", "First and last year"),
    RegisterColumn("what", "What is told"),
    RegisterColumn("list", "List"),
    RegisterColumn("and_list", "And list"),
    RegisterColumn("method", "Method"),
    RegisterColumn("people", "People, to two figures", "BIGINT"),
    RegisterColumn("lower", "At least", "BIGINT"),
    RegisterColumn("upper", "At most", "BIGINT"),
    RegisterColumn("said", "In words"),
)
#: What a row tells, in words.
WHAT = {
    "estimate": "People who could have been listed, with the 95% interval",
    "listed": "People on any list",
    "overlap": "People on two lists, in a band",
    "method": "How far another method agrees",
    "without": "How far the answer without one list agrees",
    "no_estimate": "Why there is no number",
}
_KINDS = {"BIGINT": pl.Int64}


def estimate_register(catalog: Catalog) -> Register:
    """Return what is said of the table; what may leave of it is decided where it is worked out."""
    derived = catalog.derived[POPULATION]
    caveats = (catalog.caveats[code].text for code in derived.caveats)
    return Register(
        code=POPULATION,
        label=derived.label,
        description=derived.definition,
        table=POPULATION,
        columns=COLUMNS,
        why_no_door=" ".join((derived.why_shown, *caveats)),
        pages=derived.pages,
    )


def estimate_rows(release: Release) -> pl.DataFrame:
    """Return the rows of every register of people of a release; none where it tells nothing."""
    codes = dict.fromkeys(one.collection for one in release.collections)
    rows = [
        {"collection": code, "period": "..".join(found.years), **row}
        for code in codes
        if (found := hidden_population(release, code)) is not None
        for row in _rows(found)
    ]
    schema = {column.code: _KINDS.get(column.kind, pl.String) for column in COLUMNS}
    return pl.DataFrame(rows, schema=schema)


def estimate_words(column: str, held: list[str], catalog: Catalog) -> dict[str, str]:
    """Return the words for the codes that a column holds."""
    if column == "what":
        return {code: WHAT[code] for code in held}
    if column == "method":
        return {code: METHODS[code] for code in held}
    if column in ("list", "and_list"):
        return {code: list_name(code, catalog) for code in held}
    return {}


def _rows(found: HiddenPopulation) -> list[dict[str, object]]:
    if not found.is_estimated:
        why, helps = WHY[found.reason]
        return [{"what": "no_estimate", "said": f"{why[:1].upper()}{why[1:]}. {helps}"}]
    number = {"people": found.estimate, "lower": found.lower, "upper": found.upper, "method": found.method}
    rows: list[dict[str, object]] = [
        {"what": "estimate", **number, "said": " ".join((f"{found.interval_words}.", *found.notes))},
        {"what": "listed", "people": found.listed},
    ]
    rows += [
        {
            "what": "overlap",
            "list": one.one,
            "and_list": one.other,
            "lower": one.at_least,
            "upper": None if one.below is None else one.below - 1,
            "said": one.words,
        }
        for one in found.overlaps
    ]
    rows += [
        {
            "what": "method" if one.kind == METHOD else "without",
            "method" if one.kind == METHOD else "list": one.code,
            "said": AGREEMENT_WORDS[one.agreement],
        }
        for one in found.agreements
    ]
    return rows
