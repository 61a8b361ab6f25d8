"""The file behind a card's Download button: one CSV of what the chart shows, and nothing more.

The full data package, with dictionary and citation, is on the Explore page (`analysis.exports`).
"""

from collections.abc import Sequence

import polars as pl

from analysis.exports import ExportContext, ExportItem
from analysis.exports.about import notices, protections
from analysis.exports.formats.csv_file import csv_bytes
from analysis.exports.scope import filters_sentence, filters_stem, short_name
from analysis.exports.tables import export_tables
from analysis.exports.words import REPORTED, protection
from analysis.release.access_log import Access, record_file
from ui.cards.table import Table


def name(page: str, card: str, context: ExportContext, ending: str = "csv") -> str:
    """Return a file's name, such as ``trends_by_month_larkfield_c1_2019_2023_1f3c.csv``."""
    chosen = short_name([page, card, *filters_stem(context)])
    name = f"{chosen}_{short_name([context.release_id])}"
    return f"{context.name_begins}{name}.{ending}"


def card_csv(items: Sequence[ExportItem], context: ExportContext) -> bytes:
    """Return the answers of one card as CSV: measure, codes, filters, values, unit, citation, remark.

    Parameters
    ----------
    items
        At least one. Where they differ in their dimensions, the others' columns are empty.
    context
        Words for codes, and what a file must say about its figures.
    """
    parts = []
    for item, table in zip(items, export_tables(items, context), strict=True):
        beside = {
            "citation": item.answer.source,  # not "source": that is a dimension
            "as_of": item.answer.as_of.isoformat(),
            "remark": " ".join([*notices([item], context), *protections([item], context)]),
        }
        last = [pl.lit(text).alias(column) for column, text in beside.items()]
        parts.append(table.frame.with_columns(last))
    return csv_bytes(pl.concat(parts, how="diagonal_relaxed"))


def facts_csv(table: Table, context: ExportContext, headline: str, subtitle: str, caption: str) -> bytes:
    """Return a table in words as CSV, with headline, subtitle and remarks in every row."""
    protected = protection(context.profile, context.threshold, context.noise)
    remarks = [caption, REPORTED, context.origin, protected]
    beside = {
        "headline": headline,
        "about": subtitle,
        "as_of": context.as_of,
        "release": context.release_id,
        "remark": " ".join(filter(None, remarks)),
        "link": context.permalink,
    }
    columns = {name: [row[place] for row in table.rows] for place, name in enumerate(table.columns)}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(table.columns, pl.String))
    return csv_bytes(frame.with_columns(pl.lit(text).alias(column) for column, text in beside.items()))


def deliver(items: Sequence[ExportItem], context: ExportContext, file_name: str) -> bytes:
    """Return the CSV of a standard card for a reader; as `logged`."""
    question = " ".join(filters_sentence(item, context) for item in items)
    return logged(card_csv(items, context), context, file_name, question)


def logged(content: bytes, context: ExportContext, file_name: str, question: str) -> bytes:
    """Return a file for a reader; one that is not public is logged first, with what was asked.

    Raises
    ------
    LttError
        If such a file cannot be logged; nothing is handed over then.
    """
    if context.is_logged:
        access = Access("file", context.reader, context.profile, context.release_id, file_name, question)
        record_file(access, content)
    return content
