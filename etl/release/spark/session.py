"""Starts and ends Spark; what it writes on the way stays in one folder of the restricted zone."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import SparkSession

from etl.release.spark import faults, patience
from etl.release.spark import master as masters
from etl.release.spark.patience import NothingHappensError, Result, in_time

#: What every Spark is told about what it reads and writes. A cluster may have been told otherwise, and would
#: then leave out a file that it cannot find, or let a sum run over.
RULES = {
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parquet.compression.codec": "snappy",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "true",
}


@dataclass(frozen=True)
class Running:
    """A session of Spark.

    Parameters
    ----------
    session
        PySpark's own.
    is_waiting
        Tells whether there is work that no worker has taken.
    stop
        Ends it, and what it still does.
    """

    session: SparkSession
    is_waiting: Callable[[], bool]
    stop: Callable[[], None]

    def watched(self, work: Callable[[], Result]) -> Result:
        """Do something with the session.

        Raises
        ------
        NothingHappensError
            When work lay there for two minutes and no worker took it.
        """
        return in_time(work, patience.WORKER_SECONDS, self.is_waiting)


@contextmanager
def session_at(master: str, folder: Path) -> Iterator[Running]:
    """Start a session and end it, whatever happens.

    Parameters
    ----------
    master
        As `etl.release.spark.master.checked` returned it.
    folder
        Where Spark may write, and where all of its workers must be able to.

    Raises
    ------
    EtlError
        When there is no session, no worker takes a job, or it cannot read and write in the folder.
    """
    try:
        running = in_time(lambda: _started(master, folder), patience.START_SECONDS)
    except NothingHappensError as error:
        raise faults.no_start(master, f"it did not answer within {patience.START_SECONDS} seconds") from error
    except Exception as error:
        if not faults.is_of_spark(error):
            raise
        raise faults.no_start(master, faults.words(error)) from error
    try:
        for name, value in RULES.items():
            running.session.conf.set(name, value)
        _meet(running, master, folder)
        yield running
    finally:
        # A session whose master is gone cannot be ended in good order; the process's end takes it along.
        with suppress(Exception):
            in_time(running.stop, patience.STOP_SECONDS)


def _started(master: str, folder: Path) -> Running:
    # Each imports libraries that the other's readers may lack.
    if masters.is_connect(master):
        from etl.release.spark import connect  # noqa: PLC0415

        return Running(*connect.started(master))
    from etl.release.spark import classic  # noqa: PLC0415

    return Running(*classic.started(master, folder))


def _meet(running: Running, master: str, folder: Path) -> None:
    """Let a worker read a file of ours and write it down again: do we see the same folder?

    Raises
    ------
    EtlError
        When no worker came, or it has another folder.
    """
    sent, came, word = folder / "sent", folder / "came", secrets.token_hex(8)
    sent.write_text(word, encoding="utf-8")
    try:
        in_time(
            lambda: running.session.read.text(to_read(sent)).write.text(to_write(came)),
            patience.WORKER_SECONDS,
        )
    except NothingHappensError as error:
        raise faults.no_worker(master, patience.MEET_SECONDS) from error
    except Exception as error:
        if not faults.is_of_spark(error):
            raise
        raise faults.no_folder(master, folder, faults.words(error)) from error
    back = "".join(part.read_text("utf-8") for part in came.glob("part-*")).strip() if came.exists() else ""
    if back != word:
        raise faults.no_folder(master, folder, "what a worker wrote there did not arrive here")


def to_read(path: Path) -> str:
    """Return the address of a file or folder from which Spark reads.

    A cluster may keep its files elsewhere by default, so the kind of disk is said; and what a path has in
    common with a pattern is marked as its own.

    >>> to_read(Path("/data/county [2]"))
    'file:///data/county \\\\[2\\\\]'
    """
    return to_write(Path("".join(f"\\{letter}" if letter in "\\[]{}*?" else letter for letter in str(path))))


def to_write(path: Path) -> str:
    """Return the address of a folder into which Spark writes: there it looks for no pattern."""
    return f"file://{path}"
