"""Reads a mapping file and checks every key of it."""

from pathlib import Path

from analysis.catalog.table import Table
from analysis.errors import echo
from analysis.periods import SEVERAL
from etl.contracts.tables import Contract, contract, table_names
from etl.incoming import RESOLUTIONS, PublishedSeries, ReadOptions, SourceInfo
from etl.mapping import columns
from etl.mapping.blocks import with_blocks
from etl.mapping.cells.periods import months_of
from etl.mapping.keys import read_mapping
from etl.mapping.model import (
    CELL,
    GROUP,
    HEADING,
    MADE,
    NO,
    YES,
    Layout,
    Mapping,
    TableMapping,
    Unpivot,
    holds_several,
    lacks_person,
)
from etl.mapping.published import (
    LICENCE,
    MARKERS,
    OBSERVATION,
    RULE,
    narrowed,
    plain_text,
    read_markers,
    read_series,
)
from etl.mapping.tallies import check_blocks, check_number, tallied
from etl.readers import MISSING, tidy
from etl.readers.grid import LOOK_AHEAD, MOST_HEADER_ROWS

_LICENCE = "Not for publication; only protected figures leave the restricted folder"
_RULE = "Figures are changed slightly at random; figures below the threshold are not shown."


def load_mapping(path: Path, options: ReadOptions) -> Mapping:
    """Read and check a mapping file.

    Parameters
    ----------
    path
        The TOML file.
    options
        Gives the geography when the mapping names none.

    Raises
    ------
    EtlError
        Names the file, the key, what came and what is allowed; suggests the nearest word.
    """
    top = read_mapping(path)
    blocks = top.table("block", {})
    tables = [with_blocks(item, blocks) for item in top.tables("table")]
    if not tables:
        raise top.fail("table", "missing", "at least one table headed [[table]]")
    names = [item.text("name", allowed=table_names()) for item in tables]
    is_published = OBSERVATION in names
    if is_published and set(names) != {OBSERVATION}:
        raise top.fail(
            "table", "of published counts and of others", "a mapping of their own for published counts"
        )
    source = _source(top.table("source"), options, contract(names[0]))
    series = read_series(top, source, is_published)
    mapped = tuple(_table(item, top.table("file", {}), source, series) for item in tables)
    for number, table in enumerate(mapped):
        if table in mapped[:number]:
            raise top.fail(
                "table",
                f"the same in numbers {mapped.index(table) + 1} and {number + 1}: rows would count twice",
                "each [[table]] once, or of another sheet or other columns",
            )
    check_blocks(top, mapped)
    period = _period(top)
    top.finish()
    return Mapping(path.name, source, mapped, period, series)


def _source(keys: Table, options: ReadOptions, first: Contract) -> SourceInfo:
    source_id, is_published = keys.code("id"), first.name == OBSERVATION
    words = plain_text if is_published else _text
    label = words(keys, "label")
    publisher = words(keys, "publisher") if is_published else keys.text("publisher", label)
    info = SourceInfo(
        source_id=source_id,
        label=label,
        collection=keys.code("collection", source_id),
        collection_label=keys.text("collection_label", label),
        geography=keys.text("geography", options.geography),
        unit=keys.text("unit", "people" if first.name == "person" else first.label.lower()),
        is_own=True,
        is_synthetic=keys.flag("synthetic", False),
        period_resolution=keys.text(
            "period_resolution", "month", allowed=(*RESOLUTIONS, *([SEVERAL] if is_published else []))
        ),
        publisher=publisher,
        licence=words(keys, "licence", LICENCE if is_published else _LICENCE),
        citation=words(keys, "citation", f"{publisher}: {label}" if is_published else label),
        rule=words(keys, "rule", RULE if is_published else _RULE),
        person_scheme=keys.text("person_scheme", ""),
    )
    keys.finish()
    return info


def _text(keys: Table, key: str, default: object = ...) -> str:
    return keys.text(key, default)


def _period(top: Table) -> tuple[str, str] | None:
    text = top.text("period", "")
    if not text:
        return None
    first, _, last = text.partition("..")
    span = months_of(first.strip()), months_of((last or first).strip())
    if span[0] is None or span[1] is None or span[0][0] > span[1][1]:
        raise top.fail(
            "period", f"'{text}'", 'first and last month such as "2025-01..2025-03", or "2025-Q1", or "2025"'
        )
    return span[0][0], span[1][1]


def _table(
    keys: Table, shared: Table, source: SourceInfo, series: tuple[PublishedSeries, ...]
) -> TableMapping:
    table = contract(keys.text("name", allowed=table_names()))
    if table.name == OBSERVATION:
        table = narrowed(table, keys, source, series)
    table = tallied(keys, table)
    formats = columns.formats(keys, "date_format", columns.formats(shared, "date_format", ()))
    fiscal = columns.fiscal_year(keys, columns.fiscal_year(shared, None))
    layout = _layout(keys, _layout(shared, Layout()))
    yes, no = _yes_and_no(keys, shared)
    rules, lenient = columns.rules(keys.table("columns", {}), table, formats, fiscal)
    table = table.with_lenient(lenient)
    usual = {"marker": dict(MARKERS)} if table.name == OBSERVATION and "marker" in rules else {}
    values = columns.values(keys.table("values", {}), table, rules)
    mapping = TableMapping(
        contract=table,
        layout=layout,
        columns=rules,
        flags=columns.flags(keys.table("flags", {}), table),
        values={**values, **{name: words | values.get(name, {}) for name, words in usual.items()}},
        constants=_constants(keys.table("constants", {}), table),
        only={tidy(key): keys.table("only").texts(key) for key in keys.table("only", {}).values},
        markers=read_markers(keys.table("markers", {}), table),
        yes=yes,
        no=no,
        unpivot=_unpivot(keys),
    )
    keys.finish()
    shared.finish()
    _check_filled(keys, mapping)
    _check_dropped(keys, mapping)
    _check_made(keys, mapping)
    _check_each(keys, mapping)
    check_number(keys, mapping)
    return mapping


def _delimiter(keys: Table, default: str | None) -> str | None:
    given = keys.text("delimiter", "")
    if not given:
        return default
    one = "\t" if given == "tab" else given
    if len(one) != 1 or one.isalnum() or one in "\"'\r\n":
        raise keys.fail("delimiter", f"'{given.strip()}'", "one sign, such as , ; |, or tab")
    return one


def _layout(keys: Table, base: Layout) -> Layout:
    sheets = keys.texts("sheets", ())
    if sheets and "sheet" in keys.values:
        raise keys.fail("sheets", "given beside 'sheet'", "one of the two")
    one_of_several = base.sheets if "sheet" not in keys.values else ()
    layout = Layout(
        sheet=None if sheets else keys.text("sheet", base.sheet),
        sheets=sheets or one_of_several,
        skip_sheets=keys.texts("skip_sheets", base.skip_sheets),
        skip_hidden=keys.flag("skip_hidden", base.skip_hidden),
        header_row=keys.whole("header_row", 0, 1, LOOK_AHEAD) or base.header_row,
        header_rows=keys.whole("header_rows", 0, 1, MOST_HEADER_ROWS) or base.header_rows,
        delimiter=_delimiter(keys, base.delimiter),
        encoding=keys.text("encoding", base.encoding),
        missing=(*MISSING, *keys.texts("missing", ())) if "missing" in keys.values else base.missing,
        totals=keys.texts("totals", base.totals),
        decimal_comma=keys.flag("decimal_comma", base.decimal_comma),
        drop=tuple(tidy(name) for name in keys.texts("drop", base.drop)),
        fill_down=tuple(tidy(name) for name in keys.texts("fill_down", base.fill_down)),
        group_rows=keys.flag("group_rows", base.group_rows),
    )
    if layout.group_rows and layout.fill_down:
        raise keys.fail("group_rows", "given beside 'fill_down'", "one of the two")
    return layout


def _yes_and_no(keys: Table, shared: Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words for yes and for no, small letters; none may be both."""
    given = (
        keys.texts("yes", shared.texts("yes", YES)),
        keys.texts("no", shared.texts("no", NO)),
    )
    yes, no = (tuple(tidy(word).casefold() for word in words) for words in given)
    both = [word for word in no if word in yes]
    if both:
        stated = keys if {"yes", "no"} & keys.values.keys() else shared
        raise stated.fail(
            "no" if "no" in stated.values else "yes",
            f"a list with {echo(both[0])}, which is in the other list too",
            f"words that are not in both (yes: {', '.join(yes)}; no: {', '.join(no)})",
        )
    return yes, no


def _constants(keys: Table, table: Contract) -> dict[str, str]:
    return {
        target: columns.one_of(keys, target, columns.target_column(keys, target, table))
        for target in keys.values
    }


def _unpivot(keys: Table) -> Unpivot | None:
    """Return the columns that become rows: listed, or all from one to another."""
    if "unpivot" not in keys.values:
        return None
    inner = keys.table("unpivot")
    if "from" in inner.values or "to" in inner.values:
        found = Unpivot((tidy(inner.text("from")),), tidy(inner.text("to")))
    else:
        found = Unpivot(tuple(tidy(name) for name in inner.codes("columns")))
        if not found.columns:
            raise inner.fail("columns", "empty", "the columns of which each becomes a row")
    inner.finish()
    return found


def _check_filled(keys: Table, mapping: TableMapping) -> None:
    """Refuse a table that leaves out a required column, or fills one column twice."""
    filled = [*mapping.columns, *mapping.constants]
    for column in mapping.contract.columns:
        if column.required and column.name not in (*filled, *mapping.flags):
            raise keys.fail(
                f"columns.{column.name}", "missing", f"the column that holds: {column.description}"
            )
        if filled.count(column.name) > 1:
            raise keys.fail(f"constants.{column.name}", "given twice", "a column or a constant, not both")
    for target in mapping.values:
        if target not in mapping.columns:
            raise keys.fail(f"values.{target}", "given", f"together with columns.{target}")


def _check_dropped(keys: Table, mapping: TableMapping) -> None:
    """Refuse a column that is to be stored and never kept; rows may be chosen (``only``) by a dropped one."""
    dropped = {name.casefold() for name in mapping.layout.drop}
    stored = {
        f"columns.{target}": (*rule.columns, rule.since) for target, rule in mapping.columns.items()
    } | {f"flags.{target}": tuple(columns) for target, columns in mapping.flags.items()}
    for key, names in stored.items():
        for name in names:
            if name.casefold() in dropped:
                raise keys.fail(
                    key,
                    f"read from {echo(name)}, which 'drop' says is never kept",
                    "a column that is not dropped",
                )


def _check_made(keys: Table, mapping: TableMapping) -> None:
    """Refuse names of columns that nothing makes, and rows made of columns that no rule then reads."""
    named = {
        name for rule in mapping.columns.values() for name in (*rule.columns, rule.since) if name in MADE
    }
    made = {HEADING, CELL} if mapping.unpivot else set()
    made |= {GROUP} if mapping.layout.group_rows else set()
    cures = {HEADING: "together with [table.unpivot]", CELL: "together with [table.unpivot]"}
    for name in sorted(named - made):
        raise keys.fail(f'"{name}"', "given", cures.get(name, "together with group_rows = true"))
    for name in sorted(made - named):
        raise keys.fail(
            f'"{name}"', "not used", "a column that it fills: otherwise it is lost without a word"
        )


def _check_each(keys: Table, mapping: TableMapping) -> None:
    """Refuse records of one word each where a reference of their own would make one of them again."""
    each, filled = mapping.each, (*mapping.columns, *mapping.constants)
    if each and (whose := lacks_person(mapping.contract, filled)):
        raise keys.fail(
            f"columns.{each}",
            "several in one cell",
            f"together with {' or '.join(whose)}, which says whose they are: without it one person would be "
            "counted as several who were helped",
        )
    if each and not holds_several(mapping.contract, mapping.contract.column(each), filled):
        raise keys.fail(
            f"columns.{each}",
            "several in one cell",
            "one in each row, as each row has a reference of its own; or leave the reference out",
        )
