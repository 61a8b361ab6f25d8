"""The first start, in an empty home: a made-up region, an empty sheet, or a sheet of one's own."""

import functools
import tempfile
from pathlib import Path

import streamlit as st

from etl import template_workbook
from etl.config import Home
from etl.contracts.tables import contract, table_names
from etl.contracts.tallies import TABLES as TALLIES
from etl.desk import dashboard, engine, jobs
from etl.store import warehouse

KIND = "demonstration"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TABLE, _TALLY = "start_table", "start_tally"
_USUAL = "person"
READY = "The made-up region is ready. Nobody in it is real; your own records take its place."


def is_empty(home: Path) -> bool:
    """Tell whether a home holds neither records nor a release."""
    return not warehouse.holds_something(Home(home)) and not (home / "release").exists()


def show(home: Path) -> None:
    """Draw the three choices where a home is empty, and the made-up region while and after it is built."""
    is_busy = jobs.watch(home)
    job = jobs.ended(home, demonstration=READY)
    if job is not None and job.outcome is not None:
        dashboard.offer(home)
    if not is_empty(home):
        return
    st.write("Nothing is loaded yet. There are three ways to begin.")
    with st.container(border=True):
        st.subheader("Try the made-up region")
        st.write("A region that does not exist, with every page filled, to see what the dashboard can say.")
        st.button(
            "Build the made-up region",
            key="start_demonstration",
            disabled=is_busy,
            on_click=_begin,
            args=(home, jobs.newest(home)),
        )
        st.caption("It takes a few minutes.")
    with st.container(border=True):
        st.subheader("Start from an empty sheet")
        empty_sheet()
    with st.container(border=True):
        st.subheader("Load ours")
        st.write("A workbook or a CSV file as you keep it: choose it below.")


def empty_sheet() -> None:
    """Offer an empty workbook for a table, with every column and code explained."""
    names = list(table_names())
    table = st.selectbox(
        "What your rows are",
        names,
        index=names.index(_USUAL),
        format_func=lambda name: contract(name).label,
        key=_TABLE,
        persist_state="session",
    )
    is_tally = table in TALLIES and st.checkbox(
        "We keep numbers for each month, and no list of single records", key=_TALLY, persist_state="session"
    )
    with engine.refusals():
        data = _workbook(table, is_tally=is_tally)
        st.download_button(
            "Download the empty sheet",
            data,
            f"{table}.xlsx",
            WORKBOOK,
            key="start_download",
            on_click="ignore",
        )


@functools.lru_cache(maxsize=8)
def _workbook(table: str, *, is_tally: bool) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        workbook, _ = template_workbook.write(table, Path(folder) / f"{table}.xlsx", is_tally)
        return workbook.read_bytes()


def _begin(home: Path, after: jobs.Job | None) -> None:
    job = jobs.Job(KIND, "Build the made-up region", jobs.command(home, "build", "--demo"))
    jobs.begin(home, job, after=after)
