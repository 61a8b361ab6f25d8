"""Four charts of persons as anybody would write them, for the pages that ours is measured beside."""

import duckdb
import plotly.graph_objects as go

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


def opened(file: str) -> duckdb.DuckDBPyConnection:
    """Return a connection that holds the persons of a file."""
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE person AS SELECT * FROM read_parquet('{file}')")
    return connection


def choices(connection: duckdb.DuckDBPyConnection) -> tuple[list[int], list[str]]:
    """Return the years and the areas that can be chosen."""
    years = connection.execute("SELECT DISTINCT year FROM person ORDER BY 1").fetchall()
    areas = connection.execute(
        "SELECT DISTINCT area FROM person WHERE area IS NOT NULL ORDER BY 1"
    ).fetchall()
    return [year for (year,) in years], [area for (area,) in areas]
