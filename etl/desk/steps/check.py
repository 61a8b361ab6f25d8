"""Check."""

import streamlit as st

from etl.desk.state import Desk

NAME = "Check"


def state(desk: Desk) -> str:
    """Return where this step stands."""
    return "" if desk.upload is None else desk.upload.name


def show(desk: Desk) -> None:
    """Draw the step."""
    st.write("Choose a file first." if desk.upload is None else "A file is open.")
