"""A line the size of a word, as SVG: eight Plotly charts would cost the first screen half a second."""

from analysis import Answer
from ui import theme
from ui.charts import series as lines

WIDTH, HEIGHT = 140, theme.SPARKLINE_HEIGHT
_EDGE = 4


def sparkline(answer: Answer, palette: theme.Palette = theme.LIGHT) -> str:
    """Return an answer by period as a small SVG: from zero, gaps where values are not shown.

    Parameters
    ----------
    answer
        By ``period`` only, periods in order.
    palette
        Colours of the theme.

    Returns
    -------
    str
        Hidden from screen readers: the numbers stand beside it in words. Provisional stretches are dashed.
    """
    rows = tuple(answer.frame.iter_rows(named=True))
    top = max((row["value"] for row in rows if row["value"] is not None), default=0) or 1
    step = (WIDTH - 2 * _EDGE) / max(len(rows) - 1, 1)

    def place(n: int) -> str:
        value = rows[n]["value"]
        return f"{_EDGE + n * step:.1f},{HEIGHT - _EDGE - value / top * (HEIGHT - 2 * _EDGE):.1f}"

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
    return (
        f'<svg class="ltt-spark" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'aria-hidden="true" focusable="false" fill="none" stroke="{palette.brand}" stroke-width="2" '
        f'stroke-linejoin="round" stroke-linecap="round">{"".join(parts)}</svg>'
    )
