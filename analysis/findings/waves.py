"""Figures of a survey, which has waves: the years between two waves are no gap in it."""

from dataclasses import replace

import polars as pl

from analysis import periods
from analysis.answers.answer import Answer
from analysis.findings.basis import Basis, Pair
from analysis.findings.compare import values_of


def waves_only(answer: Answer) -> Answer:
    """Return an answer by period without the periods in which nobody was asked.

    A period in which something is hidden stays.
    """
    asked = pl.col("value").is_not_null() | pl.col("marker").str.contains("c")
    kept = answer.frame.filter(asked.any().over("period"))
    return replace(answer, frame=kept) if kept.height else answer


def basis_of_waves(answer: Answer) -> Basis:
    """Return the basis of a survey: the first wave against the last, and the last against the one before."""
    codes = dict.fromkeys(value.codes["period"] for value in values_of(answer))
    waves = sorted(codes, key=lambda code: periods.span_of(code).first)
    if len(waves) < 2:
        return Basis(None, None)
    newest = Pair((waves[-2],), (waves[-1],)) if len(waves) > 2 else None
    return Basis(newest, Pair((waves[0],), (waves[-1],)))
