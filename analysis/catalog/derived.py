"""Reads the numbers that pages work out: the files of ``data/catalog/derived``, one number each."""

import re
from collections.abc import Mapping
from pathlib import Path

from analysis.catalog.model import DOORS, RELEASE_TABLES, Caveat, Derived, Measure
from analysis.catalog.registers import Register
from analysis.catalog.table import Table
from analysis.errors import echo

_MODULE = re.compile(r"analysis(\.[a-z_]+)+")
_PROJECT = Path(__file__).resolve().parents[2]


def read_derived(
    table: Table,
    measures: Mapping[str, Measure],
    registers: Mapping[str, Register],
    caveats: Mapping[str, Caveat],
) -> Derived:
    """Return one number that pages work out.

    Parameters
    ----------
    table
        The parsed file.
    measures, registers, caveats
        What it may name.

    Raises
    ------
    CatalogError
        Naming the file, the key, what came and what is allowed.
    """
    made_from = table.table("made_from")
    parts = {
        "measures": made_from.codes("measures", [], allowed=measures),
        "registers": made_from.codes("registers", [], allowed=registers),
        "tables": made_from.codes("tables", [], allowed=RELEASE_TABLES),
    }
    made_from.finish()
    if not any(parts.values()):
        raise table.fail("made_from", "empty", "at least one of measures, registers and tables")
    derived = Derived(
        code=table.code("code"),
        label=table.text("label"),
        unit=table.text("unit"),
        definition=table.text("definition"),
        formula=table.text("formula"),
        measures=parts["measures"],
        registers=parts["registers"],
        tables=parts["tables"],
        worked_out_in=table.text("worked_out_in"),
        door=table.text("door", allowed=DOORS),
        why_shown=table.text("why_shown"),
        sources=table.codes("sources"),
        owner=table.text("owner"),
        reviewed=table.day("reviewed"),
        pages=table.codes("pages"),
        caveats=table.codes("caveats", [], allowed=caveats),
        order=table.whole("order", 100),
    )
    for key in ("sources", "pages"):
        if not getattr(derived, key):
            raise table.fail(key, "an empty list", "at least one")
    if derived.code in measures:
        raise table.fail("code", echo(derived.code), "a code that no measure has")
    if not _is_module(derived.worked_out_in):
        raise table.fail(
            "worked_out_in",
            echo(derived.worked_out_in),
            "a module that exists, such as analysis.topics.data_quality",
        )
    return derived


def _is_module(name: str) -> bool:
    return bool(_MODULE.fullmatch(name)) and _PROJECT.joinpath(*name.split(".")).with_suffix(".py").is_file()
