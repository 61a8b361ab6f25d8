"""How organisations and texts leave: in registers, laws, reports, sources and the codes of cells.

The steward's release holds everything as it is. In the others an organisation that is marked confidential is
"a confidential provider" (`confidential`), and a text that nobody confirmed is held back (`texts`).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import duckdb
import pyarrow as pa

from analysis.catalog.model import ROSTER, Catalog
from analysis.catalog.registers import CONFIDENTIAL_CODE, CONFIDENTIAL_NAME, Register
from analysis.periods import PERIOD_LEVELS, code_of
from etl.release.cells.layout import FROZEN, WAREHOUSE, Layout, columns_of, texts
from etl.release.publishing.schema import PASSED, Columns, register_columns
from etl.release.unperturbed.confidential import (
    LEAST,
    WITHHELD,
    Confidential,
    confidential_of,
    mask_register,
)
from etl.release.unperturbed.texts import LAW_TEXTS, LAWS, Texts

Rows = Sequence[Sequence[Any]]


class Outward:
    """What may be told of organisations and texts in one release run.

    Parameters
    ----------
    connection
        With the warehouse attached.
    catalog
        Registers, and dimensions whose codes are those of organisations.
    known
        Which texts may leave; None for the steward, whose release holds everything.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, catalog: Catalog, known: Texts | None) -> None:
        self.connection, self.catalog, self.texts = connection, catalog, known
        self.hidden = confidential_of(connection) if known is not None else Confidential()

    def pass_registers(self) -> None:
        """Make one temporary table ``register_<code>`` for each register: only the columns that it names."""
        for register in self.catalog.registers.values():
            self._pass_register(register)

    def _pass_register(self, register: Register) -> None:
        columns = register_columns(register)
        have = columns_of(self.connection, WAREHOUSE, register.table)
        rows: Rows = []
        if have:
            chosen = [
                f"{name}::{kind}" if name in have else f"NULL::{kind}" for name, kind in columns.items()
            ]
            withheld = WITHHELD if WITHHELD in have else "NULL"
            rows = self.connection.execute(
                f"SELECT {', '.join(chosen)}, {withheld} FROM {WAREHOUSE}.{register.table}"
            ).fetchall()
        if self.texts is None:
            shown: Rows = [row[:-1] for row in rows]
        else:
            masked = mask_register(register, [tuple(row) for row in rows], self.hidden)
            shown = [self._confirmed(register, row, self.texts) for row in masked]
        self._make(f"register_{register.code}", columns, shown)

    @staticmethod
    def _confirmed(register: Register, row: Sequence[Any], known: Texts) -> list[Any]:
        return [
            known.shown(f"{register.code}.{column.code}", column.holds, cell)
            if column.is_worded and cell is not None
            else cell
            for column, cell in zip(register.columns, row, strict=True)
        ]

    def _make(self, table: str, columns: Columns, rows: Rows) -> None:
        """Make a temporary table of rows in their own order: the mart's would tell what was left out."""
        typed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({typed})")
        if not rows:
            return
        made = pa.table(dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True)))
        self.connection.register("made", made)
        cast = ", ".join(f'"{name}"::{kind}' for name, kind in columns.items())
        self.connection.execute(f"INSERT INTO {table} SELECT {cast} FROM made ORDER BY ALL")
        self.connection.unregister("made")

    def pass_laws(self) -> None:
        """Leave out laws of which a text is not confirmed; those that the project ships are."""
        known = self.texts
        if known is None:
            return
        places = [name for name in PASSED[LAWS] if name in LAW_TEXTS]
        rows = self.connection.execute(f"SELECT law_code, {', '.join(places)} FROM {LAWS}").fetchall()
        held = [
            code for code, *cells in rows if not all([known.passes(LAWS, cell) for cell in cells if cell])
        ]
        if held:
            self.connection.execute(f"DELETE FROM {LAWS} WHERE law_code IN (SELECT unnest(?))", [held])

    def pass_sources(self) -> None:
        """Merge the sources of confidential organisations to one without days and words."""
        named = self.connection.execute("SELECT source_id, label FROM source").fetchall()
        gone = [one for one, label in named if self.is_hidden(one) or self.is_hidden(label)]
        if gone:
            words: dict[str, object] = {"source_id": CONFIDENTIAL_CODE, "label": CONFIDENTIAL_NAME}
            empty: dict[str, object] = {"VARCHAR": "", "BOOLEAN": False}
            blank = [words.get(name, empty.get(kind)) for name, kind in PASSED["source"].items()]
            self._replace("source", gone, [blank])
            tables = self.connection.execute(
                "SELECT DISTINCT table_name, label FROM table_summary WHERE source_id IN (SELECT unnest(?))",
                [gone],
            ).fetchall()
            rest = [""] * (len(PASSED["table_summary"]) - 3)
            self._replace("table_summary", gone, [[CONFIDENTIAL_CODE, *row, *rest] for row in tables])
            for table in ("load_summary", "left_out_summary", "rejected_summary", "orphan_summary"):
                self._replace(table, gone, [])

    def name_collections(self) -> None:
        """Leave the label out of collections that are called after a confidential organisation."""
        labels = self.connection.execute("SELECT DISTINCT label FROM collection").fetchall()
        gone = [label for (label,) in labels if self.is_hidden(label)]
        self.connection.execute(
            "UPDATE collection SET label = ?, citation = '' WHERE label IN (SELECT unnest(?))",
            [CONFIDENTIAL_NAME, gone],
        )

    def _replace(self, table: str, gone: list[str], rows: Rows) -> None:
        columns = PASSED[table]
        kept = self.connection.execute(
            f"FROM {table} WHERE source_id NOT IN (SELECT unnest(?))", [gone]
        ).fetchall()
        self._make(table, columns, [*kept, *rows])

    def hide_figures(self) -> None:
        """Keep what one or two confidential organisations stand behind out of figures that need no rule else.

        Public money: the register has the other awards one by one, so a sum less those would be the hidden
        award. Places of services: their number stays, in the whole region and not by area.
        """
        if self.hidden.known:
            self._hide_money()
            self._hide_areas()

    def _hide_money(self) -> None:
        if not columns_of(self.connection, WAREHOUSE, "mart.award_register"):
            return
        who: dict[tuple[str, str, str], set[int]] = {}
        for kind, purpose, recipient, first, last in self.connection.execute(
            "SELECT funder_kind, purpose, recipient_name, year(start_date), year(end_date) "
            f"FROM {WAREHOUSE}.mart.award_register"
        ).fetchall():
            number = self.hidden.of(recipient)
            if number is not None:
                for year in range(first, last + 1):
                    who.setdefault((kind, purpose, str(year)), set()).add(number)
        for key, behind in who.items():
            if len(behind) < LEAST:
                self.connection.execute(
                    "UPDATE observation SET value = NULL, marker = 'c' WHERE source = 'own' "
                    "AND measure = 'public_funding' AND funder_kind = ? AND award_purpose = ? AND period = ?",
                    key,
                )

    def _hide_areas(self) -> None:
        key = ("period", "geography", "area_code", "service_type", "eligibility")
        who: dict[tuple[str, ...], set[int]] = {}
        for *cells, organisation in self.connection.execute(
            f"SELECT DISTINCT {', '.join(key)}, organisation FROM {WAREHOUSE}.mart.figure "
            "WHERE measure = 'service_places' AND area_code IS NOT NULL AND organisation IS NOT NULL"
        ).fetchall():
            number = self.hidden.of(organisation)
            if number is not None:
                who.setdefault(tuple(cells), set()).add(number)
        few = [cells for cells, behind in who.items() if len(behind) < LEAST]
        same = " AND ".join(f"{name} IS NOT DISTINCT FROM ?" for name in key)
        for group in few:
            self.connection.execute(
                f"UPDATE observation SET area_code = NULL WHERE measure = 'service_places' AND {same}", group
            )
        if few:
            whole = "FROM observation WHERE measure = 'service_places' AND area_code IS NULL"
            self.connection.execute(
                f"CREATE OR REPLACE TEMP TABLE moved AS SELECT * REPLACE (sum(value) AS value) {whole} "
                f"GROUP BY ALL; DELETE {whole}; INSERT INTO observation BY NAME FROM moved ORDER BY ALL; "
                "DROP TABLE moved"
            )

    def is_hidden(self, text: str | None) -> bool:
        """Return whether a text is, or names, a confidential organisation."""
        return text is not None and self.hidden.of(text) is not None

    def pass_reports(self) -> None:
        """Merge who reported when of confidential contributors, or leave them out where they are few."""
        rows = self.connection.execute("SELECT collection, source, period, status FROM coverage").fetchall()
        gone = sorted({source for _, source, *_ in rows if self.is_hidden(source)})
        if not gone:
            return
        merged: dict[tuple[str, str], str] = {}
        behind: dict[str, set[int | None]] = {}
        for collection, source, period, status in rows:
            if source in gone:
                behind.setdefault(collection, set()).add(self.hidden.of(source))
                merged[collection, period] = max(merged.get((collection, period), ""), status)
        kept = [row for row in rows if row[1] not in gone]
        others = {collection for collection, *_ in kept}
        # A register of confidential contributors alone: its months are those of the register itself.
        told = [one for one, who in behind.items() if len(who) >= LEAST or one not in others]
        made = [
            [collection, CONFIDENTIAL_CODE, period, status]
            for (collection, period), status in merged.items()
            if collection in told
        ]
        self._make("coverage", PASSED["coverage"], [*kept, *made])

    def named(self, layout: Layout) -> Layout:
        """Return a layout that counts organisations by the codes under which they may leave."""
        if self.texts is None:
            return layout
        renamed: dict[str, dict[str, str]] = {}
        for dimension in layout.subject.dimensions:
            origin = self.catalog.dimensions[dimension].codes_from
            if not origin:
                continue
            changed = {}
            for code in self._codes(layout, dimension):
                shown = code
                if self.is_hidden(code):
                    shown = CONFIDENTIAL_CODE
                elif origin != ROSTER:
                    shown = self.texts.shown(f"{origin}.code", "organisation_code", code)
                if shown != code:
                    changed[code] = shown
            if changed:
                renamed[dimension] = changed
        return replace(layout, renamed=renamed)

    def _codes(self, layout: Layout, dimension: str) -> list[str]:
        rows = self.connection.execute(f"SELECT DISTINCT code FROM ({_frozen(layout, dimension)})").fetchall()
        return sorted(code for (code,) in rows)

    def withdraw_few(self, layout: Layout) -> None:
        """Take cells of confidential organisations out: by area, and where fewer than three stand behind."""
        for dimension, codes in layout.renamed.items():
            hidden = [code for code, shown in codes.items() if shown == CONFIDENTIAL_CODE]
            if not hidden:
                continue
            enough = self._enough(layout, dimension, hidden)
            allowed = " OR ".join(
                f"(collection = '{texts([one])[1:-1]}' AND period_level = '{level}' AND period IN "
                f"({texts(sorted(periods))}))"
                for (one, level), periods in enough.items()
            )
            self.connection.execute(
                f"DELETE FROM cell_{layout.code} WHERE {dimension} = '{CONFIDENTIAL_CODE}' "
                f"AND (area IS NOT NULL OR NOT ({allowed or 'false'}))"
            )

    def _enough(self, layout: Layout, dimension: str, hidden: list[str]) -> dict[tuple[str, str], set[str]]:
        """Return the periods in which enough confidential organisations have records, by collection."""
        rows = self.connection.execute(
            "SELECT DISTINCT collection, 12 * year(period_start) + month(period_start) - 1, code "
            f"FROM ({_frozen(layout, dimension)}) WHERE code IN (SELECT unnest(?))",
            [hidden],
        ).fetchall()
        found: dict[tuple[str, str, str], set[int | None]] = {}
        for collection, month, code in rows:
            for level in PERIOD_LEVELS:
                key = (collection, level, code_of(month, level))
                found.setdefault(key, set()).add(self.hidden.of(code))
        enough: dict[tuple[str, str], set[str]] = {}
        for (collection, level, period), who in found.items():
            if len(who) >= LEAST:
                enough.setdefault((collection, level), set()).add(period)
        return enough


def _frozen(layout: Layout, dimension: str) -> str:
    """Return the query for collection, month and code of a dimension among the frozen records."""
    if dimension in layout.columns:
        return f"SELECT collection, period_start, {dimension} AS code FROM {FROZEN}.{layout.code}"
    return (
        f"SELECT collection, period_start, code FROM {FROZEN}.{layout.code} "
        f"JOIN {FROZEN}.{layout.code}_attribute USING (id) WHERE kind = '{dimension}'"
    )
