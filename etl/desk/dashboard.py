"""The dashboard beside the desk: a process of its own that knows a release and nothing of the records.

It listens on this machine alone and ends with the desk, however that ends: its input is a pipe from here.
"""

import atexit
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import streamlit as st

from etl.config import PROJECT, home_at
from etl.desk import engine
from etl.errors import EtlError
from etl.progress import Progress

HOST, USUAL_PORT, TRIED = "127.0.0.1", 8501, 20
_READY = "Ready."  # how the line begins that says that it answers (`ui.app.serve`)
_OURS = "LTT_"  # what the desk was started with is not for the dashboard: above all its key

_served: dict[Path, tuple["subprocess.Popen[str]", str]] = {}


def address(home: Path) -> str:
    """Return where the dashboard of a home is open; empty where it is not."""
    process, url = _served.get(home, (None, ""))
    return url if process is not None and process.poll() is None else ""


def offer(home: Path) -> None:
    """Offer to open the dashboard, or lead to it."""
    if not address(home) and st.button("Open the dashboard", key="dashboard_open", type="primary"):
        engine.worked(lambda progress: _open(home, progress))
        if address(home):
            st.rerun()
    if url := address(home):
        st.link_button("Go to the dashboard", url, type="primary")
        st.caption(f"It is open at {url}, on this machine alone, and ends with the desk.")
    st.caption(f"Without the desk: {engine.plain(command(home))}")


def command(home: Path) -> str:
    """Return the command line that opens the dashboard of a home."""
    return f"make run DATA={home}"


def stop() -> None:
    """End every dashboard that the desk has opened."""
    for process, _ in _served.values():
        process.terminate()
    for process, _ in _served.values():
        process.wait()
    _served.clear()


atexit.register(stop)


def _open(home: Path, progress: Progress) -> None:
    """Start the dashboard and wait until it answers.

    Raises
    ------
    EtlError
        When it does not start.
    """
    progress.start("Open the dashboard")
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.app.serve", "--end-with-input"],  # `ui.app.serve.ENDS_WITH_INPUT`
        cwd=PROJECT,
        env=_surroundings(home, port),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    # Before it answers: whatever happens meanwhile, it ends with the desk.
    _served[home] = (process, f"http://{HOST}:{port}")
    assert process.stdout is not None
    if not any(line.startswith(_READY) for line in process.stdout):
        process.wait()
        raise EtlError("The dashboard did not start.", command(home))
    # What it says later is read as well: a full pipe would stop it.
    threading.Thread(target=process.stdout.read, daemon=True).start()


def _surroundings(home: Path, port: int) -> dict[str, str]:
    """Return the variables of the process: the public release, this machine, no window of its own."""
    given = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return {
        **given,
        "LTT_RELEASE": str(home_at(home).release("public")),
        "LTT_HOST": HOST,
        "LTT_OPEN": "0",
        "PORT": str(port),
    }


def _free_port() -> int:
    for port in range(USUAL_PORT, USUAL_PORT + TRIED):
        with socket.socket() as tried:
            try:
                tried.bind((HOST, port))
            except OSError:
                continue
            return port
    raise EtlError(
        f"Ports {USUAL_PORT} to {USUAL_PORT + TRIED - 1} are all in use.", "Close a dashboard, then again."
    )
