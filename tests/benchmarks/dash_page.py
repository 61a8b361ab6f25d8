"""The page that ours is measured beside: four charts of the same persons, written as Dash's tutorial does.

python -m tests.benchmarks.dash_page persons.parquet 8050     # needs Dash: the extra `bench`
"""

import logging
import sys

import plotly.graph_objects as go
from dash import Dash, Input, Output, dcc, html

from tests.benchmarks.four_charts import CHARTS, EVERYWHERE, choices, figure, opened


def page(file: str) -> Dash:
    """Return the application over a file of persons."""
    connection = opened(file)
    years, areas = choices(connection)
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
