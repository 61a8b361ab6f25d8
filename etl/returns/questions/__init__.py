"""The closed list of what a return may ask of the warehouse: counts, and what each can be divided by.

A count reads one relation of ``etl/returns/sql``, which holds what belongs to the period and nothing else.
"""

from collections.abc import Mapping

from analysis.catalog.load import load_catalog
from analysis.catalog.model import NOT_RECORDED
from etl.contracts.tables import contract
from etl.returns.questions.count import MULTI, Count
from etl.returns.questions.enforcement import ENFORCEMENT
from etl.returns.questions.services import SERVICES

__all__ = ["COUNTS", "MULTI", "Count", "codes_of", "label_of", "table_label"]

TRAFFICKING_TYPE = "trafficking_type"
_TYPES = {
    "sex": "Sex trafficking",
    "labour": "Labour trafficking",
    "both": "Sex and labour trafficking",
    "other": "Other forms only",
    NOT_RECORDED: "Not recorded",
}

COUNTS: Mapping[str, Count] = {**SERVICES, **ENFORCEMENT}


def codes_of(division: str) -> dict[str, str]:
    """Return the codes of a division with their labels, in their order."""
    if division == TRAFFICKING_TYPE:
        return dict(_TYPES)
    dimension = load_catalog().dimensions[division]
    return {category.code: category.label for category in dimension.categories}


def label_of(division: str) -> str:
    """Return the name of a division."""
    return (
        "Type of trafficking" if division == TRAFFICKING_TYPE else load_catalog().dimensions[division].label
    )


def table_label(table: str) -> str:
    """Return the name of a sheet of a task force."""
    return contract(table).label
