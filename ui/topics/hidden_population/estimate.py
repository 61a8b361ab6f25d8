"""The estimate of people on no list, the lists it rests on, and how far other answers agree with it."""

from collections.abc import Mapping
from dataclasses import replace

from analysis import Answer
from analysis.catalog.model import lower_first
from analysis.findings.finding import Finding
from analysis.findings.scope import Scope
from analysis.findings.sentences.topics.hidden_population import AGREEMENT_WORDS, WHY
from analysis.findings.topics.hidden_population import answers_agree, lists_overlap, people_on_no_list
from analysis.periods import label_of_range
from analysis.topics.hidden_population import (
    METHOD,
    METHODS,
    POPULATION,
    HiddenPopulation,
    hidden_population,
    list_name,
)
from ui.cards import layout
from ui.cards.card import FactCard, Facts, Needs
from ui.cards.special_card import scope_of_register
from ui.cards.table import Table
from ui.charts.bars.estimates import Bar, estimates_chart
from ui.view.view import View

NEEDS = Needs("An estimate of people on no list, from agencies whose lists overlap", "person")
UNNAMED = "A list without a known kind of agency is told by a number."
_NARROW = 500


def _found(view: View) -> HiddenPopulation | None:
    if view.release is None or view.collection is None:
        return None
    return hidden_population(view.release, view.collection.collection)


def _estimate(view: View, _answers: Mapping[str, Answer]) -> Facts | Needs | None:
    found = _found(view)
    if found is None:
        return NEEDS
    finding = people_on_no_list(found)
    if not found.is_estimated:
        why, helps = WHY[found.reason]
        rows = ((f"{why[:1].upper()}{why[1:]}.", helps),)
        table = Table(("Why there is no number", "What would help"), (False, False), rows)
        subtitle = f"People on no list{_years(found)}"
        return _facts(view, finding, table, subtitle, table_below=True, derived="")
    said = (
        ("People on a list", found.listed, ""),
        ("People in all, estimated", found.estimate, _limits(found)),
    )
    width = layout.inside("estimate", wide=True)
    figure = estimates_chart(
        (
            Bar("People on a list", found.listed, found.listed, found.listed, is_quiet=True),
            Bar("People in all, estimated", found.estimate, found.lower, found.upper),
        ),
        unit="people, to two figures",
        kind="count",
        palette=view.palette,
        narrow=width < _NARROW,
    )
    return _facts(
        view,
        finding,
        Table(
            ("Of the whole region and all years together", "People", "95% interval"),
            (False, True, True),
            tuple((words, f"{number:,}", limits) for words, number, limits in said),
        ),
        f"People who could have been listed, to two figures{_years(found)}",
        caption=" ".join(found.notes),
        figure=figure,
    )


def _lists(view: View, _answers: Mapping[str, Answer]) -> Facts | None:
    found = _found(view)
    if found is None or not found.overlaps:
        return None
    # The pair that the headline names stands first, not below the edge of the table.
    most = sorted(found.overlaps, key=lambda one: -one.at_least)
    rows = [(_list(view, one.one), _list(view, one.other), one.words) for one in most]
    rows.insert(0, ("All lists together", "", f"{found.listed:,}"))  # the headline names it
    return _facts(
        view,
        lists_overlap(found, lambda _name, code: lower_first(_list(view, code))),
        Table(("List", "And list", "People"), (False, False, True), tuple(rows)),
        f"People on any list, and on two, in bands{_years(found)}",
        caption=UNNAMED if any(_is_unnamed(view, row.one, row.other) for row in found.overlaps) else "",
        table_below=True,
    )


def _agreement(view: View, _answers: Mapping[str, Answer]) -> Facts | None:
    found = _found(view)
    if found is None or not found.agreements:
        return None
    rows = [("Estimate", METHODS[found.method], found.interval_words)]
    rows += [
        (
            "Another method" if one.kind == METHOD else "Without one list",
            METHODS[one.code] if one.kind == METHOD else _list(view, one.code),
            AGREEMENT_WORDS[one.agreement],
        )
        for one in found.agreements
    ]
    return _facts(
        view,
        answers_agree(found),
        Table(("Answer", "Method or list", "Beside the estimate"), (False, False, False), tuple(rows)),
        f"How far other answers agree{_years(found)}",
        table_below=True,
    )


def has_estimate(view: View) -> bool:
    """Return whether there is a number, and so something that it rests on."""
    found = _found(view)
    return found is not None and found.is_estimated


ESTIMATE = FactCard("estimate", _estimate, title="People on no list")
LISTS = FactCard("lists", _lists, wide=False, title="The lists and their overlaps")
AGREEMENT = FactCard("agreement", _agreement, wide=False, title="Other methods, and without each list")


def _facts(view: View, finding: Finding, table: Table, subtitle: str, **more: object) -> Facts:
    scope: Scope = scope_of_register(view)
    facts = Facts(
        replace(finding, scope=scope), table, subtitle, scope=scope, register=POPULATION, derived=POPULATION
    )
    return replace(facts, **more)  # type: ignore[arg-type]


def _years(found: HiddenPopulation) -> str:
    return f" · whole region · {label_of_range(*found.years)}" if found.years else " · whole region"


def _limits(found: HiddenPopulation) -> str:
    return f"{found.lower:,}–{found.upper:,}"


def _is_unnamed(view: View, *codes: str) -> bool:
    return not set(codes) <= set(view.catalog.subjects["person"].list_names)


def _list(view: View, code: str) -> str:
    return list_name(code, view.catalog)
