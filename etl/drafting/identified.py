"""Columns of a sheet that identify people, as a draft tells them: each with the rule in words."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

import polars as pl

from etl.drafting import rows
from etl.drafting.columns.matching import Matched
from etl.lines import LINE
from etl.mapping.synonyms import names_of
from etl.protect.anonymise import find_identifiers
from etl.protect.identifiers import WORDS, plain, rule_of_name
from etl.protect.people_in_columns import rule_of_people
from etl.readers import SHEET


def identifying(frame: pl.DataFrame, dated: Collection[str] | None = None) -> tuple[tuple[str, str], ...]:
    """Return the columns of a sheet that identify people, each with the rule in words.

    Parameters
    ----------
    frame
        Text columns and ``_line``.
    dated
        Columns of dates of which the month, or a number of days, is kept; None takes those called so.
    """
    columns = [name for name in frame.columns if name not in (LINE, SHEET)]
    found = find_identifiers(
        frame,
        references=_like(columns, rows.REFERENCES),
        areas=_like(columns, ("area",)),
        organisations=_like(columns, ("organisation", "recipient_organisation")),
        dates=_dates(columns) if dated is None else dated,
    )
    return tuple((one.column, WORDS[one.rule]) for one in found if one.column != SHEET)


def without_names(best: Matched) -> tuple[Matched, tuple[tuple[str, str], ...]]:
    """Return what was matched less the columns whose unlisted words are names, and these with the rule."""
    named = {}
    for one in best.matches:
        rest = [word.text for word in one.words.words if not word.is_taken] if one.words else []
        if one.target.codes and rest and (rule := rule_of_people(pl.Series(rest))):
            named[one.column] = WORDS[rule]
    kept = tuple(one for one in best.matches if one.column not in named)
    return replace(best, matches=kept), tuple(named.items())


def dates_of_nothing(
    best: Matched, frame: pl.DataFrame, unused: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Return the columns of exact dates that no column of the table is filled by: a load would refuse them.

    Where a date that the table needs is still asked for, they may be what it is filled by, and stay.
    """
    found = {*best.filled, *(one.target.name for one in best.matches)}
    needed = (one for one in best.table.columns if one.required and one.kind in ("date", "period"))
    if not best.table.personal or any(one.name not in found for one in needed):
        return ()
    rule = WORDS["exact_date"]
    return tuple(one for one in identifying(frame.select(*unused, LINE), ()) if one[1] == rule)


def _like(columns: Sequence[str], targets: Collection[str]) -> set[str]:
    """Return the columns whose names are those of some columns of tables."""
    known = {plain(name) for target in targets for name in names_of(target)}
    return {name for name in columns if plain(name.rsplit(" / ", 1)[-1]) in known}


def _dates(columns: Sequence[str]) -> set[str]:
    dated = {name for name in columns if re.search(r"\bdates?\b", plain(name)) and not rule_of_name(name)}
    return dated | _like(columns, ("period",))
