"""Starts and ends Spark; what it writes on the way stays in one folder of the restricted zone."""

import os
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from pyspark.sql import SparkSession

from etl.errors import EtlError
from etl.release.spark import master as masters

START_SECONDS = 300
DRIVER_MEMORY = "2g"
Result = TypeVar("Result")
#: What the program asks of every Spark. Nothing of a record may outlive the session or be seen beside it: no
#: page of the running job, no log of its events; what does not fit into memory lies on disks encrypted.
SETTINGS = {
    "spark.app.name": "release",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.eventLog.enabled": "false",
    "spark.io.encryption.enabled": "true",
    "spark.driver.memory": DRIVER_MEMORY,
    "spark.log.level": "ERROR",
}


@contextmanager
def session_at(master: str, folder: Path) -> Iterator[SparkSession]:
    """Start a session and end it, whatever happens.

    Parameters
    ----------
    master
        As `etl.release.spark.master.checked` returned it.
    folder
        Where Spark may write.

    Raises
    ------
    EtlError
        When there is no session, or no worker takes a job, within five minutes.
    """
    session = _in_time(lambda: _started(master, folder), master)
    try:
        _in_time(lambda: session.range(1).count(), master)
        yield session
    finally:
        # A session whose master is gone cannot be ended in good order; the process's end takes it along.
        with suppress(Exception):
            session.stop()


def _started(master: str, folder: Path) -> SparkSession:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of PySpark, about versions of pandas, which is not used here
        if masters.is_connect(master):
            return SparkSession.builder.remote(master).getOrCreate()
        builder = SparkSession.builder.master(master)
        places = {"spark.sql.warehouse.dir": str(folder / "warehouse")}
        if masters.is_local(master):
            places["spark.local.dir"] = str(folder / "spill")
            places |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
        for name, value in {**SETTINGS, **places}.items():
            builder = builder.config(name, value)
        with _quiet(folder / "spark.log"):
            return builder.getOrCreate()


@contextmanager
def _quiet(log: Path) -> Iterator[None]:
    """Let Java write to a file what it would write between our own lines: it inherits where errors go."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with log.open("ab") as file:
            os.dup2(file.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _in_time(work: Callable[[], Result], master: str) -> Result:
    """Do something that may wait for ever, in a thread that nobody has to wait for.

    Raises
    ------
    EtlError
        When it failed, or took longer than five minutes.
    """
    results: list[Result] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            results.append(work())
        except Exception as error:  # told below, in the thread that is waited for
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(START_SECONDS)
    if results:
        return results[0]
    why = condition(errors[0]) if errors else f"no worker took a job within {START_SECONDS // 60} minutes"
    raise EtlError(
        f"Spark at {master} did not start: {why}. The last release is unchanged.",
        "Look at the master's own page for workers that are alive, then: "
        f"python -m etl release --engine spark --master '{master}'",
    )


def condition(error: BaseException) -> str:
    """Return what Spark calls an error; its text may hold paths and plans, and is not repeated."""
    name = getattr(error, "getCondition", lambda: None)()
    return str(name or type(error).__name__)
