"""Draws a page from its sections: one look-up for everything that is open, then section by section."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial

import streamlit as st

from analysis import Answer, Question
from analysis.findings.basis import basis_of, basis_of_joined
from analysis.periods import joined_level
from ui.cards import contents, layout, standard_card
from ui.cards import special_card as special
from ui.cards.card import (
    IN_ADDRESS,
    WHOLE,
    AnyCard,
    Ask,
    Card,
    Choice,
    FactCard,
    Needs,
    Page,
    Section,
    Shown,
    choices_of,
    slides_of,
)
from ui.cards.content import Content, taken
from ui.view import controls, states
from ui.view.view import View

MORE = "more"
NOTHING = "Nothing of this can be shown yet: there are too few periods, or the numbers are too small."
Answers = Mapping[tuple[str, str], Answer]


class Picked(dict[str, str]):
    """Codes of a page's choices by name; `options` are what each could be, looked up once a run."""

    def __init__(self) -> None:
        super().__init__()
        self.options: dict[str, dict[str, str]] = {}


def draw(view: View, page: Page) -> str:
    """Draw all sections of a page; return HTML for its end, which tells what waits (`contents.waiting_html`).

    Parameters
    ----------
    view
        The page's view.
    page
        Its sections. Cards behind "More figures" are asked only when they are opened.
    """
    picked = Picked()
    view = replace(view, picked=picked)  # options of a choice may look at what is picked before it
    for choice in choices_of(page):
        picked[choice.name] = _picked(view, choice, picked)
    sections = [_settled(section, picked) for section in page if _is_there(view, section)]
    opened = {section.title: _is_open(section) for section in sections}
    visible = [
        card
        for section in sections
        for card in (section.all_cards if opened[section.title] else section.cards)
    ]
    answers = _answers(view, visible, picked)
    full = [section.title for section in sections if section.title and _has_figures(view, section)]
    most = sum(bool(section.title) for section in page)
    contents.draw(full, most=most, on_phone=view.phone)
    for section in sections:
        _draw_section(view, section, answers, picked, is_open=opened[section.title])
    return contents.waiting_html(
        {
            _more_key(section): [card.key for card in more]
            for section in sections
            if not opened[section.title] and (more := [one for one in section.more if _can_draw(view, one)])
        }
    )


def content_of(view: View, page: Page, key: str) -> Content | None:
    """Return what one card of a page shows, without drawing anything (`ui.view.still`).

    Parameters
    ----------
    view
        The page's view, with the filters of the card's address.
    page
        The page's sections.
    key
        The card's key, as `ui.cards.card.slides_of` gives it.

    Returns
    -------
    Content or None
        None where the card is not on the page, or has nothing to show with these filters.
    """
    picked = Picked()
    view = replace(view, picked=picked)
    for choice in choices_of(page):
        picked[choice.name] = _picked(view, choice, picked)
    cards = (
        card
        for section in page
        if _is_there(view, section) and not (section.needs and not _has_any(view, section))
        for card in _settled(section, picked).all_cards
        if key in slides_of(card)
    )
    shown = (content for card in cards for content in _taken(view, card, picked) if content.key == key)
    return next(shown, None)


def lacked_of(view: View, page: Page, key: str) -> Needs | None:
    """Return what would have to be loaded for a card to have something to show; None where that is not why.

    Parameters
    ----------
    view, page, key
        As `content_of`.
    """
    for section in page:
        for card in section.all_cards:
            if key not in slides_of(card):
                continue
            if section.needs and not _has_any(view, section):
                return section.needs
            if isinstance(card, Card) and card.needs and not _has(view, card.measure):
                return card.needs
    return None


def _taken(view: View, card: AnyCard, picked: Mapping[str, str]) -> list[Content]:
    """Return what a card would draw; nothing in place of what it would say that it lacks."""
    if not _can_draw(view, card) or (isinstance(card, Card) and card.needs and not _has(view, card.measure)):
        return []
    answers = _answers(view, [card], picked)
    if _lacks(view, card, answers, picked) is not None:
        return []
    with taken() as contents:
        _draw_card(view, card, answers, picked)
    return contents


def _settled(section: Section, picked: Mapping[str, str]) -> Section:
    """Return a section with the measures that are picked on the page."""

    def settled(card: AnyCard) -> AnyCard:
        if isinstance(card, Card) and card.measure_of is not None:
            return replace(card, measure=picked[card.measure_of.name])
        return card

    return replace(section, cards=tuple(map(settled, section.cards)), more=tuple(map(settled, section.more)))


def _answers(view: View, cards: Iterable[AnyCard], picked: Mapping[str, str]) -> Answers:
    """Answer the questions of all cards in one look-up; those of measures without figures are left out."""
    questions: dict[tuple[str, str], Question] = {}
    for card in cards:
        for name, ask in card.asks(view).items():
            if view.has(ask.measure_of(picked)):
                questions[card.key, name] = question_of(view, ask, picked)
    return dict(zip(questions, view.answer(list(questions.values()), strict=False), strict=True))


def question_of(view: View, ask: Ask, picked: Mapping[str, str]) -> Question:
    """Return the question of an `Ask` with the shared filters it can keep and the page's own choices."""
    by = [picked[name.name] if isinstance(name, Choice) else name for name in ask.by]
    measure = ask.measure_of(picked)
    parts = {name: part(picked) if callable(part) else part for name, part in ask.parts.items()}
    if ask.region:
        view = replace(view, filters=replace(view.filters, areas=()))
    if ask.settled and "periods" not in parts and (year := view.settled_year):
        parts["periods"] = (year, year)
    if ask.periods is not None and (given_periods := ask.periods(view)):
        parts["periods"] = given_periods
    where: dict[str, tuple[str, ...]] = {}
    for name, codes in ask.where.items():
        if callable(codes):
            where[name] = codes(view)
            continue
        given = (codes,) if isinstance(codes, Choice) else codes
        fixed = tuple(one for one in given if isinstance(one, str))
        chosen = [picked[one.name] for one in given if isinstance(one, Choice)]
        kept = fixed or tuple(one for one in chosen if one not in WHOLE)[-1:]
        if kept:
            where[name] = kept
    filters = view.filters
    if ask.everywhere:
        own = {"collection": filters.collection} if view.measure(measure).subject else {}
        return Question(measure, by, where, **{"periods": filters.periods, **own, **parts})
    return view.question(measure, [name for name in by if name], where=where, **parts)


def _draw_section(view: View, section: Section, answers: Answers, picked: Picked, *, is_open: bool) -> None:
    if section.title:
        layout.heading(section.title)
    there = [card for card in section.cards if _can_draw(view, card)]
    if section.needs and not _has_any(view, section):
        missing(section.needs)
        return
    if there or is_open:
        _draw_choices(section.choices, picked)
    is_drawn = _draw_cards(view, there, answers, picked)
    more = [card for card in section.more if _can_draw(view, card)]
    if section.title and there and not (is_drawn or more):
        layout.quiet(NOTHING)
    if more:
        word = "Fewer figures" if is_open else f"More figures ({len(more)})"
        st.button(word, key=_more_key(section), on_click=_flip, args=(section.title,), type="tertiary")
        if is_open:
            _draw_cards(view, more, answers, picked)


def _draw_choices(choices: Sequence[Choice], picked: Picked) -> None:
    """Draw a section's choices in one row; a choice under another is let go when that one changes."""
    drawn = [choice for choice in choices if choice.style != IN_ADDRESS]
    offered = [(one, options) for one in drawn if len(options := picked.options[one.name]) > 1]
    if not offered:
        return
    with layout.beside(max(len(offered), 2), offered[0][0].name):
        for choice, options in offered:
            below = [one.name for one in choices if one.under is choice]
            controls.draw_choice(
                choice.name, choice.label, options, picked[choice.name], choice.style, clears=below
            )


def _draw_cards(view: View, cards: Iterable[AnyCard], answers: Answers, picked: Mapping[str, str]) -> bool:
    """Draw cards two a row; a wide one has a row of its own. What several lack is said once.

    Returns
    -------
    bool
        Whether anything was drawn or said.
    """
    rows: list[list[AnyCard]] = []
    lacking: dict[Needs, None] = {}
    for card in cards:
        if (needs := _lacks(view, card, answers, picked)) is not None:
            lacking[needs] = None
            continue
        if rows and not card.wide and not rows[-1][0].wide:
            rows[-1].append(card)
        else:
            rows.append([card])
    drawn = []
    for row in rows:
        with nullcontext() if row[0].wide else layout.beside(2, row[0].key):
            drawn += [_draw_card(view, card, answers, picked) for card in row]
    for needs in lacking:
        missing(needs)
    return any(drawn) or bool(lacking)


def _lacks(view: View, card: AnyCard, answers: Answers, picked: Mapping[str, str]) -> Needs | None:
    if not isinstance(card, Card) or card.lacks is None:
        return None
    return card.lacks(Shown(view, card, _answers_of(card, answers), picked))


def _answers_of(card: AnyCard, answers: Answers) -> dict[str, Answer]:
    return {name: answer for (key, name), answer in answers.items() if key == card.key}


def _draw_card(view: View, card: AnyCard, answers: Answers, picked: Mapping[str, str]) -> bool:
    """Draw one card, or say why not; return whether there was anything to draw or to say."""
    mine = _answers_of(card, answers)
    if isinstance(card, Card) and card.needs and "" not in mine:
        missing(card.needs)
    elif isinstance(card, Card):
        if "" not in mine and (stands_in := next((name for name in card.in_table if name in mine), "")):
            mine[""] = mine.pop(stands_in)
        standard_card.draw(Shown(view, card, mine, picked))
    elif isinstance(card, FactCard):
        refusals = [answer.refusal for answer in mine.values() if answer.refusal]
        if card.title and refusals and len(refusals) == len(mine):
            layout.note(card.title, refusals[0].message, refusals[0].next_step, key=card.key)
            return True
        given = (picked[card.choice.name],) if card.choice else ()
        return special.draw_made(view, card.key, partial(card.make, view, mine, *given))
    else:
        card.draw(view, mine)
    return True


def missing(needs: Needs) -> None:
    """Say what would be here, for a reader; and the one next step, for whoever keeps the data."""
    states.not_loaded(needs.what, needs.table)


def _can_draw(view: View, card: AnyCard) -> bool:
    """Return whether there is something to draw, or to say in its place."""
    if isinstance(card, Card) and card.needs:
        return True
    if isinstance(card, Card) and callable(card.chart):  # it draws what there is of its answers
        return any(_has(view, card.asks(view)[name].measure) for name in ("", *card.in_table))
    return not card.measure or _has(view, card.measure)


def _has(view: View, measure: str | Choice) -> bool:
    """Return whether there are figures of a measure; a choice offers no others."""
    return bool(measure.of(view, {})) if isinstance(measure, Choice) else view.has(measure)


def _has_figures(view: View, section: Section) -> bool:
    """Return whether anything of a section is drawn, and not only what it lacks."""
    if section.needs and not _has_any(view, section):
        return False
    return any(_can_draw(view, card) for card in section.all_cards)


def _has_any(view: View, section: Section) -> bool:
    needs = section.needs
    if needs is not None and (needs.measures or needs.registers):
        return any(map(view.has, needs.measures)) or any(map(view.has_register, needs.registers))
    measures = [card.measure for card in section.all_cards if card.measure]
    asked = [ask.measure for card in section.all_cards for ask in card.asks(view).values()]
    return any(_has(view, measure) for measure in measures or asked)


def _is_there(view: View, section: Section) -> bool:
    names = section.only_with
    if section.when is not None and not section.when(view):
        return False
    return not names or any(view.has(name) or view.has_register(name) for name in names)


def _picked(view: View, choice: Choice, picked: Picked) -> str:
    options = picked.options[choice.name] = choice.of(view, picked)
    default = choice.default if choice.default in options else next(iter(options), "")
    return controls.chosen(choice.name, choice.label, options, default)


def _is_open(section: Section) -> bool:
    return bool(section.more) and bool(st.session_state.get(f"{MORE}_is_open", {}).get(section.title))


def _more_key(section: Section) -> str:
    return f"{MORE}_{layout.anchor(section.title)}"


def _flip(title: str) -> None:
    opened = dict(st.session_state.get(f"{MORE}_is_open", {}))
    opened[title] = not opened.get(title)
    st.session_state[f"{MORE}_is_open"] = opened


def basis_line(view: View) -> str:
    """Return the header's line of what is compared with what; empty without own figures."""
    if view.release is None or not view.release.collections:
        return ""
    late, chosen = view.catalog.protection.provisional_months, view.filters.periods
    by_year = basis_of(view.release, late, chosen).sentence
    level = joined_level(chosen)
    if not level or chosen is None:
        return by_year
    counts = basis_of_joined(view.release, late, level, chosen).sentence
    rest = by_year.replace("Compared:", "Shares, rates and waits, by calendar year:")
    return " ".join(filter(None, (counts, rest)))
