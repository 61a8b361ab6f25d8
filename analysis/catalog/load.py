"""Turns the files of ``data/catalog`` into one `Catalog`; the rules about them are here and in its parts."""

import functools
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from analysis.catalog.area_changes import Editions
from analysis.catalog.derived import read_derived
from analysis.catalog.dimensions import check_recorded_for, read_dimension
from analysis.catalog.editions import read_editions
from analysis.catalog.listed import refuse_missing
from analysis.catalog.model import (
    DOORS,
    KINDS,
    NOT_RECORDED,
    OWN,
    PILLARS,
    PROFILES,
    Catalog,
    Caveat,
    Derived,
    Dimension,
    Filter,
    Glossary,
    Measure,
    Protection,
    Source,
    Subject,
    Term,
)
from analysis.catalog.registers import Register, read_register
from analysis.catalog.table import Table, read_table
from analysis.errors import echo
from analysis.periods import PERIOD_LEVELS

CATALOG_FOLDER = Path(__file__).resolve().parents[2] / "data" / "catalog"
RETURNS = "returns"  # the folder of what funders are owed: etl alone reads it
SOURCE_KEYS = (
    "code",
    "label",
    "publisher",
    "unit",
    "licence",
    "citation",
    "rule",
    "url",
    "description",
    "caveats",
)

Entry = TypeVar("Entry", Dimension, Editions, Subject, Measure, Derived, Register, Source)
Ordered = TypeVar("Ordered", Measure, Derived)


@functools.lru_cache(maxsize=4)
def load_catalog(folder: Path | None = None) -> Catalog:
    """Read and check the whole catalog, once per process and folder.

    Parameters
    ----------
    folder
        The catalog folder; the project's own when None.

    Returns
    -------
    Catalog

    Raises
    ------
    CatalogError
        Naming the file, the key, what came and what is allowed.
    """
    refuse_missing(folder or CATALOG_FOLDER, needs_list=folder is None)
    folder = folder or CATALOG_FOLDER
    dimensions = _read_all(folder, "dimensions", read_dimension)
    check_recorded_for(folder, dimensions)
    subjects = _read_all(folder, "subjects", lambda table: _subject(table, dimensions))
    caveats = _caveats(folder)
    sources = _read_all(folder, "sources", lambda table: _source(table, caveats))
    measures = _read_all(folder, "measures", lambda table: _measure(table, dimensions, subjects, caveats))
    _check_ratios(folder, measures)
    _check_totals(folder, measures)
    registers = _read_all(folder, "registers", read_register)
    derived = _read_all(folder, "derived", lambda table: read_derived(table, measures, registers, caveats))
    return Catalog(
        dimensions=dimensions,
        subjects=subjects,
        measures=_in_order(measures),
        derived=_in_order(derived),
        registers=registers,
        sources=sources,
        caveats=caveats,
        glossary=_glossary(folder),
        protection=_protection(folder),
        sha256=_sha256(folder),
        editions=_read_all(folder, "editions", read_editions),
    )


def _in_order(entries: Mapping[str, Ordered]) -> Mapping[str, Ordered]:
    found = sorted(entries.values(), key=lambda one: (one.order, one.code))
    return MappingProxyType({one.code: one for one in found})


def _sha256(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.toml")):
        if path.is_relative_to(folder / RETURNS):  # what a funder asks changes nothing that is published
            continue
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read_all(folder: Path, kind: str, build: Callable[[Table], Entry]) -> Mapping[str, Entry]:
    entries: dict[str, Entry] = {}
    for path in sorted((folder / kind).glob("*.toml")):
        table = read_table(folder, f"{kind}/{path.name}")
        entry = build(table)
        table.finish()
        if entry.code != path.stem:
            raise table.fail("code", echo(entry.code), f"the name of its file, '{path.stem}'")
        entries[entry.code] = entry
    return MappingProxyType(entries)


def _check_ratios(folder: Path, measures: Mapping[str, Measure]) -> None:
    for measure in measures.values():
        for key, code in (("above", measure.above), ("below", measure.below)):
            known = measures.get(code)
            if measure.kind == "ratio" and (
                known is None or known.kind not in ("count", "amount", "context")
            ):
                table = read_table(folder, f"measures/{measure.code}.toml")
                raise table.fail(
                    key, echo(code), "the code of a measure that is a count, an amount or residents"
                )


def _check_totals(folder: Path, measures: Mapping[str, Measure]) -> None:
    for measure in measures.values():
        parts = measures.get(measure.total_of)
        is_total = parts is not None and parts.is_own_figure and parts.door == measure.door == "business"
        if measure.total_of and (not is_total or measure.dimensions):
            raise read_table(folder, f"measures/{measure.code}.toml").fail(
                "total_of",
                echo(measure.total_of),
                "the code of an own figure behind 'business', for a measure behind it without dimensions",
            )


def _subject(table: Table, dimensions: Mapping[str, Dimension]) -> Subject:
    core = table.codes("core", allowed=dimensions)
    detail = table.codes("detail", [], allowed=dimensions)
    if both := sorted(set(core) & set(detail)):
        raise table.fail("detail", echo(both[0]), "a dimension that is not in 'core' as well")
    return Subject(
        code=table.code("code"),
        label=table.text("label"),
        unit=table.text("unit"),
        table=table.text("table"),
        key=table.code("key"),
        door=table.text("door", allowed=DOORS),
        core=core,
        detail=detail,
        limits=_limits(table.table("limits")),
        detail_limits=_limits(table.table("detail_limits")),
        stages=table.codes("stages", [table.code("code")]),
        person=table.code("person", ""),
        always=table.codes("always", [], allowed=core),
        lists=table.code("lists", ""),
        entered=table.code("entered", ""),
        list_names=_names(table.table("list_names", {})),
    )


def _names(table: Table) -> Mapping[str, str]:
    names = {code: table.text(code) for code in table.values}
    table.finish()
    return MappingProxyType(names)


def _limits(table: Table) -> Mapping[str, int]:
    limits = {level: table.whole(level, least=1, most=4) for level in PERIOD_LEVELS}  # the period is one
    table.finish()
    return MappingProxyType(limits)


def _source(table: Table, caveats: Mapping[str, Caveat]) -> Source:
    source = Source(
        code=table.code("code"),
        label=table.text("label"),
        publisher=table.text("publisher"),
        unit=table.text("unit"),
        licence=table.text("licence"),
        citation=table.text("citation"),
        rule=table.text("rule"),
        url=table.text("url", ""),
        description=table.text("description", ""),
        caveats=table.codes("caveats", [], allowed=caveats),
        extra=MappingProxyType({key: value for key, value in table.values.items() if key not in SOURCE_KEYS}),
    )
    table.accept(source.extra)
    return source


def _measure(
    table: Table,
    dimensions: Mapping[str, Dimension],
    subjects: Mapping[str, Subject],
    caveats: Mapping[str, Caveat],
) -> Measure:
    measure = Measure(
        code=table.code("code"),
        label=table.text("label"),
        short=table.text("short"),
        unit=table.text("unit"),
        kind=table.text("kind", allowed=KINDS),
        door=table.text("door", allowed=DOORS),
        definition=table.text("definition"),
        formula=table.text("formula"),
        sources=table.codes("sources"),
        owner=table.text("owner"),
        reviewed=table.day("reviewed"),
        subject=table.text("subject", "", allowed=subjects),
        numerator=_filter(table, "numerator", dimensions),
        denominator=_filter(table, "denominator", dimensions),
        share_of=table.text("share_of", "", allowed=dimensions),
        per_field=table.flag("per_field", False),
        known_only=table.flag("known_only", False),
        per=table.number("per", 0),
        population_split=table.codes("population_split", [], allowed=dimensions),
        source=table.code("source", ""),
        observation=table.code("observation", ""),
        observation_base=table.code("observation_base", ""),
        dimensions=table.codes("dimensions", []),
        absent=table.text("absent", "not_reported", allowed=("not_reported", "zero")),
        over_time=table.text("over_time", "sum", allowed=("sum", "last")),
        total_of=table.code("total_of", ""),
        above=table.code("above", ""),
        below=table.code("below", ""),
        quantile=table.number("quantile") if "quantile" in table.values else 0.0,
        digits=table.whole("digits", 0),
        why_no_door=table.text("why_no_door", ""),
        standard=table.text("standard", ""),
        caveats=table.codes("caveats", [], allowed=caveats),
        pages=table.codes("pages", []),
        order=table.whole("order", 100),
        arrow=table.text("arrow", "neutral", allowed=("neutral",)),
        pillar=table.text("pillar", "", allowed=PILLARS),
        headline_of=table.code("headline_of", ""),
        leads=table.text("leads", ""),
    )
    _check_measure(table, measure, dimensions, subjects)
    return measure


def _check_measure(
    table: Table, measure: Measure, dimensions: Mapping[str, Dimension], subjects: Mapping[str, Subject]
) -> None:
    # The door says by which rule numbers pass, and each rule needs to know whose: cells are of a subject,
    # figures of an observation. A ratio has none of its own; its two parts are measures that were checked
    # themselves.
    needs = {"person": "subject", "published": "observation", "business": "observation"}.get(measure.door)
    if needs and measure.kind != "ratio" and not getattr(measure, needs):
        raise table.fail(needs, "missing", f"given, because door is '{measure.door}'")
    if measure.kind == "quantile":
        _check_quantile(table, measure, dimensions)
    # Own figures and those of others are told apart by their source alone, and only own ones pass by
    # "business" or "none": anything else here would publish a count of others, or hide one of ours, by the
    # wrong rule.
    if (measure.source == OWN) != (measure.is_figure and measure.door in ("business", "none")):
        raise table.fail("source", echo(measure.source), f"'{OWN}' for own figures, door business or none")
    if measure.door in ("none", "business") and not measure.why_no_door:
        raise table.fail("why_no_door", "missing", "the reason why this measure passes no door")
    if measure.is_figure and not measure.source:
        raise table.fail("source", "missing", "the source whose published figures these are")
    if measure.kind == "rate" and measure.per <= 0:
        raise table.fail("per", "missing", "a size of population such as 100000")
    # A share needs to know what it is a share of; four keys can say it, and each is a way to ask for one.
    makes_share = bool(measure.numerator or measure.share_of or measure.per_field or measure.observation_base)
    if measure.kind == "share" and not makes_share:
        raise table.fail(
            "numerator", "missing", "[numerator], share_of, per_field or observation_base for a share"
        )
    # A headline on the Overview is one sentence with one number.
    if measure.headline_of and (measure.headline_of not in measure.pages or not measure.has_one_value):
        raise table.fail(
            "headline_of",
            echo(measure.headline_of),
            "one of its 'pages', for a measure of one number a period",
        )
    # Cells exist only for the dimensions of the subject: any other would be asked for and never be there.
    # Without "not recorded" among its codes a dimension has nothing that `known_only` could leave out.
    if measure.subject:
        allowed = subjects[measure.subject].dimensions
        used = [code for code, _ in measure.numerator + measure.denominator] + [measure.share_of]
        for code in filter(None, used):
            if code not in allowed:
                raise table.fail(
                    "numerator", echo(code), f"dimensions of {measure.subject}: {', '.join(allowed)}"
                )
            if measure.known_only and NOT_RECORDED not in dimensions[code].codes:
                raise table.fail("known_only", "true", f"false, because '{code}' has no 'not_recorded'")


def _check_quantile(table: Table, measure: Measure, dimensions: Mapping[str, Dimension]) -> None:
    if not 0 < measure.quantile < 1:
        raise table.fail("quantile", str(measure.quantile), "between 0 and 1")
    if not measure.share_of or not dimensions[measure.share_of].bands:
        raise table.fail(
            "share_of", echo(measure.share_of) or "missing", "a dimension whose categories have a 'low'"
        )
    # The quantile is read between the lows of the bands, so it is counted in what they are counted in.
    unit = dimensions[measure.share_of].unit
    if measure.unit != unit:
        raise table.fail("unit", echo(measure.unit), f"'{unit}', the unit of '{measure.share_of}'")


def _filter(table: Table, key: str, dimensions: Mapping[str, Dimension]) -> Filter:
    inner = table.table(key, {})
    pairs = []
    for code in inner.values:
        if code not in dimensions:
            raise inner.not_allowed(code, code, dimensions)
        codes = inner.codes(code, allowed=dimensions[code].codes)
        if not codes:
            raise inner.fail(code, "an empty list", ", ".join(dimensions[code].codes))
        pairs.append((code, codes))
    return tuple(pairs)


def _caveats(folder: Path) -> Mapping[str, Caveat]:
    table = read_table(folder, "caveats.toml")
    caveats = {code: Caveat(code, table.text(code)) for code in table.values}
    table.finish()
    return MappingProxyType(caveats)


def _glossary(folder: Path) -> Glossary:
    table = read_table(folder, "glossary.toml")
    terms = [Term(row.code("code"), row.text("term"), row.text("meaning")) for row in table.tables("term")]
    table.finish()
    return Glossary(tuple(sorted(terms, key=lambda term: term.term.lower())))


def _protection(folder: Path) -> Protection:
    table = read_table(folder, "protection.toml")
    noise, threshold, freeze = table.table("noise"), table.table("threshold"), table.table("freeze")
    base, business = table.table("minimum_base"), table.table("business")
    protection = Protection(
        methods_version=table.whole("methods_version"),
        noise_d=noise.whole("d"),
        noise_v=noise.number("v"),
        noise_js=noise.whole("js"),
        keys=noise.whole("keys"),
        threshold=MappingProxyType({name: threshold.whole(name) for name in PROFILES}),
        settle_months=freeze.whole("settle_months"),
        provisional_months=freeze.whole("provisional_months"),
        revisions_per_year=freeze.whole("revisions_per_year"),
        minimum_corrections=freeze.whole("minimum_corrections"),
        base_share=base.whole("share"),
        rate_unreliable_below=base.whole("rate_unreliable_below"),
        rate_not_shown_below=base.whole("rate_not_shown_below"),
        base_median=base.whole("median"),
        change=base.whole("change"),
        opening_share_shown=base.number("opening_share_shown"),
        business_minimum_organisations=business.whole("minimum_organisations"),
        business_largest_share=business.number("largest_share"),
        business_p_percent=business.number("p_percent"),
        file_sha256=hashlib.sha256((folder / "protection.toml").read_bytes()).hexdigest(),
    )
    for part in (noise, threshold, freeze, base, business, table):
        part.finish()
    if not protection.threshold["partner"] <= protection.threshold["public"]:
        raise threshold.fail("partner", str(protection.threshold["partner"]), "at most the public threshold")
    return protection
