"""Spark whose driver is here: on this machine alone, or with the workers of a cluster."""

import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pyspark import SparkConf, SparkContext
from pyspark.sql import SparkSession

from etl.release.spark import master as masters

DRIVER_MEMORY = "2g"
#: What the program asks of Spark beside what keeps records private (`etl.release.spark.master.PRIVATE`).
SETTINGS = {
    **masters.PRIVATE,
    "spark.app.name": "release",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.memory": DRIVER_MEMORY,
    "spark.log.level": "ERROR",
}

#: Variables by which a shell names another Spark than the one that was asked for.
OTHERS = ("SPARK_REMOTE", "SPARK_CONNECT_MODE_ENABLED")


def started(master: str, folder: Path) -> tuple[SparkSession, Callable[[], bool], Callable[[], None]]:
    """Start Java and with it a driver of Spark; return what `etl.release.spark.session.Running` holds."""
    settings = {**SETTINGS, "spark.master": master, "spark.sql.warehouse.dir": str(folder / "warehouse")}
    if masters.is_local(master):
        settings["spark.local.dir"] = str(folder / "spill")
        settings |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    with warnings.catch_warnings(), _without(OTHERS), _quiet(folder / "spark.log"):
        warnings.simplefilter("ignore")  # of PySpark, about versions of pandas, which is not used here
        # Not by PySpark's builder, which would also take up a session that somebody else began.
        context = SparkContext(conf=SparkConf().setAll(list(settings.items())))
        session = SparkSession(context)
    tracker = context.statusTracker()

    def is_waiting() -> bool:
        stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
        return any(stages) and not any(stage.numActiveTasks for stage in stages if stage)

    return session, is_waiting, session.stop


@contextmanager
def _without(names: Iterable[str]) -> Iterator[None]:
    """Take variables away from what is started meanwhile."""
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)


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
