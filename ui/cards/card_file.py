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
from analysis.release.export_log import record_export


def name(page: str, card: str, context: ExportContext) -> str:
    """Return the file's name, such as ``trends_by_month_larkfield_c1_2019_2023_1f3c.csv``."""
    chosen = short_name([page, card, *filters_stem(context)])
    name = f"{chosen}_{short_name([context.release_id])}"
    return f"{'RESTRICTED_' if context.is_restricted else ''}{name}.csv"


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
            "unit": item.answer.unit,
            "citation": item.answer.source,  # not "source": that is a dimension
            "as_of": item.answer.as_of.isoformat(),
            "remark": " ".join([*notices([item], context), *protections([item], context)]),
        }
        first = pl.lit(item.answer.measure.label).alias("measure")
        last = [pl.lit(text).alias(column) for column, text in beside.items()]
        parts.append(table.frame.select(first, pl.all(), *last))
    return csv_bytes(pl.concat(parts, how="diagonal_relaxed"))


def deliver(items: Sequence[ExportItem], context: ExportContext, file_name: str) -> bytes:
    """Return the CSV for a reader; a file of the restricted release is logged first.

    Raises
    ------
    LttError
        If a restricted file cannot be logged; nothing is handed over then.
    """
    content = card_csv(items, context)
    if context.is_restricted:
        question = " ".join(filters_sentence(item, context) for item in items)
        record_export(context.release_id, file_name, content, question)
    return content
