"""The page that ours is measured beside: four charts of the same persons, written as Dash's tutorial does.

python -m tests.benchmarks.dash_page persons.parquet 8050     # needs Dash: the extra `bench`
"""

import logging
import sys

import duckdb
import plotly.graph_objects as go
from dash import Dash, Input, Output, dcc, html

EVERYWHERE = "Whole region"
CHARTS = ("year", "gender", "age_group", "citizenship_group")


def figure(connection: duckdb.DuckDBPyConnection, column: str, first: int, area: str) -> go.Figure:
    """Count the persons since a year, in an area or everywhere, by one column."""
    rows = connection.execute(
        f"SELECT {column}::VARCHAR AS name, count(*) AS persons FROM person "
        "WHERE year >= $first AND ($area = $everywhere OR area = $area) GROUP BY 1 ORDER BY 1",
        {"first": first, "area": area, "everywhere": EVERYWHERE},
    ).fetchall()
    names, persons = [name for name, _ in rows], [count for _, count in rows]
    mark = go.Scatter(x=names, y=persons) if column == "year" else go.Bar(x=names, y=persons)
    return go.Figure(mark, layout={"title": column, "height": 360})


def page(file: str) -> Dash:
    """Return the application over a file of persons."""
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE person AS SELECT * FROM read_parquet('{file}')")
    years = [year for (year,) in connection.execute("SELECT DISTINCT year FROM person ORDER BY 1").fetchall()]
    areas = [
        area
        for (area,) in connection.execute(
            "SELECT DISTINCT area FROM person WHERE area IS NOT NULL ORDER BY 1"
        ).fetchall()
    ]
    app = Dash()
    app.layout = html.Div(
        [
            html.H1("Trends"),
            html.Label("From"),
            dcc.Dropdown(years, years[0], id="From", clearable=False, maxHeight=600),
            html.Label("Area"),
            dcc.Dropdown(
                [EVERYWHERE, *areas], EVERYWHERE, id="Area", clearable=False, searchable=False, maxHeight=600
            ),
            *(dcc.Graph(id=column) for column in CHARTS),
        ]
    )

    @app.callback(
        [Output(column, "figure") for column in CHARTS], Input("From", "value"), Input("Area", "value")
    )
    def draw(first: int, area: str) -> list[go.Figure]:
        cursor = connection.cursor()
        return [figure(cursor, column, first, area) for column in CHARTS]

    return app


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line for each request would hide the table
    page(sys.argv[1]).run(host="127.0.0.1", port=int(sys.argv[2]), debug=False)
