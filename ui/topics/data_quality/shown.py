"""How much can be shown: shares by how finely people are divided, as a table with a bar in each cell."""

from collections.abc import Iterable, Mapping, Sequence

from analysis import Answer, Catalog
from analysis.answers.visibility import ShownShare, shown_shares, together
from analysis.findings.topics.quality import numbers_shown
from analysis.periods import ADVERBS, PERIOD_LEVELS
from analysis.release.places import Geography
from analysis.words import percent_text
from ui import theme
from ui.cards.card import Choice, FactCard, Facts
from ui.cards.special_card import scope_of_register
from ui.cards.table import Table
from ui.view.states import escape
from ui.view.view import View

WORDS = {"year": "Years", "quarter": "Quarters", "month": "Months"}
NOT_ASKED = "not asked"
WHOLE, ALTOGETHER, UNDIVIDED = "Whole region", "All of these", "Nothing more"
_BAR = "height:6px;border-radius:3px"


def _levels(view: View) -> dict[str, str]:
    """Return the period levels of the shown collection, coarsest first."""
    there = {row.period_level for row in _rows(view)}
    return {level: WORDS[level] for level in reversed(PERIOD_LEVELS) if level in there}


LEVEL = Choice("shown_by", "Numbers of", _levels)


def what_is_shown(view: View, _answers: Mapping[str, Answer], level: str) -> Facts | None:
    """Return which share of the numbers of one period level can be shown."""
    if view.release is None or view.collection is None or not level:
        return None
    rows = _rows(view)
    geography = view.release.areas.get(view.collection.geography)
    return Facts(
        numbers_shown(rows, level, geography),
        table(rows, view.catalog, geography),
        subtitle=f"Numbers that can be shown, by how finely they are divided · {view.collection.label}",
        caption="The rest are too small to be shown, or none. All periods and areas, without filters.",
        figure=drawn(rows, level, view.catalog, geography, view.palette),
        scope=scope_of_register(view),
    )


CARD = FactCard("shown", what_is_shown, wide=False, choice=LEVEL)


def _rows(view: View) -> tuple[ShownShare, ...]:
    if view.release is None or view.collection is None:
        return ()
    return shown_shares(view.release, view.catalog, view.collection)


def table(rows: Sequence[ShownShare], catalog: Catalog, geography: Geography | None) -> Table:
    """Return every share, one row for each period level and dimension and one column for each area level."""
    places = _places(rows)
    header = ("Period", "Divided by", *(_place(place, geography) for place in places))
    body = [
        (level.capitalize(), words, *map(_text, shares))
        for level in reversed(PERIOD_LEVELS)
        for words, shares in _lines(rows, level, catalog)
    ]
    return Table(header, (False, False, *(True for _ in places)), tuple(body))


def drawn(
    rows: Sequence[ShownShare],
    level: str,
    catalog: Catalog,
    geography: Geography | None,
    palette: theme.Palette,
) -> str:
    """Return the shares of one period level as an HTML table with a bar in each cell."""
    places = "".join(
        f'<th scope="col" style="min-width:0">{escape(_place(place, geography))}</th>'
        for place in _places(rows)
    )
    body = "".join(
        f'<tr><th scope="row">{escape(words)}</th>{"".join(_cell(share, palette) for share in shares)}</tr>'
        for words, shares in _lines(rows, level, catalog)
    )
    caption = escape(f"Share of {ADVERBS[level]} numbers that can be shown")
    return (
        f'<div class="ltt-table" tabindex="0" role="region" aria-label="{caption}"><table>'
        f"<caption><span>{caption}</span></caption>"
        f'<thead><tr><th scope="col">Divided by</th>{places}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _lines(rows: Sequence[ShownShare], level: str, catalog: Catalog) -> list[tuple[str, list[float | None]]]:
    """Return for each division its share at each level of areas (None: not asked); all together first."""
    chosen = [row for row in rows if row.period_level == level]
    if not chosen:
        return []
    places = _places(rows)
    shares = {(row.split, row.area_level): row.share for row in chosen}
    every: list[float | None] = [
        together(same) if (same := [row for row in chosen if row.area_level == place]) else None
        for place in places
    ]
    lines = [(ALTOGETHER, every)]
    for split in dict.fromkeys(row.split for row in chosen):
        words = catalog.dimensions[split].label if split else UNDIVIDED
        lines.append((words, [shares.get((split, place)) for place in places]))
    return lines


def _places(rows: Iterable[ShownShare]) -> list[int | None]:
    return sorted({row.area_level for row in rows}, key=lambda level: level or 0)


def _place(level: int | None, geography: Geography | None) -> str:
    return geography.level_word(level).capitalize() if level is not None and geography else WHOLE


def _text(share: float | None) -> str:
    if share is None:
        return NOT_ASKED
    return "above 99%" if 0.995 <= share < 1 else percent_text(100 * share)


def _cell(share: float | None, palette: theme.Palette) -> str:
    bar = ""
    if share is not None:
        filled = f'<div style="{_BAR};width:{share:.1%};background:{palette.brand}"></div>'
        bar = f'<div style="{_BAR};background:{palette.border}">{filled}</div>'
    return f'<td class="ltt-share">{escape(_text(share))}{bar}</td>'
