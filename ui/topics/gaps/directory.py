"""The directory of services, with a search over what its table shows and nothing else."""

from collections.abc import Mapping

import streamlit as st

from analysis import Answer
from analysis.catalog.model import lower_first
from analysis.catalog.registers import CONFIDENTIAL_NAME
from analysis.findings.topics.gaps import services_listed
from analysis.words import listed
from ui.cards import special_card
from ui.cards.card import Facts
from ui.cards.table import Table
from ui.view.still import current as current_still
from ui.view.view import View

REGISTER = "service"
COLUMNS = ("Service type", "Service", "Organisation", "For whom", "Area served", "Note")
NOT_TOLD = "Not told"  # what stands beside a confidential provider and fewer than three share
NOT_LISTED = "Names of housing and shelter, and every address, stay out."
SEARCH = "Search the directory"
_LONGEST = 80


def draw(view: View, _answers: Mapping[str, Answer]) -> None:
    """Draw the search box, and the services whose row, as it is shown, holds every word of the search."""
    rows = view.rows(REGISTER)
    if not rows:
        return
    sought = "" if current_still() else st.text_input(SEARCH, key="pick_directory", max_chars=_LONGEST)
    words = (sought or "").casefold().split()
    table = tuple(_row(view, row) for row in rows)
    kept = tuple(row for row in table if all(word in " ".join(row).casefold() for word in words))
    facts = Facts(
        services_listed(rows, len(kept) if words else None),
        Table(COLUMNS, (False,) * len(COLUMNS), kept),
        subtitle=f"Directory of services · {view.place or 'Whole region'}",
        caption=special_card.register_caption(view, NOT_LISTED),
        scope=special_card.scope_of_register(view),
        register=REGISTER,
    )
    special_card.draw_facts(view, "directory", facts)


def _row(view: View, row: Mapping[str, object]) -> tuple[str, ...]:
    groups = [view.words("eligibility", code) for code in str(row["eligibility"] or "").split(",") if code]
    notes = [
        # Of a confidential provider nothing may be said: neither yes nor no.
        "organisation is not listed" if row["has_organisation"] is False else "",
        "no known place" if row["has_place"] is False else "",
        "not active" if row["is_active"] is False else "",
    ]
    served = [view.words("area", code) for code in str(row["area"] or "").split(",") if code]
    is_hidden = row["organisation"] == CONFIDENTIAL_NAME
    empty = NOT_TOLD if is_hidden else "Not recorded"
    return (
        view.words("service_type", str(row["service_type"])) if row["service_type"] else NOT_TOLD,
        str(row["name"] or "Name not listed"),
        str(row["organisation"] or "Not known"),
        listed([groups[0], *(lower_first(one) for one in groups[1:])]) if groups else empty,
        listed(served) if served else NOT_TOLD if is_hidden else "Whole region, or not recorded",
        ", ".join(note for note in notes if note),
    )
