"""Agreements, actions, laws and awards as tables and sentences for people."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from analysis import Catalog
from analysis.catalog.model import PILLARS, lower_first
from analysis.topics.agreements import Row, most_often
from analysis.topics.awards import Cliff
from analysis.topics.laws import INTERNATIONAL, STATUSES, Provision, by_country, by_pillar
from analysis.topics.network import Concentration
from analysis.words import listed, percent_text
from ui import format as text
from ui.cards import events
from ui.cards.table import Table

NOTHING_SET = "no end set"
STATUS_WORDS = {
    "in_force": "in force",
    "adopted": "adopted, not yet in force",
    "proposed": "proposed",
    "repealed": "repealed",
}


def _day(day: datetime.date | None) -> str:
    return text.date_text(day) if day else NOTHING_SET


def short_money(amount: float) -> str:
    """Return money to three figures for the end of a bar.

    >>> short_money(3_573_889), short_money(127_304), short_money(840)
    ('3.57M', '127k', '840')
    """
    if amount >= 1_000_000:
        return f"{float(f'{amount:.3g}') / 1_000_000:.3g}M"
    return f"{float(f'{amount:.3g}') / 1_000:.3g}k" if amount >= 1_000 else f"{amount:.0f}"


def percent(share: float) -> str:
    """Return a share between 0 and 1 as a whole percentage.

    >>> percent(0.7215)
    '72%'
    """
    return percent_text(100 * share)


def many(number: int, one: str, several: str = "") -> str:
    """Return "1 agreement", "2 agreements", "No agreement"."""
    if not number:
        return f"No {one}"
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def agreements_table(rows: Sequence[Row]) -> Table:
    """Return one row for each agreement."""
    return Table(
        ("Agreement", "From", "To", "Since", "Until"),
        (False,) * 5,
        tuple(
            (
                row["name"],
                row["from_name"],
                row["to_name"],
                _day(row["start_date"]),
                _day(row["end_date"]),
            )
            for row in rows
        ),
    )


def ending_sentence(active: int, soon: int, sooner: int) -> str:
    """Return what is in force and what ends within 12 and within 6 months."""
    held = many(active, "agreement is", "agreements are")
    if not soon:
        return f"{held} in force; none ends within 12 months"
    ends = "ends" if soon == 1 else "end"
    within = f", {sooner} of them within 6 months" if sooner else ""
    return f"{held} in force; {soon} {ends} within 12 months{within}"


def lapsed_sentence(rows: Sequence[Row]) -> str:
    """Return how many agreements lapsed with nothing that followed, and the one longest ago."""
    if not rows:
        return "Every agreement that ended was followed by another"
    first = rows[0]
    ended = f"{first['name']}, ended on {text.date_text(first['end_date'])}"
    if len(rows) == 1:
        return f"One agreement lapsed and nothing followed: {ended}"
    return f"{len(rows)} agreements lapsed and nothing followed; the one longest ago, {ended}"


def overdue_table(rows: Sequence[Row], catalog: Catalog) -> Table:
    """Return one row for each overdue action."""
    return Table(
        ("What is to be done", "Pillar", "Owner", "Due", "Days overdue"),
        (False, False, False, False, True),
        tuple(
            (
                row["title"],
                catalog.label_of("pillar", row["pillar"]),
                row["owner_name"],
                _day(row["due_on"]),
                f"{row['days_overdue']:,}",
            )
            for row in rows
        ),
    )


def overdue_sentence(rows: Sequence[Row], catalog: Catalog) -> str:
    """Return how many actions are overdue, where most of them lie, and the longest; nobody is blamed."""
    if not rows:
        return "No action is overdue"
    most = most_often(rows, "pillar")
    said = many(len(rows), "action is", "actions are") + " overdue"
    if most and most.code != "not_recorded" and len(rows) > 1:
        said += f", {most.found} of them on {lower_first(catalog.label_of('pillar', most.code))}"
    return f"{said}; the longest by {rows[0]['days_overdue']:,} days"


def country_words(code: str) -> str:
    """Return "United States", "International", or the words a law itself has for where it holds."""
    if code == INTERNATIONAL:
        return code.capitalize()
    return events.nation_words(code).removeprefix("the ")


def laws_by_country(found: Sequence[Provision]) -> str:
    """Return how many laws are in force by country, where whose laws hold here cannot be told."""
    held = by_country(found)
    if not held:
        return "No law is in force"
    named = [f"{country_words(code) if code != INTERNATIONAL else code} {held[code]}" for code in held]
    return f"Laws in force, by country: {listed(named)}"


def laws_table(found: Sequence[Provision], catalog: Catalog) -> Table:
    """Return one row for each law, newest first."""
    return Table(
        ("In force since", "Law", "Of", "Pillar", "Status", "What it does"),
        (False,) * 6,
        tuple(
            (
                text.date_text(law.day) if law.day else "no day yet",
                law.name,
                country_words(law.country),
                catalog.label_of("pillar", law.pillar),
                STATUS_WORDS[law.status].capitalize(),
                law.summary,
            )
            for law in reversed(found)
        ),
    )


def laws_sentence(found: Sequence[Provision], catalog: Catalog) -> str:
    """Return how many laws are in force, by pillar, and what is on its way."""
    held = by_pillar(found)
    total = sum(law.status == "in_force" for law in found)
    named = [
        f"{held[code]} on {lower_first(catalog.label_of('pillar', code))}" for code in PILLARS if held[code]
    ]
    said = many(total, "law is", "laws are") + " in force" + (f": {listed(named)}" if named else "")
    waiting = [
        f"{sum(law.status == status for law in found)} {STATUS_WORDS[status]}"
        for status in STATUSES[1:3]
        if any(law.status == status for law in found)
    ]
    return f"{said}; {listed(waiting)}" if waiting else said


def spread(found: Concentration) -> str:
    """Return a concentration in words: "as spread out as 6 equal parts (index 0.17)"."""
    equal = 1 / found.value
    limits = f", {found.lower:.2f}–{found.upper:.2f}" if found.upper - found.lower >= 0.01 else ""
    return f"as spread out as {equal:.1f} equal parts (index {found.value:.2f}{limits})"


def cliff_table(found: Sequence[Cliff], words: Callable[[str], str]) -> Table:
    """Return one row for each group of money."""
    return Table(
        ("What for", "In force (a year)", "Ends within 12 months", "Share", "Largest funder", "Its share"),
        (False, True, True, True, False, True),
        tuple(
            (
                words(one.group),
                f"{one.active:,.0f}",
                f"{one.ends:,.0f}",
                percent(one.share),
                one.funder,
                percent(one.funder_share),
            )
            for one in found
        ),
    )


def stops_table(rows: Sequence[Row], catalog: Catalog) -> Table:
    """Return one row for each award that ends and that nothing follows."""
    return Table(
        ("Ends", "Funder", "Recipient", "Pays for", "Money a year", "Others who pay for this"),
        (False, False, False, False, True, True),
        tuple(
            (
                text.date_text(row["end_date"]),
                row["funder"],
                row["recipient_name"],
                _pays_for(row, catalog),
                f"{row['a_year']:,.0f}",
                str(row["other_funders"]) if row["other_funders"] else "none",
            )
            for row in sorted(rows, key=lambda one: one["end_date"])
        ),
    )


def _pays_for(row: Mapping[str, Any], catalog: Catalog) -> str:
    service = row["service_type"] or "not_recorded"
    name = ("service_type", service) if service != "not_recorded" else ("award_purpose", row["purpose"])
    what = catalog.label_of(*name)
    return f"{what}: {lower_first(row['pays_for'])}" if row["pays_for"] else what
