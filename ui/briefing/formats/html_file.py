"""A briefing as one HTML file: it works from a memory stick, without a network and without this program."""

import json
from pathlib import Path

import plotly

from analysis.program import NAME
from ui import theme
from ui.briefing.slide import Deck, Slide
from ui.cards import table as tables
from ui.cards.words import chips_html, ribbons_html
from ui.charts.printing import FIT_CHART
from ui.view.states import escape

_HERE = Path(__file__).resolve().parent
_STYLE = _HERE / "deck.css"
_SCRIPT = _HERE / "deck.js"
_PLOTLY = Path(plotly.__file__).resolve().parent / "package_data" / "plotly.min.js"
#: Nothing is fetched and nothing is sent, whatever a title or a note holds.
_POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
KEYS = "Arrow keys, Page up and down, Home, End; B: blank; N: notes; Escape: back"


def html_bytes(deck: Deck) -> bytes:
    """Return the file.

    Parameters
    ----------
    deck
        The slides, in the colours of the light theme.

    Returns
    -------
    bytes
        One page that can be read, printed and presented. The same for the same deck.
    """
    slides = "".join(_slide(deck, slide, number) for number, slide in enumerate(deck.slides, start=1))
    contents = "".join(
        f'<li><a href="#slide-{number}">{escape(slide.headline)}</a></li>'
        for number, slide in enumerate(deck.slides, start=1)
    )
    figures = {
        f"chart-{number}": slide.figure
        for number, slide in enumerate(deck.slides, start=1)
        if slide.figure is not None
    }
    style = theme.page_css(theme.LIGHT) + theme.coloured(_STYLE.read_text("utf-8"), theme.LIGHT)
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(f'{deck.title} · {deck.place}')}</title>"
        f"{_meta(deck)}"
        f"<style>{style}</style></head><body>"
        f"{_ribbon(deck)}<main>{_cover(deck, contents)}{slides}</main>"
        f'<div id="blank" hidden></div>'
        f"<script>{_script_text(_PLOTLY.read_text('utf-8'))}</script>"
        f'<script type="application/json" id="figures">{_json(figures)}</script>'
        f"<script>{FIT_CHART}{_SCRIPT.read_text('utf-8')}</script></body></html>"
    )
    return page.encode()


def _meta(deck: Deck) -> str:
    """Return what the file says of itself to programs: publisher, what it is of, release, what made it."""
    told = {
        "author": deck.place,
        "description": f"{deck.title}. {deck.period}. {deck.reported}",
        "keywords": ", ".join(deck.marks),
        "generator": f"{NAME} {deck.version}",
    }
    return "".join(f'<meta name="{name}" content="{escape(text)}">' for name, text in told.items())


def _ribbon(deck: Deck) -> str:
    said = ribbons_html(deck.stamp, deck.synthetic)
    return f'<div class="ltt-ribbons" role="note">{said}</div>' if said else ""


def _cover(deck: Deck, contents: str) -> str:
    facts = [
        ("Place", deck.place),
        ("Figures", deck.period),
        ("As of", deck.as_of),
        ("Next update", deck.next_update),
        ("Contact", deck.contact),
        ("Release", f"{deck.release_id} · version {deck.version}"),
    ]
    listed = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in facts if text)
    return (
        f'<section class="slide cover" id="slide-0"><h1>{escape(deck.title)}</h1>'
        f"<dl>{listed}</dl><p>{escape(deck.reported)}</p>"
        + (f"<p>{escape(deck.protection)}</p>" if deck.protection else "")
        + '<p class="screen-only"><button type="button" id="present">Present</button> '
        f"<span>{KEYS}</span></p>"
        f'<nav class="screen-only" aria-label="Contents"><h2>Contents</h2><ol>{contents}</ol></nav></section>'
    )


def _slide(deck: Deck, slide: Slide, number: int) -> str:
    chips = chips_html(slide.chips)
    parts = [
        f'<p class="section">{escape(slide.section)}</p>',
        f"<h2>{escape(slide.headline)} {chips}</h2>",
        f'<p class="finding">{escape(slide.finding)}</p>' if slide.finding else "",
        f'<p class="ltt-subtitle">{escape(slide.subtitle)}</p>' if slide.subtitle else "",
        f'<p class="changed">{escape(slide.changed)}</p>' if slide.changed else "",
    ]
    if slide.missing:
        parts.append(f'<p class="missing">{escape(slide.missing)}</p>')
    elif slide.figure is not None:
        high = int(slide.figure["layout"].get("height", 360))
        parts.append(
            f'<div class="chart" id="chart-{number}" role="img" aria-label="{escape(slide.alt)}" '
            f'data-height="{high}"></div>'
        )
    if slide.drawing:
        parts.append(f'<div class="drawing stHtml">{slide.drawing}</div>')
    parts.append(_tables(slide, is_open=slide.figure is None and not slide.drawing))
    parts += [
        f'<p class="ltt-caption">{escape(slide.caption)}</p>' if slide.caption else "",
        f'<p class="ltt-caption source">{escape(slide.source)} {escape(deck.reported)}</p>',
        _notes(slide),
        f'<p class="foot"><span>{escape(deck.title)} · {escape(deck.place)} · release '
        f"{escape(deck.release_id)}</span><span>{number} / {len(deck.slides)}</span></p>",
    ]
    return f'<section class="slide" id="slide-{number}">{"".join(parts)}</section>'


def _tables(slide: Slide, *, is_open: bool) -> str:
    drawn = "".join(
        tables.to_html(titled.table, titled.title, is_titled=place == 0)
        for place, titled in enumerate(slide.tables)
    )
    if not drawn or is_open:
        return drawn
    return f'<details class="figures"><summary>The figures as a table</summary>{drawn}</details>'


def _notes(slide: Slide) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in slide.spoken)
    return f'<aside class="notes" hidden><h3>Notes</h3><ul>{lines}</ul></aside>' if lines else ""


def _json(figures: object) -> str:
    """Return figures as JSON that cannot end the script it stands in."""
    text = json.dumps(figures, separators=(",", ":"), ensure_ascii=False, default=str)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _script_text(script: str) -> str:
    """Return a script that can stand inside a page: it must not hold the words that end it."""
    return script.replace("</script", "<\\/script")
