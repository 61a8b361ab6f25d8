"""The file behind a card's Download button: one CSV of what the chart shows, and nothing more.

The full data package, with dictionary and citation, is on the Explore page (`analysis.exports`).
"""

import re
from collections.abc import Sequence

import polars as pl

from analysis import Answer
from analysis.exports import ExportContext
from analysis.exports.formats.csv_file import csv_bytes
from analysis.exports.tables import export_tables
from analysis.exports.words import REPORTED, SYNTHETIC, protection
from analysis.release.export_log import record_export


def name(page: str, card: str, context: ExportContext) -> str:
    """Return the file's name, such as ``trends_by_month_larkfield_1f3c.csv``."""
    text = " ".join((page, card, context.place, context.release_id)).lower()
    plain = re.sub(r"[^a-z0-9]+", "_", text).strip("_")
    return f"{'RESTRICTED_' if context.is_restricted else ''}{plain}.csv"


def card_csv(answers: Sequence[Answer], context: ExportContext) -> bytes:
    """Return the answers of one card as CSV: measure, codes and words, values, unit, citation, remark.

    Parameters
    ----------
    answers
        At least one. Where they differ in their dimensions, the others' columns are empty.
    context
        Words for codes, and what a file must say about its figures.
    """
    synthetic = [SYNTHETIC] if context.synthetic else []
    remark = " ".join([REPORTED, *synthetic, protection(context.profile, context.threshold)])
    parts = []
    for answer, table in zip(answers, export_tables(answers, context), strict=True):
        said = {
            "unit": answer.unit,
            "citation": answer.source,  # not "source": that is a dimension
            "as_of": answer.as_of.isoformat(),
            "remark": remark,
        }
        first = pl.lit(answer.measure.label).alias("measure")
        last = [pl.lit(text).alias(column) for column, text in said.items()]
        parts.append(table.frame.select(first, pl.all(), *last))
    return csv_bytes(pl.concat(parts, how="diagonal_relaxed"))


def deliver(answers: Sequence[Answer], context: ExportContext, file_name: str) -> bytes:
    """Return the CSV for a reader; a file of the restricted release is logged first.

    Raises
    ------
    LttError
        If a restricted file cannot be logged; nothing is handed over then.
    """
    content = card_csv(answers, context)
    if context.is_restricted:
        said = " · ".join(answer.sentence for answer in answers)
        record_export(context.release_id, file_name, content, said)
    return content
