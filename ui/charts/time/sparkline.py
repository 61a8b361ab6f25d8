"""A line the size of a word, as SVG: eight Plotly charts would cost the first screen half a second."""

import base64

from analysis import Answer
from ui import theme
from ui.charts.time import series as lines

WIDTH, HEIGHT = 140, theme.SPARKLINE_HEIGHT
_EDGE = 4


def sparkline(answer: Answer, palette: theme.Palette = theme.LIGHT) -> str:
    """Return an answer by period as a small image: from zero, gaps where values are not shown.

    Parameters
    ----------
    answer
        By ``period`` only, periods in order.
    palette
        Colours of the theme.

    Returns
    -------
    str
        HTML. Silent to a screen reader: the numbers stand beside it in words. Provisional stretches are
        dashed. Nothing where there are not two values: there is no course to draw.
    """
    [whole] = lines.split(answer, lambda _name, code: code)
    rows = whole.rows
    top = max((row["value"] for row in rows if row["value"] is not None), default=0) or 1
    step = (WIDTH - 2 * _EDGE) / max(len(rows) - 1, 1)

    def place(n: int) -> str:
        value = rows[n]["value"]
        return f"{_EDGE + n * step:.1f},{HEIGHT - _EDGE - value / top * (HEIGHT - 2 * _EDGE):.1f}"

    if sum(row["value"] is not None for row in rows) < 2:
        return ""
    parts = []
    for n in range(1, len(rows)):
        if rows[n - 1]["value"] is None or rows[n]["value"] is None:
            continue
        dash = ' stroke-dasharray="3 3"' if lines.is_provisional(rows[n]) else ""
        parts.append(f'<polyline points="{place(n - 1)} {place(n)}"{dash}/>')
    shown = [n for n, row in enumerate(rows) if row["value"] is not None]
    if shown:
        x, y = place(shown[-1]).split(",")
        parts.append(f'<circle cx="{x}" cy="{y}" r="3" fill="{palette.brand}" stroke="none"/>')
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="none" '
        f'stroke="{palette.brand}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round">'
        f"{''.join(parts)}</svg>"
    )
    packed = base64.b64encode(drawing.encode()).decode()  # an inline <svg> is taken out by st.html
    return (
        f'<img class="ltt-spark" alt="" width="{WIDTH}" height="{HEIGHT}" '
        f'src="data:image/svg+xml;base64,{packed}">'
    )
