"""An answer as a long table with a schema: the same first and last columns for every answer.

Measure, area and period stand first, then what else the rows are divided by and the filters that are the same
in all of them, codes and labels side by side; then the numbers; then unit and release. Tables of different
measures can so be put under each other, and a row says by itself what it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from analysis.exports.adding_up import adding_up
from analysis.exports.context import Column, ExportContext, ExportItem
from analysis.exports.scope import ALL, FixedFilter, file_stem, fixed_filters, neutral_title
from analysis.exports.words import markers

#: The columns an answer has besides those it is split by, in the order they are written.
NUMBERS = ("value", "base", "lower", "upper", "marker", "cells_shown", "cells_total")
#: What the base of an answer is called in a file; it is empty where a number stands on none.
DENOMINATOR = "denominator"
#: Columns of every table, in front of those that it is divided by.
FIRST = ("area", "period")


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
    measure = item.answer.measure
    by = tuple(column for column in frame.columns if column not in NUMBERS)
    fixed = fixed_filters(item, context)
    columns = _Columns()
    columns.constant("measure", measure.code, "Measure", measure.label)
    split = {column: _split_column(column, frame, item, context) for column in by}
    kept = {
        one.name: one for one in (*fixed, *_whole_area(item, context, (*by, *(one.name for one in fixed))))
    }
    for column in dict.fromkeys((*FIRST, *by, *kept)):
        if column in split:
            columns.split(column, *split[column])
        elif column in kept:
            columns.fixed(kept[column])
    whole = _is_whole(frame)
    for column in NUMBERS:
        columns.number(column, _number(column, frame, whole), _number_field(column, item, context, whole))
    columns.codes["marker"] = markers(context.threshold)
    columns.constant("unit", item.answer.unit, "Unit of the value")
    columns.constant("release", context.release_id, "Release that the numbers are of")
    if context.stamp:
        columns.constant("notice", context.stamp, "Notice")
    return ExportTable(
        name,
        neutral_title(item, context),
        frame.select(columns.written),
        tuple(columns.fields),
        by,
        tuple(one.name for one in fixed),
        columns.codes,
    )


class _Columns:
    """The columns of a table as they are made, each with its field of the schema."""

    def __init__(self) -> None:
        self.written: list[pl.Expr] = []
        self.fields: list[dict[str, object]] = []
        self.codes: dict[str, Mapping[str, str]] = {}

    def constant(self, name: str, text: str, title: str, label: str = "") -> None:
        """Add a text that is the same in all rows; with a label, its words beside it."""
        self.written.append(pl.lit(text).alias(name))
        self.fields.append({"name": name, "type": "string", "title": title})
        if label:
            self.written.append(pl.lit(label).alias(f"{name}_label"))
            self.fields.append(_label_field(name, title))

    def split(self, name: str, described: Column, known: Mapping[str, str]) -> None:
        """Add the codes of what the rows are divided by, and their words."""
        self.codes[name] = known
        self.written.append(pl.col(name).cast(pl.String))
        self.fields.append(_code_field(name, described))
        if known:
            self.written.append(pl.col(name).cast(pl.String).replace(dict(known)).alias(f"{name}_label"))
            self.fields.append(_label_field(name, described.label))

    def fixed(self, one: FixedFilter) -> None:
        """Add a filter that is the same in all rows."""
        self.written += _fixed_columns(one)
        self.fields += _fixed_fields(one)
        self.codes[one.name] = {one.code: one.words}

    def number(self, column: str, written: pl.Expr, described: dict[str, object]) -> None:
        """Add a column of numbers, or their markers."""
        self.written.append(written.alias(DENOMINATOR if column == "base" else column))
        self.fields.append(described)


def _split_column(
    column: str, frame: pl.DataFrame, item: ExportItem, context: ExportContext
) -> tuple[Column, Mapping[str, str]]:
    described = context.columns.get(column, Column(column))
    if column == "period" and item.answer.is_together:
        described = Column(described.label, "Years that are published together, such as 2019-2021.")
    known = item.areas or described.codes if column == "area" else described.codes
    # A nation has thousands of areas; the dictionary needs those of this table.
    return described, _used(frame[column], known) if column == "area" else known


def _whole_area(item: ExportItem, context: ExportContext, there: Sequence[str]) -> tuple[FixedFilter, ...]:
    """Return the area of a table that is not limited to one: all of it, by its name."""
    if "area" in there:
        return ()
    label = context.columns.get("area", Column("Area")).label
    return (
        FixedFilter("area", label, (ALL,), ((context.place if item.whole is None else item.whole) or "All",)),
    )


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


def _number(column: str, frame: pl.DataFrame, whole: bool) -> pl.Expr:
    if column not in frame.columns:
        return pl.lit(None, pl.Int64)
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
        "base": (
            "number",
            "Denominator",
            "The published count that a rate or share stands on; empty for other numbers.",
        ),
        "cells_shown": ("integer", "Cells shown", "Published cells that this value is the sum of."),
        "cells_total": ("integer", "Cells in all", "Cells there would be if every one were shown."),
        "marker": ("string", "Marker", " ".join(f"{k}: {v}" for k, v in letters.items())),
    }
    kind, title, description = titles[column]
    name = DENOMINATOR if column == "base" else column
    described: dict[str, object] = {"name": name, "type": kind, "title": title, "description": description}
    if column == "value":
        described["unit"] = unit
    if column == "marker":
        described["constraints"] = {"pattern": f"[{''.join(letters)}]*"}
    return described
