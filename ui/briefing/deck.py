"""From a briefing to its slides: every card is asked anew, in one release, with its own filters."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from analysis import LttError, read_filters
from analysis.briefing.briefing import Briefing, Item
from analysis.exports.words import REPORTED, STAMPS, file_name_begins, origin
from analysis.program import version
from analysis.progress import Progress
from analysis.release.catalog_of_release import catalog_for
from analysis.release.home_country import home_country
from analysis.release.release import Release
from analysis.words import first_few
from ui import theme
from ui.briefing import declared
from ui.briefing.paper.words import foldable
from ui.briefing.slide import Deck, Slide
from ui.briefing.standard import APPENDIX, part_of
from ui.cards import page as pages
from ui.cards.card import slides_of
from ui.cards.content import Content, Titled
from ui.cards.table import Table
from ui.format import date_text
from ui.view import registry, sources
from ui.view.states import NOT_ADDED
from ui.view.still import still
from ui.view.view import View

USUAL_TITLE = "Briefing"
NOTHING_YET = "{}: nothing yet. {}"
NOTHING = "Nothing of this has been added to the figures yet, or none of it can be shown."
SAME_WORDS = "Some of its numbers are new since release {}; what it says is the same."
WAS = "In release {} ({}): {}"
#: Countries that print on Letter (CLDR, paper size US-Letter).
ON_LETTER = frozenset(("BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"))
MOST_NAMED = 3
FOR_ALL = "Figures of people and events"


def is_card(page: str, card: str) -> bool:
    """Return whether a briefing can hold a card by these codes."""
    if (page, card) == APPENDIX:
        return True
    if page not in {entry.code for entry in registry.available()}:
        return False
    keys = {key for section in declared.page_of(page) for one in section.all_cards for key in slides_of(one)}
    return card in keys


def view_of(item: Item, release: Release, palette: theme.Palette = theme.LIGHT) -> tuple[View, list[str]]:
    """Return what a card's page is given, and what of its filters could not be kept."""
    catalog = catalog_for(release)
    choices = release.choices_of(item.filters.get("collection") or None)
    filters, notices = read_filters(item.filters, catalog, choices)
    return View(registry.entry(item.page), catalog, release, filters, choices, palette), list(notices)


def content_of(
    item: Item, release: Release, *, base: str = "", palette: theme.Palette = theme.LIGHT
) -> tuple[View, Content | None, list[str]]:
    """Return what a card shows in a release: its view, its content or None, and notices.

    Parameters
    ----------
    item
        Which card, with which filters.
    release
        Where it is asked.
    base
        Address of the dashboard, for links.
    palette
        Colours.
    """
    view, notices = view_of(item, release, palette)
    with still(item.filters, _address(item, base)) as made:
        shown = pages.content_of(view, declared.page_of(item.page), item.card)
    return view, shown, [*notices, *made.notices]


def _address(item: Item, base: str) -> str:
    """Return where a card's page is; the page's code alone where the dashboard's address is not known."""
    return f"{base.rstrip('/')}/{item.page}" if base else item.page


def deck_of(
    briefing: Briefing,
    release: Release,
    *,
    base: str = "",
    palette: theme.Palette = theme.LIGHT,
    earlier: Release | None = None,
    progress: Progress | None = None,
    notices: Sequence[str] = (),
    keeps_missing: bool = True,
) -> Deck:
    """Return the slides of a briefing.

    Parameters
    ----------
    briefing
        Cards in order.
    release
        The release they are asked in.
    base
        Address of the dashboard, for links.
    palette
        Colours.
    earlier
        The release the briefing was made with: cards that have changed since say what they said.
    progress
        Called with the number of cards that are done, and of all.
    notices
        What is to be told besides.
    keeps_missing
        Whether a card without figures has a slide that says so.
    """
    slides: list[Slide] = []
    told: dict[str, list[str]] = {}
    contents: list[Content] = []
    for place, item in enumerate(briefing.items, start=1):
        if (item.page, item.card) == APPENDIX:
            slides.append(_appendix(item, release, contents))
        else:
            slide, content, said = _slide_of(item, release, base, palette, earlier)
            if keeps_missing or not slide.missing:
                slides.append(slide)
            contents += [content] if content else []
            for one in said:
                told.setdefault(one, []).append(slide.section)
        if progress:
            progress(place, len(briefing.items))
    # What several cards could not keep is said once.
    said_once = [f"{first_few(list(dict.fromkeys(where)), MOST_NAMED)}: {one}" for one, where in told.items()]
    return _deck(briefing, release, slides, [*notices, *said_once])


def without_repeats(deck: Deck) -> Deck:
    """Return the slides as they are shown: what a section of the standard order lacks of a page is said once.

    Where another card of that page has figures there, nothing is said of those that have none.
    """
    full = {_place(slide) for slide in deck.slides if not slide.missing}
    told: set[tuple[str, str]] = set()
    kept = []
    for slide in deck.slides:
        place = _place(slide)
        if slide.missing and place is not None:
            if place in full | told:
                continue
            told.add(place)
        kept.append(slide)
    return replace(deck, slides=tuple(kept))


def _place(slide: Slide) -> tuple[str, str] | None:
    """Return section and page of a card of the standard order; None for any other."""
    page, _, card = slide.key.partition("/")
    part = part_of(page, card)
    return (part.title, page) if part else None


def _deck(briefing: Briefing, release: Release, slides: Sequence[Slide], notices: Sequence[str]) -> Deck:
    queries = {item.query for item in briefing.items}
    first = next(iter(briefing.items), Item("overview", ""))
    view, _ = view_of(first if len(queries) <= 1 else replace(first, query=()), release)
    period = view.sentence() if len(queries) <= 1 else "Filters differ: each slide says its own"
    return Deck(
        title=foldable(briefing.title) or USUAL_TITLE,
        place=view.place_name,
        period=period,
        as_of=date_text(release.as_of),
        next_update=_day(release.info.get("next_update", "")),
        contact=release.info.get("contact", ""),
        reported=REPORTED,
        protection=view.protection,
        synthetic=origin(len(release.task_forces), synthetic=release.synthetic),
        stamp=STAMPS.get(release.profile, ""),
        release_id=release.release_id,
        version=version(),
        paper="us-letter" if home_country(release) in ON_LETTER else "a4",
        name_begins=file_name_begins(release.profile),
        notices=tuple(dict.fromkeys(notices)),
        slides=tuple(slides),
    )


def _day(text: str) -> str:
    return date_text(date.fromisoformat(text)) if text else ""


def _slide_of(
    item: Item, release: Release, base: str, palette: theme.Palette, earlier: Release | None
) -> tuple[Slide, Content | None, list[str]]:
    section = _section_of(item)
    try:
        view, content, notices = content_of(item, release, base=base, palette=palette)
    except LttError as problem:
        return _missing(item, section, str(problem)), None, []
    if content is None:
        lacked = pages.lacked_of(view, declared.page_of(item.page), item.card)
        why = NOTHING_YET.format(lacked.what, NOT_ADDED) if lacked else NOTHING
        return _missing(item, section, why), None, notices
    if _is_empty(content):
        return _missing(item, section, content.headline or NOTHING), None, notices
    slide = _slide(item, section, view, content, base)
    if earlier is not None:
        slide = replace(slide, changed=_changed(item, content, earlier))
    return slide, content, notices


def _is_empty(content: Content) -> bool:
    """Return whether a card has words alone: neither a figure, nor a row, nor a reason of its own."""
    if content.note or content.figure is not None or content.below:
        return False
    return not any(titled.table.rows for titled in content.tables())


def _section_of(item: Item) -> str:
    """Return where a card belongs: its section of the standard order, else its page."""
    part = part_of(item.page, item.card)
    return part.title if part else registry.entry(item.page).title


def _missing(item: Item, section: str, why: str) -> Slide:
    part = part_of(item.page, item.card)
    return Slide(
        item.key,
        section,
        foldable(item.title) or (part.what_of(item.page) if part else section),
        missing=why,
        note=item.note,
    )


def _slide(item: Item, section: str, view: View, content: Content, base: str) -> Slide:
    answers = content.answers
    said = sources.sentence(view, answers, date_text(view.as_of))
    with still(item.filters, _address(item, base)):
        link = view.link(content.key)
    hidden = [answer for answer in answers if answer.cells_shown < answer.cells_total]
    count = sum(answer.cells_total - answer.cells_shown for answer in hidden)
    notes = (
        said,
        f"Filters: {view.sentence()}.",
        *(f"Does not follow the filters: {chip}." for chip in content.chips),
        f"Not shown: {count:,} numbers that are too small." if count else "",
        *dict.fromkeys(line for answer in answers for line in answer.caveats),
    )
    return Slide(
        key=item.key,
        section=section,
        headline=foldable(item.title) or content.headline,
        finding=content.headline if item.title else "",
        chips=content.chips,
        subtitle=content.subtitle,
        figure=content.figure if isinstance(content.figure, dict) else None,
        drawing=_unlinked(content.figure if isinstance(content.figure, str) else "") + content.below,
        tables=tuple(content.tables()) if not content.note else (),
        caption=content.caption,
        source=said,
        alt=content.alt,
        notes=tuple(dict.fromkeys(filter(None, notes))),
        note=item.note,
        link=link,
        missing=content.note,
        drawn=content.drawn,
    )


def _unlinked(drawing: str) -> str:
    """Return a drawing without its links: they lead to pages of a dashboard that may not be there."""
    return re.sub(r'(<a\b[^>]*?) href="[^"]*"(?: target="[^"]*")?', r"\1", drawing)


def _changed(item: Item, content: Content, earlier: Release) -> str:
    """Return what a card said in an earlier release, where it says something else now."""
    try:
        _, before, _ = content_of(item, earlier)
    except LttError:
        return ""
    if before is None:
        return f"Not in release {earlier.release_id}."
    if before.headline != content.headline:
        return WAS.format(earlier.release_id, date_text(earlier.as_of), before.headline)
    rows = [[titled.table.rows for titled in one.tables()] for one in (before, content)]
    return SAME_WORDS.format(earlier.release_id) if rows[0] != rows[1] else ""


def _appendix(item: Item, release: Release, contents: Sequence[Content]) -> Slide:
    """Return the definitions of everything that the slides before it show, with what each asks of a reader.

    What holds for many figures, such as how numbers are protected, stands first and once.
    """
    catalog = catalog_for(release)
    answers = {answer.measure.code: answer for content in contents for answer in content.answers}
    derived = [catalog.derived[code] for code in dict.fromkeys(one.derived for one in contents) if code]
    own = [
        (one.measure.label, one.measure.definition, one.unit, sources.own_care(one.caveats, catalog))
        for one in answers.values()
    ]
    own += [
        (
            one.label,
            one.definition,
            one.unit,
            sources.own_care([catalog.caveats[code].text for code in one.caveats], catalog),
        )
        for one in derived
    ]
    for_all = sources.said_of_all([line for one in answers.values() for line in one.caveats], catalog)
    first = [(FOR_ALL, "", "", for_all)] if for_all else []
    rows = tuple((*row, " ".join(care)) for *row, care in (*first, *own))
    table = Table(("Figure", "What it is", "Unit", "To be read with care"), (False,) * 4, rows)
    title = item.title or "How each figure is measured"
    return Slide(
        item.key,
        _section_of(item),
        title,
        subtitle=f"Release {release.release_id}, as of {date_text(release.as_of)}",
        tables=(Titled(title, table),) if rows else (),
        missing="" if rows else NOTHING,
        note=item.note,
    )
