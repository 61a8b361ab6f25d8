"""An answer as a table with a schema: codes and labels side by side, then the numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analysis import Answer
from analysis.exports.context import Column, ExportContext
from analysis.exports.words import RESTRICTED, markers

#: The columns an answer has besides those it is split by, in the order they are written.
NUMBERS = ("value", "lower", "upper", "marker", "base", "cells_shown", "cells_total")


@dataclass(frozen=True)
class ExportTable:
    """One table of a data package.

    Attributes
    ----------
    name : str
        File name without its ending, also the resource name.
    title : str
        One sentence: what the numbers are.
    frame : polars.DataFrame
        One row per cell. Text and numbers only.
    fields : tuple of dict
        Frictionless Table Schema fields, one per column, in order.
    """

    name: str
    title: str
    frame: pl.DataFrame
    fields: tuple[dict[str, object], ...]


def export_tables(answers: Sequence[Answer], context: ExportContext) -> list[ExportTable]:
    """Return one table per answer, with names that do not clash.

    Parameters
    ----------
    answers : sequence of Answer
        At least one.
    context : ExportContext
        Labels and release facts.

    Returns
    -------
    list of ExportTable
        In the order of ``answers``.
    """
    tables: list[ExportTable] = []
    for answer in answers:
        taken = {table.name for table in tables}
        name = answer.measure.code
        number = 2
        while name in taken:
            name = f"{answer.measure.code}_{number}"
            number += 1
        tables.append(_table(answer, context, name))
    return tables


def _table(answer: Answer, context: ExportContext, name: str) -> ExportTable:
    frame = answer.frame
    columns: list[pl.Expr] = []
    fields: list[dict[str, object]] = []
    for column in (name for name in frame.columns if name not in NUMBERS):
        described = context.columns.get(column, Column(column))
        columns.append(pl.col(column).cast(pl.String))
        fields.append(_code_field(column, described))
        if described.codes:
            label = f"{column}_label"
            columns.append(pl.col(column).cast(pl.String).replace(dict(described.codes)).alias(label))
            fields.append({"name": label, "type": "string", "title": f"{described.label}, in words"})
    whole = _is_whole(frame)
    for column in (name for name in NUMBERS if name in frame.columns):
        columns.append(_number(column, whole))
        fields.append(_number_field(column, answer.unit, context.threshold, whole))
    if context.is_restricted:
        columns.append(pl.lit(RESTRICTED).alias("notice"))
        fields.append({"name": "notice", "type": "string", "title": "Notice"})
    return ExportTable(name, answer.sentence, frame.select(columns), tuple(fields))


def _code_field(column: str, described: Column) -> dict[str, object]:
    field: dict[str, object] = {"name": column, "type": "string", "title": described.label}
    if described.description:
        field["description"] = described.description
    if described.codes and column != "area":
        field["constraints"] = {"enum": list(described.codes)}
    return field


def _is_whole(frame: pl.DataFrame) -> bool:
    # Counts are whole numbers; rates and shares carry the base they stand on.
    return "base" not in frame.columns


def _number(column: str, whole: bool) -> pl.Expr:
    if column == "marker":
        return pl.col(column).cast(pl.String).fill_null("")
    if column in ("cells_shown", "cells_total") or (column in ("value", "base") and whole):
        return pl.col(column).cast(pl.Int64)
    # Nine digits are more than any interval supports, and stop 0.1 + 0.2 from reaching a file.
    return pl.col(column).cast(pl.Float64).round_sig_figs(9)


def _number_field(column: str, unit: str, threshold: int, whole: bool) -> dict[str, object]:
    titles = {
        "value": ("integer" if whole else "number", f"Value ({unit})", "Empty when the number is not shown."),
        "lower": ("number", "Lower limit of the 95 % interval", "Sampling and protection together."),
        "upper": ("number", "Upper limit of the 95 % interval", "Sampling and protection together."),
        "base": ("number", "Base", "The published count that the rate or share stands on."),
        "cells_shown": ("integer", "Cells shown", "Published cells that this value is the sum of."),
        "cells_total": ("integer", "Cells in all", "Cells there would be if every one were shown."),
        "marker": ("string", "Marker", " ".join(f"{k}: {v}" for k, v in markers(threshold).items())),
    }
    kind, title, description = titles[column]
    field: dict[str, object] = {"name": column, "type": kind, "title": title, "description": description}
    if column == "value":
        field["unit"] = unit
    if column == "marker":
        field["constraints"] = {"pattern": f"[{''.join(markers(threshold))}]*"}
    return field
