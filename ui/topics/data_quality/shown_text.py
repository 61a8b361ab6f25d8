"""How much can be shown, in words a reader grasps at once, and as a table of shares with bars."""

from collections.abc import Iterable, Sequence

from analysis import Catalog
from analysis.answers.visibility import ShownShare, together
from analysis.release.places import Geography
from analysis.words import listed
from ui import theme
from ui.cards.table import Table
from ui.view.states import escape

ADVERBS = {"year": "yearly", "quarter": "quarterly", "month": "monthly"}
NOT_ASKED = "not asked"
WHOLE = "Whole region"


def in_ten(share: float) -> str:
    """Return a share as people say it.

    >>> in_ten(1.0), in_ten(0.97), in_ten(0.62), in_ten(0.06), in_ten(0.02), in_ten(0.0)
    ('all', 'nearly all', '6 in 10', '1 in 10', 'hardly any', 'none')
    """
    if share in (0.0, 1.0):
        return "all" if share else "none"
    if share >= 0.95:
        return "nearly all"
    return f"{max(round(share * 10), 1)} in 10" if share >= 0.05 else "hardly any"


def shown_sentence(rows: Sequence[ShownShare], geography: Geography | None) -> str:
    """Return "9 in 10 yearly county numbers can be shown, 6 in 10 yearly district numbers and …".

    Parameters
    ----------
    rows
        As `analysis.answers.visibility.shown_shares` gives them.
    geography
        Gives the words for the levels of areas.
    """
    levels = [level for level in ("year", "month") if any(row.period_level == level for row in rows)]
    places: list[int | None] = [place for place in _places(rows) if place is not None] or [None]
    said = []
    for level, place in [(level, place) for place in places for level in levels]:
        share = together(row for row in rows if (row.period_level, row.area_level) == (level, place))
        where = (
            f"{place_words(place, geography).lower()} numbers" if place else "numbers for the whole region"
        )
        words = f"{ADVERBS[level]} {where}"
        said.append(f"{in_ten(share)} {'of the ' if share in (0.0, 1.0) else ''}{words}")
    said[0] = f"{said[0]} can be shown"
    text = listed(said)
    return f"{text[:1].upper()}{text[1:]}."


def place_words(level: int | None, geography: Geography | None) -> str:
    """Return the word for a level of areas, such as "County"."""
    if level is None:
        return WHOLE
    return geography.level_names.get(level, f"level {level}").capitalize() if geography else f"Level {level}"


def split_words(split: str, catalog: Catalog) -> str:
    """Return the words for what people are divided by."""
    return catalog.dimensions[split].label if split else "Nothing more"


def shown_table(rows: Sequence[ShownShare], catalog: Catalog, geography: Geography | None) -> Table:
    """Return every share, one row for each period level and dimension and one column for each area level."""
    places = _places(rows)
    found = {(row.period_level, row.split, row.area_level): row for row in rows}
    lines = dict.fromkeys((row.period_level, row.split) for row in rows)
    body = tuple(
        (
            level.capitalize(),
            split_words(split, catalog),
            *(_share_text(found.get((level, split, place))) for place in places),
        )
        for level, split in sorted(lines, key=lambda line: list(ADVERBS).index(line[0]))
    )
    header = ("Period", "Divided by", *(place_words(place, geography) for place in places))
    return Table(header, (False, False, *(True for _ in places)), body)


def shown_html(
    rows: Sequence[ShownShare],
    level: str,
    catalog: Catalog,
    geography: Geography | None,
    palette: theme.Palette,
) -> str:
    """Return the shares of one period level as an HTML table with a bar in each cell."""
    chosen = [row for row in rows if row.period_level == level]
    places = _places(rows)
    found = {(row.split, row.area_level): row for row in chosen}
    head = "".join(
        f'<th scope="col" style="min-width:0">{escape(place_words(place, geography))}</th>'
        for place in places
    )
    body = "".join(
        f'<tr><th scope="row">{escape(split_words(split, catalog))}</th>'
        + "".join(_cell(found.get((split, place)), palette) for place in places)
        + "</tr>"
        for split in dict.fromkeys(row.split for row in chosen)
    )
    caption = f"Share of {ADVERBS[level]} numbers that can be shown"
    return (
        f'<div class="ltt-table" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f"<caption><span>{escape(caption)}</span></caption>"
        f'<thead><tr><th scope="col">Divided by</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _places(rows: Iterable[ShownShare]) -> list[int | None]:
    return sorted({row.area_level for row in rows}, key=lambda level: level or 0)


def _share_text(row: ShownShare | None) -> str:
    if row is None:
        return NOT_ASKED
    if 0 < row.share < 0.005:
        return "below 1%"
    return "above 99%" if 0.995 <= row.share < 1 else f"{row.share:.0%}"


def _cell(row: ShownShare | None, palette: theme.Palette) -> str:
    bar = ""
    if row is not None:
        shape = "height:6px;border-radius:3px"
        filled = f'<div style="{shape};width:{row.share:.1%};background:{palette.brand}"></div>'
        bar = f'<div style="{shape};background:{palette.border}">{filled}</div>'
    return f'<td class="ltt-share">{escape(_share_text(row))}{bar}</td>'
