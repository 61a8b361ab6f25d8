"""An answer as a table with a schema: codes and labels side by side, its fixed filters, then the numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from analysis.exports.adding_up import adding_up
from analysis.exports.context import Column, ExportContext, ExportItem
from analysis.exports.scope import FixedFilter, file_stem, fixed_filters, neutral_title
from analysis.exports.words import markers

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
        What the numbers are of, without what they say.
    frame : polars.DataFrame
        One row per cell. Text and numbers only.
    fields : tuple of dict
        Frictionless Table Schema fields, one per column, in order.
    by, fixed : tuple of str
        Columns with a code of each row's own, and columns with a filter that is the same in every row.
    codes : Mapping[str, Mapping[str, str]]
        Columns to the codes they may hold and what these mean.
    """

    name: str
    title: str
    frame: pl.DataFrame
    fields: tuple[dict[str, object], ...]
    by: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def export_tables(items: Sequence[ExportItem], context: ExportContext) -> list[ExportTable]:
    """Return one table per answer, with names that do not clash.

    Parameters
    ----------
    items : sequence of ExportItem
        At least one.
    context : ExportContext
        Labels and release facts.

    Returns
    -------
    list of ExportTable
        In the order of ``items``.
    """
    tables: list[ExportTable] = []
    for item in items:
        taken = {table.name for table in tables}
        stem = name = file_stem(item, context)
        number = 2
        while name in taken:
            name = f"{stem}_{number}"
            number += 1
        tables.append(_table(item, context, name))
    return tables


def _table(item: ExportItem, context: ExportContext, name: str) -> ExportTable:
    frame = item.answer.frame
    columns: list[pl.Expr] = []
    fields: list[dict[str, object]] = []
    codes: dict[str, Mapping[str, str]] = {}
    by = tuple(column for column in frame.columns if column not in NUMBERS)
    for column in by:
        described = context.columns.get(column, Column(column))
        known = item.areas or described.codes if column == "area" else described.codes
        # A nation has thousands of areas; the dictionary needs those of this table.
        codes[column] = _used(frame[column], known) if column == "area" else known
        columns.append(pl.col(column).cast(pl.String))
        fields.append(_code_field(column, described))
        if known:
            words = pl.col(column).cast(pl.String).replace(dict(known))
            columns.append(words.alias(f"{column}_label"))
            fields.append(_label_field(column, described.label))
    fixed = fixed_filters(item, context)
    for one in fixed:
        columns += _fixed_columns(one)
        fields += _fixed_fields(one)
        codes[one.name] = {one.code: one.words}
    whole = _is_whole(frame)
    for column in (number for number in NUMBERS if number in frame.columns):
        columns.append(_number(column, whole))
        fields.append(_number_field(column, item, context, whole))
    codes["marker"] = markers(context.threshold)
    if context.stamp:
        columns.append(pl.lit(context.stamp).alias("notice"))
        fields.append({"name": "notice", "type": "string", "title": "Notice"})
    title = neutral_title(item, context)
    names = tuple(one.name for one in fixed)
    return ExportTable(name, title, frame.select(columns), tuple(fields), by, names, codes)


def _used(column: pl.Series, known: Mapping[str, str]) -> Mapping[str, str]:
    return {code: known.get(code, code) for code in column.unique(maintain_order=True).to_list()}


def _code_field(column: str, described: Column) -> dict[str, object]:
    described_field: dict[str, object] = {"name": column, "type": "string", "title": described.label}
    if described.description:
        described_field["description"] = described.description
    if described.codes and column != "area":
        described_field["constraints"] = {"enum": list(described.codes)}
    return described_field


def _label_field(column: str, label: str) -> dict[str, object]:
    return {"name": f"{column}_label", "type": "string", "title": f"{label}, in words"}


def _fixed_columns(fixed: FixedFilter) -> list[pl.Expr]:
    code = pl.lit(fixed.code).alias(fixed.name)
    return [code] if fixed.name == "period" else [code, pl.lit(fixed.words).alias(f"{fixed.name}_label")]


def _fixed_fields(fixed: FixedFilter) -> list[dict[str, object]]:
    what = (
        "The same in every row: what the table is limited to."
        if fixed.is_kept
        else "The same in every row: the filter does not apply to this measure, its figures are of all."
    )
    code: dict[str, object] = {
        "name": fixed.name,
        "type": "string",
        "title": fixed.label,
        "description": what,
        "constraints": {"enum": [fixed.code]},
    }
    return [code] if fixed.name == "period" else [code, _label_field(fixed.name, fixed.label)]


def _is_whole(frame: pl.DataFrame) -> bool:
    # Counts are whole numbers; rates and shares carry the base they stand on, money has cents.
    has_fractions = (frame["value"] != frame["value"].round(0)).any()
    return "base" not in frame.columns and not has_fractions


def _number(column: str, whole: bool) -> pl.Expr:
    if column == "marker":
        return pl.col(column).cast(pl.String).fill_null("")
    if column in ("cells_shown", "cells_total") or (column in ("value", "base") and whole):
        return pl.col(column).cast(pl.Int64)
    # Nine digits are more than any interval supports, and stop 0.1 + 0.2 from reaching a file.
    return pl.col(column).cast(pl.Float64).round_sig_figs(9)


def _number_field(column: str, item: ExportItem, context: ExportContext, whole: bool) -> dict[str, object]:
    unit, letters = item.answer.unit, markers(context.threshold)
    meaning = f"Empty when the number is not shown. {adding_up(item, context)}"
    titles = {
        "value": ("integer" if whole else "number", f"Value ({unit})", meaning),
        "lower": ("number", "Lower limit of the 95 % interval", "Sampling and protection together."),
        "upper": ("number", "Upper limit of the 95 % interval", "Sampling and protection together."),
        "base": ("number", "Base", "The published count that the rate or share stands on."),
        "cells_shown": ("integer", "Cells shown", "Published cells that this value is the sum of."),
        "cells_total": ("integer", "Cells in all", "Cells there would be if every one were shown."),
        "marker": ("string", "Marker", " ".join(f"{k}: {v}" for k, v in letters.items())),
    }
    kind, title, description = titles[column]
    described: dict[str, object] = {"name": column, "type": kind, "title": title, "description": description}
    if column == "value":
        described["unit"] = unit
    if column == "marker":
        described["constraints"] = {"pattern": f"[{''.join(letters)}]*"}
    return described
