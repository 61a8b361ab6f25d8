"""What a chart function returns: a Plotly figure as plain values, checked in the tests and not on a page."""

from typing import Any

from plotly.basedatatypes import BaseFigure

Figure = dict[str, Any]
"""``{"data": [trace, …], "layout": {…}}``."""


class Checked(BaseFigure):
    """A figure that Streamlit sends as it is.

    `st.plotly_chart` builds a `plotly.graph_objects.Figure` from a dict to validate it, some ten milliseconds
    a chart; of any figure object it only asks `to_dict`. That chart functions return valid figures is what
    their tests show.
    """

    def __init__(self, figure: Figure) -> None:
        self.__dict__["figure"] = figure  # the base class would look the name up among its traces

    def to_dict(self) -> Figure:
        """Return the plain values."""
        return self.__dict__["figure"]
