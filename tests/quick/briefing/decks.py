"""A briefing made by hand: one slide for each kind of figure, and words that try to be more than words."""

from typing import Any

from ui import theme
from ui.briefing.slide import Deck, Slide
from ui.cards.content import Titled
from ui.cards.table import Table
from ui.charts.figure import Figure

YEARS = [f"{year}-07-02" for year in range(2016, 2022)]
INK = theme.LIGHT.brand
#: Stands in what a pointer would read and in what a browser keeps: no file may hold it.
SECRET = 918273.0
HATCH = {"shape": "/", "size": 6, "fgcolor": theme.LIGHT.hatch, "bgcolor": theme.LIGHT.hidden}
ATTACKS = (
    '#read("/etc/passwd")',
    "*bold* _under_ $x^2$ `raw` <label> @cite // no comment /* none */",
    "<script>alert(1)</script> & <b>bold</b> ]]> &amp;",
    "= Heading\n== Another",
    "bell\x07 escape\x1b[31m null\x00 half\ud83d",
    "עברית العربية 中文 日本語 😀 \u202eturned",
    "\\u{41} #{1+1} \\# #set page(width: 1pt) #panic()",
)


def layout(**more: Any) -> dict[str, Any]:
    return theme.layout(theme.LIGHT, 320, **more)


def trend() -> Figure:
    """A line with a band, a gap, a provisional end, a mean, a law, and a strip of what is not shown."""
    axis_x = {"type": "date", "tickvals": YEARS, "ticktext": [year[:4] for year in YEARS], "anchor": "free"}
    axis_x |= {"range": ["2016-01-01", "2022-01-01"], "position": 0}
    line = {"type": "scatter", "mode": "lines+markers", "name": "People", "x": YEARS}
    line |= {"text": [f"{SECRET:.0f}"] * 6, "customdata": [SECRET] * 6}
    dashed = {"color": INK, "width": 2, "dash": "6px,4px"}
    shapes = [
        {
            "type": "line",
            "name": "mean",
            "xref": "x",
            "yref": "y",
            "x0": "2016-01-01",
            "x1": "2018-01-01",
            "y0": 105.5,
            "y1": 105.5,
            "line": {"color": theme.LIGHT.ink, "width": 1.5, "dash": "3px,3px"},
        }
    ]
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines",
                "fill": "toself",
                "name": "95% interval",
                "x": [*YEARS[:2], *YEARS[1::-1]],
                "y": [110, 121, 91, 82],
                "fillcolor": theme.transparent(INK, 0.15),
                "line": {"width": 0, "color": INK},
            },
            {
                **line,
                "y": [96, 106, None, 131, 140, None],
                "line": {"color": INK, "width": 2},
                "marker": {"size": [6] * 6, "color": INK, "symbol": "circle"},
            },
            {
                **line,
                "y": [None, None, None, None, 140, 151],
                "line": dashed,
                "marker": {"size": [0, 0, 0, 0, 0, 6], "color": INK, "symbol": "circle-open"},
            },
            {
                "type": "bar",
                "name": "not shown",
                "x": YEARS[2:3],
                "y": [0.8],
                "base": [0.1],
                "width": [31_536_000_000],
                "yaxis": "y2",
                "marker": {"color": theme.LIGHT.hidden, "pattern": HATCH},
            },
        ],
        "layout": layout(
            xaxis=theme.axis(theme.LIGHT, **axis_x),
            yaxis=theme.value_axis(theme.LIGHT, domain=[0.07, 1], nticks=6, tickformat=",~r"),
            yaxis2=theme.axis(theme.LIGHT, domain=[0, 0.05], range=[0, 1], showticklabels=False),
            shapes=shapes,
            annotations=[
                {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 8, "y": 151, "text": "People"},
                {"x": "2016-01-01", "xanchor": "left", "y": 105.5, "text": "mean 106 (98–113)"},
            ],
        ),
    }


def bars() -> Figure:
    """Horizontal bars with whiskers and words at their ends; one is not shown."""
    names = ["Forced labour", "Forced begging & more"]
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": names,
                "x": [36.0, 8.0],
                "marker": {"color": list(theme.LIGHT.categories[:2]), "opacity": 0.55},
                "error_x": {"array": [2.0, 1.5], "arrayminus": [3.0, 2.5], "color": theme.LIGHT.ink},
                "hovertext": [f"n = {SECRET:.0f}"] * 2,
            },
            {
                "type": "scatter",
                "mode": "text",
                "y": names,
                "x": [38.0, 9.5],
                "text": ["\u200236%", "\u20028%*"],
                "textposition": "middle right",
            },
            {
                "type": "bar",
                "orientation": "h",
                "y": ["Other forms"],
                "x": [1.64],
                "marker": {"color": theme.LIGHT.hidden, "pattern": HATCH},
                "text": ["not shown"],
                "textposition": "outside",
            },
        ],
        "layout": layout(
            barmode="overlay",
            xaxis=theme.value_axis(theme.LIGHT, range=[0, 41.8], nticks=4, ticksuffix="%"),
            yaxis=theme.axis(
                theme.LIGHT,
                type="category",
                categoryorder="array",
                categoryarray=["Other forms", *names[::-1]],
            ),
        ),
    }


def stack() -> Figure:
    """Two rows of upright bars over quarters, one on the other."""
    quarters = ["2023-02-15", "2023-05-16", "2023-08-15", "2023-11-15"]
    rows = (("Housing", [0.881, 0.891, 0.9, 0.9], 0), ("All else", [1.236, 1.25, 1.263, 1.263], 1))
    return {
        "data": [
            {
                "type": "bar",
                "name": name,
                "x": quarters,
                "y": values,
                "marker": {"color": theme.LIGHT.categories[place], "opacity": [0.9, 0.9, 0.45, 0.45]},
            }
            for name, values, place in rows
        ],
        "layout": layout(
            barmode="stack",
            xaxis=theme.axis(theme.LIGHT, type="date", dtick="M12", tick0="2023-01-01", tickformat="%Y"),
            yaxis=theme.value_axis(theme.LIGHT, title={"text": "million dollars a quarter"}),
        ),
    }


def grid() -> Figure:
    """A heat map of two by two, one field not shown."""
    shades = theme.LIGHT.sequential[:2]
    return {
        "data": [
            {
                "type": "heatmap",
                "x": [0, 1],
                "y": [0, 1],
                "z": [[0, 1], [1, None]],
                "zmin": -0.5,
                "zmax": 1.5,
                "colorscale": [[0.0, shades[0]], [0.5, shades[0]], [0.5, shades[1]], [1.0, shades[1]]],
                "xgap": 2,
                "ygap": 2,
            },
            {
                "type": "scatter",
                "mode": "lines",
                "fill": "toself",
                "x": [0.55, 1.45, 1.45, 0.55, 0.55, None],
                "y": [0.55, 0.55, 1.45, 1.45, 0.55, None],
                "line": {"width": 0},
                "fillcolor": theme.LIGHT.hidden,
                "fillpattern": HATCH,
            },
        ],
        "layout": layout(
            xaxis=theme.axis(
                theme.LIGHT, tickvals=[0, 1], ticktext=["North", "South"], side="top", range=[-0.5, 1.5]
            ),
            yaxis=theme.axis(theme.LIGHT, tickvals=[0, 1], ticktext=["Beds", "Law"], range=[1.5, -0.5]),
            annotations=[
                {"x": 0, "y": 0, "text": "23%"},
                {"x": 1, "y": 0, "text": "31%*"},
                {"x": 0, "y": 1, "text": "44%"},
            ],
        ),
    }


def area(name: str, left: float, group: int | str) -> dict[str, Any]:
    corners = [(left, 0), (left + 1, 0), (left + 1, 1), (left, 1), (left, 0)]
    trace = {
        "type": "scatter",
        "mode": "lines",
        "fill": "toself",
        "x": [x for x, _ in corners],
        "y": [y for _, y in corners],
        "line": {"color": theme.LIGHT.paper, "width": 0.8},
        "meta": {"area": name},
        "text": f"<b>{name}</b><br>41 people",
        "legendgroup": str(group),
        "showlegend": True,
    }
    if group == "hidden":
        return trace | {"name": "not shown", "fillcolor": theme.LIGHT.hidden, "fillpattern": HATCH}
    return trace | {"name": f"class {group}", "fillcolor": theme.LIGHT.sequential[int(group)]}


def areas() -> Figure:
    """A map of two areas, one of them hidden."""
    return {
        "data": [
            area("Larkfield", 0, 3),
            area("Saltreach & Fen", 1, "hidden"),
            {
                "type": "scatter",
                "mode": "text",
                "x": [0.5, 1.5],
                "y": [0.5, 0.5],
                "text": ["Larkfield", "Saltreach &amp; Fen"],
                "textfont": {"size": 13, "color": [theme.LIGHT.paper, theme.LIGHT.ink]},
            },
        ],
        "layout": layout(
            xaxis={"range": [0, 2], "visible": False},
            yaxis={"range": [0, 1], "visible": False, "scaleanchor": "x"},
            showlegend=True,
            legend={"title": {"text": "Rate"}, "orientation": "v", "x": 1.01, "y": 1},
        ),
    }


def flow() -> Figure:
    """A flow of two bands."""
    return {
        "data": [
            {
                "type": "sankey",
                "domain": {"x": [0, 0.84]},
                "node": {
                    "x": [0.001, 0.9, 0.9],
                    "y": [0.5, 0.3, 0.8],
                    "color": [INK] * 3,
                    "customdata": ["made", "accepted", "declined"],
                    "pad": 20,
                    "thickness": 12,
                },
                "link": {
                    "source": [0, 0],
                    "target": [1, 2],
                    "value": [120.0, 45.0],
                    "color": [theme.transparent(INK, 0.3)] * 2,
                },
            }
        ],
        "layout": layout(
            annotations=[{"x": 0.9, "y": 0.7, "xref": "paper", "yref": "paper", "text": "Accepted 120"}]
        ),
    }


def funnel() -> Figure:
    """Signs in two colours between curves, on a logarithmic axis."""
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines",
                "fill": "toself",
                "name": "95 limits",
                "x": [100, 1000, 1000, 100],
                "y": [60.4, 55.5, 42.5, 40.5],
                "fillcolor": theme.transparent(theme.LIGHT.muted, 0.1),
                "line": {"width": 0},
            },
            {
                "type": "scatter",
                "mode": "markers",
                "name": "areas",
                "x": [200.0, 800.0],
                "y": [57.0, 48.0],
                "marker": {"size": [9, 9], "color": [INK, theme.LIGHT.neighbour], "line": {"width": [1, 1]}},
                "text": ["<b>Larkfield</b><br>57<br>above", "<b>Saltreach</b><br>48<br>about the same"],
            },
        ],
        "layout": layout(
            xaxis=theme.axis(
                theme.LIGHT, type="log", tickvals=[100, 1000], range=[2, 3], title={"text": "People"}
            ),
            yaxis=theme.value_axis(theme.LIGHT, rangemode="normal"),
        ),
    }


def table(rows: int = 3, columns: int = 3) -> Titled:
    """A table of numbers that stand for themselves."""
    body = tuple(
        tuple(["Area " + str(row)] + [f"{row * 10 + column:,}" for column in range(1, columns)])
        for row in range(rows)
    )
    names = ("Area", *(f"Measure {column}" for column in range(1, columns)))
    return Titled("Figures", Table(names, (False, *(True,) * (columns - 1)), body))


def slide(key: str, headline: str, **more: Any) -> Slide:
    given: dict[str, Any] = {
        "section": "Trends",
        "subtitle": "People identified · Whole region · 2016–2021 · by year",
        "caption": "9 of 90 numbers are hidden.",
        "source": "As of 31 December 2021. Numbers below 10 are not shown.",
        "alt": f"{headline} Lowest 96, highest 151.",
        "notes": ("My own note.", "Filters: Whole region · 2016–2021."),
        "link": "https://example.org/trends?period=2016-2021",
        "tables": (table(),),
    }
    return Slide(key=key, headline=headline, **(given | more))


def every_kind() -> Deck:
    """A briefing with one slide of each kind."""
    slides = (
        slide("trends/trend", "People identified rose from 96 in 2016 to 140 in 2020.", figure=trend()),
        slide(
            "people/forms",
            "The most common form is forced labour: 36%.",
            figure=bars(),
            chips=("Whole region",),
        ),
        slide("funding/cliff", "Money ends.", figure=stack(), section="Funding"),
        slide("gaps/matrix", "From 23% to 44% of needs were not met.", figure=grid(), section="Service gaps"),
        slide("geography/map", "Larkfield is above the others.", figure=areas(), section="Where"),
        slide(
            "pathway/flow", "Of 165 referrals made, 120 were accepted.", figure=flow(), section="Referrals"
        ),
        slide("geography/funnel", "One area is above.", figure=funnel(), section="Where"),
        slide("area/list", "Sixty areas.", tables=(table(60),), section="Tables"),
        slide("area/none", "What would be here", missing="Nothing was loaded.", tables=(), section="Tables"),
    )
    return deck(slides)


def attacks() -> Deck:
    """A briefing whose words try to be commands, markup or broken letters, and one that never ends."""
    slides = [
        slide(f"trends/{place}", words, figure=bars(), notes=(words,), chips=(words[:20],), caption=words)
        for place, words in enumerate(ATTACKS)
    ]
    slides.append(slide("trends/long", "Long " * 1_000, figure=trend(), notes=("note " * 20_000,)))
    return deck(tuple(slides), title=ATTACKS[0], place=ATTACKS[2], notices=ATTACKS)


def deck(slides: tuple[Slide, ...], **more: Any) -> Deck:
    given: dict[str, Any] = {
        "title": "Quarterly briefing",
        "place": "Tarrowmere",
        "period": "Whole region · 2016–2021",
        "as_of": "31 December 2021",
        "reported": "Reported is not prevalence.",
        "release_id": "release-0123456789ab",
        "version": "0.1.0",
        "next_update": "31 March 2022",
        "contact": "taskforce@example.org",
        "protection": "Small numbers are not shown.",
        "synthetic": "Synthetic data, fictional place.",
        "stamp": "For partners only",
    }
    return Deck(slides=slides, **(given | more))
