"""Published counts by mapping: which series there are, and what the cells of a file may say.

A count by mapping passes to the release as it is, so its words come from the mapping alone and never from a
cell: the code, label and unit of a series, the codes that divide it, the markers.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import polars as pl

from analysis.catalog.load import load_catalog
from analysis.catalog.model import OWN
from analysis.catalog.table import Table
from analysis.periods import SEVERAL
from etl.contracts.tables import Column, Contract
from etl.incoming import PublishedSeries, SourceInfo
from etl.readers import tidy

OBSERVATION = "observation"
LICENCE = "As stated by the publisher"
RULE = "Published by the source; passed on unchanged."
OVER_TIME = ("sum", "last")
LONGEST = {
    "label": 90,
    "unit": 40,
    "definition": 300,
    "publisher": 120,
    "citation": 300,
    "licence": 200,
    "rule": 200,
}
# Words on screen, in charts and in files: letters, digits and the signs of ordinary writing. Signs that begin
# markup in any of these (< & [ * _ ` $ \ # |) are not among them.
_PLAIN = re.compile(r"[^\W_](?:[\w .,;:'’()/+%–—-](?<!_))*")
_PLAIN_WORDS = "letters, digits and . , ; : ' ( ) / + % -"
# Of these neither areas nor months can be added up.
_NO_COUNT = re.compile(
    r"%|\b(?:per|percent|percentages?|rates?|shares?|ratios?|averages?|means?|medians?|index)\b", re.I
)
# What is measured and not counted may have decimals.
_MEASURED = re.compile(
    r"[$€£]|\b(?:money|currency|usd|cad|aud|nzd|eur|gbp|chf|dollars?|euros?|pounds?|cents?|pence|pesos?|rupees?|"
    r"francs?|minutes?|hours?|days?|weeks?|months?|years?|miles?|kilomet(?:er|re)s?|km|equivalents?|fte)\b",
    re.I,
)
MARKERS: Mapping[str, str] = {
    "suppressed": "c",
    "hidden": "c",
    "confidential": "c",
    "not available": "x",
    "provisional": "p",
    "revised": "r",
}
"""Words for markers that need no explanation in a mapping."""
SAID_ONCE = {"source": "[source]", "geography": "[source]", "unit": "[[series]]"}


def read_series(top: Table, source: SourceInfo, is_published: bool) -> tuple[PublishedSeries, ...]:
    """Return the series that a mapping declares under ``[[series]]``.

    Parameters
    ----------
    top
        The whole mapping.
    source
        Whose counts they are.
    is_published
        Whether it reads published counts at all.

    Raises
    ------
    EtlError
        Words that are no plain text, what cannot be added up, a code that the catalog has already.
    """
    items = top.tables("series")
    if items and not is_published:
        raise top.fail("series", "given", f"only beside a [[table]] with name = '{OBSERVATION}'")
    series = tuple(_one(item) for item in items)
    codes = [one.code for one in series]
    for number, code in enumerate(codes):
        if code in codes[:number]:
            raise items[number].fail("code", f"'{code}' a second time", "each series once")
    if is_published and source.source_id == OWN:
        raise top.fail(
            "source.id", f"'{OWN}'", "another code: this one stands for figures that are worked out here"
        )
    is_several = source.period_resolution == SEVERAL
    if is_published and not series and (is_several or not catalogued(source.source_id)):
        raise top.fail(
            "series", "missing", "a [[series]] with code, label and unit for each measure of the file"
        )
    return series


def _one(keys: Table) -> PublishedSeries:
    code = keys.code("code")
    catalog = load_catalog()
    if code in catalog.measures or code in catalog.derived:
        raise keys.fail("code", f"'{code}', which the catalog has as a measure of its own", "another code")
    label = plain_text(keys, "label")
    unit = plain_text(keys, "unit")
    for key, words in (("unit", unit), ("label", label)):
        if _NO_COUNT.search(words):
            raise keys.fail(
                key,
                f"'{words}'",
                "what is counted, such as people or calls. Rates, shares and averages cannot be added over "
                "areas and months: load the counts that they are made of",
            )
    found = PublishedSeries(
        code=code,
        label=label,
        unit=unit,
        definition=plain_text(keys, "definition", ""),
        over_time=keys.text("over_time", "sum", allowed=OVER_TIME),
        has_rest=keys.flag("rest", False),
    )
    keys.finish()
    return found


def plain_text(keys: Table, key: str, default: object = ...) -> str:
    """Return a text that may stand on a screen: short, without markup and control characters."""
    value = keys.text(key, default).strip()
    longest = LONGEST[key]
    if len(value) > longest:
        raise keys.fail(key, f"{len(value)} characters long", f"at most {longest}")
    if value and not _PLAIN.fullmatch(value):
        raise keys.fail(key, "no plain text", f"{_PLAIN_WORDS}, beginning with a letter or digit")
    return value


def catalogued(source: str) -> frozenset[str]:
    """Return the figures of a source that measures of the catalog read."""
    read: set[str] = set()
    for measure in load_catalog().measures.values():
        if measure.door == "published" and measure.source == source:
            read |= {measure.observation, measure.observation_base} - {""}
    return frozenset(read)


def narrowed(
    table: Contract, item: Table, source: SourceInfo, series: Collection[PublishedSeries]
) -> Contract:
    """Return the contract of published counts as one mapping may fill it.

    Measures are the series of the mapping and what the catalog reads of the source; areas are looked up as
    those of records; divisions hold codes of the catalog, or those that the mapping lists.

    Raises
    ------
    EtlError
        A column that is said once for the whole file, or a division whose words the mapping does not list.
    """
    columns = item.table("columns", {}).values
    constants = item.table("constants", {}).values
    for name, place in SAID_ONCE.items():
        for kind, given in (("columns", columns), ("constants", constants)):
            if name in given:
                raise item.fail(f"{kind}.{name}", "given", f"nothing: it is said once, under {place}")
    known = {one.code: one.label for one in series}
    resolution = source.period_resolution
    if resolution != SEVERAL:  # measures of the catalog are of single years at most
        known |= {code: code for code in sorted(catalogued(source.source_id))}
    changed = [_narrow(column, item, known, resolution, {**columns, **constants}) for column in table.columns]
    measured = tuple(one.code for one in series if _MEASURED.search(one.unit))
    return replace(table, columns=tuple(changed), measured=measured)


def _narrow(
    column: Column,
    item: Table,
    known: Mapping[str, str],
    resolution: str,
    given: Collection[str],
) -> Column:
    if column.name == "measure":
        return replace(column, codes=known)
    if column.name in ("area_code", "period"):
        is_area = column.name == "area_code"
        return replace(column, kind="area") if is_area else replace(column, of_years=resolution == SEVERAL)
    if column.name == "unit":  # words of the mapping, which may be more than one
        return replace(column, required=False, kind="text")
    if column.kind != "text" or column.name not in given:
        return column
    if not needs_words(column):
        categories = load_catalog().dimensions[column.name].categories
        return replace(column, kind="code", codes={one.code: one.label for one in categories})
    values = item.table("values", {}).table(column.name, {})
    listed = [values.code(word, "") for word in values.values]
    codes = [code for code in listed if code] or [item.table("constants", {}).code(column.name, "")]
    if not all(codes):
        raise item.fail(f"values.{column.name}", "missing", "each word of the column with a code of its own")
    return replace(column, kind="code", codes={code: code for code in codes})


def read_markers(keys: Table, table: Contract) -> dict[str, str]:
    """Return the signs that stand in place of a number, with the marker that each means.

    Raises
    ------
    EtlError
        For another table, a marker that is none, or a sign that is a number: figures would be taken out.
    """
    if keys.values and table.name != OBSERVATION:
        raise keys.fail(next(iter(keys.values)), "given", f"only for the table '{OBSERVATION}'")
    for sign in keys.values:
        if not sign.strip() or re.fullmatch(r"[-+]?[\d.,\s]*\d[\d.,\s]*%?", sign):
            raise keys.fail(f'"{sign.strip()}"', "a number or blank", "a sign such as * or ..")
    allowed = table.column("marker").codes if keys.values else {}
    return {tidy(sign).casefold(): keys.text(sign, allowed=allowed) for sign in keys.values}


def needs_words(column: Column) -> bool:
    """Whether a division has no code list in the catalog, so that a mapping lists its words."""
    dimension = load_catalog().dimensions.get(column.name)
    return column.kind == "text" and column.name != "area_code" and not (dimension and dimension.codes)


def joined(tables: Sequence[Contract]) -> Contract:
    """Return one contract for the rows of several ``[[table]]``: what any of them may hold."""
    columns = []
    for several in zip(*(table.columns for table in tables), strict=True):
        told = next((column for column in several if column.kind != "text"), several[0])
        codes = {code: label for column in several for code, label in column.codes.items()}
        columns.append(replace(told, codes=codes))
    return replace(tables[0], columns=tuple(columns))


def with_units(frame: pl.DataFrame, source: str, series: Collection[PublishedSeries]) -> pl.DataFrame:
    """Return rows with the unit of their measure: what the mapping or the catalog says, never a cell."""
    units = {one.observation: one.unit for one in load_catalog().measures.values() if one.source == source}
    units |= {one.code: one.unit for one in series}
    unit = pl.col("measure").replace_strict(units, default=None, return_dtype=pl.String)
    return frame.with_columns(unit.alias("unit"))
