"""Registers: lists that a release holds row by row, what each column of them holds, and how it may leave."""

from dataclasses import dataclass

from analysis.catalog.table import Table

REGISTER_TYPES = ("VARCHAR", "DATE", "DOUBLE", "BIGINT", "BOOLEAN")
#: How an organisation that is marked confidential leaves, in every table: its code and its name.
CONFIDENTIAL_CODE, CONFIDENTIAL_NAME = "confidential_provider", "A confidential provider"
#: What a column of a register can hold: a code of a closed vocabulary, an area, a number, a day, the name or
#: the code of an organisation, one that is only mentioned, the keeper's own code of a row, or a text.
HOLDS = ("code", "area", "number", "date", "organisation", "organisation_code", "mention", "id", "text")
WORDED = ("organisation", "organisation_code", "mention", "id", "text")
#: Tables of a release that are taken along as lists without being registers of the catalog.
LISTS_OF_TABLES = ("law_provision", "hidden_population")
#: Registers that are sums for a statistic and no list that a card shows.
NO_LISTS = ("knowledge",)
_HOLDS_OF = {"DATE": "date", "DOUBLE": "number", "BIGINT": "number", "BOOLEAN": "code"}


@dataclass(frozen=True)
class RegisterColumn:
    """One column of a register: its name in the release, its words, its type in SQL, and what it `holds`.

    What it holds is the rule by which it may leave (`HOLDS`): closed vocabulary as it is; texts of the
    keeper, among them names and codes of organisations, only when confirmed; nothing that could tell an
    organisation that is marked confidential.
    """

    code: str
    label: str
    kind: str = "VARCHAR"
    holds: str = "code"

    @property
    def is_worded(self) -> bool:
        """Whether the keeper writes it in words of their own: it leaves only when these were confirmed."""
        return self.holds in WORDED


@dataclass(frozen=True)
class Register:
    """A list of organisations, agreements, grants or events that a release holds row by row.

    Nobody is in it as a person; `why_no_door` says why its rows may pass. `table` is its table of the mart.
    """

    code: str
    label: str
    description: str
    table: str
    columns: tuple[RegisterColumn, ...]
    why_no_door: str
    pages: tuple[str, ...] = ()


def read_register(table: Table) -> Register:
    """Return the register of a file of ``data/catalog/registers``."""
    columns = []
    for row in table.tables("column"):
        kind = row.text("type", "VARCHAR", allowed=REGISTER_TYPES)
        # What a column of words holds is never guessed: it decides what may leave of it.
        holds = row.text("holds", _HOLDS_OF.get(kind, ...), allowed=HOLDS)
        columns.append(RegisterColumn(row.code("code"), row.text("label"), kind, holds))
        row.finish()
    if not columns:
        raise table.fail("column", "missing", "at least one [[column]]")
    return Register(
        code=table.code("code"),
        label=table.text("label"),
        description=table.text("description"),
        table=table.text("table"),
        columns=tuple(columns),
        why_no_door=table.text("why_no_door"),
        pages=table.codes("pages", []),
    )
