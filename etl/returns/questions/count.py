"""One thing that a return can count."""

from dataclasses import dataclass

MULTI = frozenset({"form"})  # somebody can be in several of its categories
PERSON = ("trafficking_type", "form", "age_band", "age_group", "gender", "citizenship_group")


@dataclass(frozen=True)
class Count:
    """One thing that can be counted.

    Attributes
    ----------
    label, words : str
        Its name in a column, and how it is counted.
    relation : str
        Relation of ``etl/returns/sql``.
    tables : tuple of str
        Sheets of a task force that must cover the period.
    amount, where : str
        SQL over the relation.
    by : tuple of str
        Divisions that it knows.
    is_distinct : bool
        Somebody can be in several rows: parts of a single-valued division need not add up to the total.
    is_register : bool
        Its sheets speak for no months: nobody can tell whether they are whole.
    fits_only : bool
        Rows that reach beyond the period cannot be divided: with any, there is no number.
    """

    label: str
    words: str
    relation: str
    tables: tuple[str, ...]
    by: tuple[str, ...] = ()
    amount: str = "count(*)"
    where: str = "true"
    is_distinct: bool = False
    is_register: bool = False
    fits_only: bool = False

    def adds_up(self, by: str) -> bool:
        """Whether the parts of a division make up the total."""
        return not self.is_distinct and by not in MULTI


def added(column: str) -> str:
    """Return the sum of a column: none where there are rows and nobody wrote a number down."""
    return f"coalesce(sum({column}), CASE WHEN count(*) = 0 THEN 0 END)"
