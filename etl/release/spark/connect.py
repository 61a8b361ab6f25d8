"""Spark whose driver is a server elsewhere, spoken to by Spark Connect: no Java here."""

import logging
import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, cast

import grpc
import pyspark
from pyspark.sql import SparkSession

from etl.errors import EtlError
from etl.release.spark import master as masters

#: A call that finds no server is made again after 0.05, 0.2, 0.8, 3.2, 5, 5, 5 and 5 seconds, and then is a
#: failure: PySpark's own patience is ten minutes, and a server that was started anew knows nothing of us.
MAX_RETRIES, MAX_BACKOFF_MS = 8, 5000


def started(master: str) -> tuple[SparkSession, Callable[[], bool], Callable[[], None]]:
    """Open a session at a server; return what `etl.release.spark.session.Running` holds.

    Raises
    ------
    EtlError
        When who answers is no such server, has another version, or would keep what it must not.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of PySpark, about versions of pandas, which is not used here
        from pyspark.sql.connect.client import DefaultChannelBuilder  # noqa: PLC0415
        from pyspark.sql.connect.client.retries import DefaultPolicy  # noqa: PLC0415
        from pyspark.sql.connect.session import SparkSession as RemoteSession  # noqa: PLC0415
    # What it tells of its attempts would stand between our own lines.
    logging.getLogger("pyspark.sql.connect.logging").setLevel(logging.CRITICAL)
    # ... and it warns, in threads of its own, that they were in vain: that is told by the error itself.
    warnings.filterwarnings("ignore", message=r"\[RETRIES_EXCEEDED\]")
    _greet(DefaultChannelBuilder(master), master)
    # Not by PySpark's builder: it marks the whole process as one that has no Java.
    session = RemoteSession(master)
    client = session.client
    client.set_retry_policies([DefaultPolicy(max_retries=MAX_RETRIES, max_backoff=MAX_BACKOFF_MS)])

    def stop() -> None:
        with suppress(Exception):
            session.interruptAll()  # what still runs would go on writing
        session.stop()

    try:
        refuse_other_version(session.version, master)
        refuse_what_stays(session, master)
    except BaseException:
        client.close()
        raise
    watch = Watch()
    session.registerProgressHandler(cast(Any, watch))  # checked the same where PySpark is not installed
    return cast(SparkSession, session), watch.is_waiting, stop


class Watch:
    """Remembers what the server last told of its work; it tells when something changes."""

    def __init__(self) -> None:
        self._is_waiting = False

    def __call__(
        self, stages: Iterable[Any] | None, inflight_tasks: int, operation_id: str | None, done: bool
    ) -> None:
        """Hear how many tasks are at work, as PySpark tells it."""
        is_left = any(stage.num_completed_tasks < stage.num_tasks for stage in stages or ())
        self._is_waiting = is_left and not inflight_tasks and not done

    def is_waiting(self) -> bool:
        """Tell whether there is work that no worker has taken."""
        return self._is_waiting


def _greet(builder: Any, master: str) -> None:
    """Find out whether somebody speaks gRPC there: a call would be made again and again for minutes."""
    channel = builder.toChannel()
    try:
        grpc.channel_ready_future(channel).result(timeout=masters.REACH_SECONDS)
    except grpc.FutureTimeoutError as error:
        raise EtlError(
            f"Who answers at {masters.shown(master)} is no server of Spark Connect that this program can "
            "speak to. The last release is unchanged.",
            "Correct --master (and ;use_ssl=true in it, where the server has a certificate), then: "
            f"{masters.again(master)}",
        ) from error
    finally:
        channel.close()


def refuse_other_version(there: str, master: str) -> None:
    """Refuse a server whose statements may mean something else.

    Raises
    ------
    EtlError
        When the first number of its version is not ours.
    """
    here = pyspark.__version__
    if there.split(".", maxsplit=1)[0] != here.split(".")[0]:
        raise EtlError(
            f"Spark at {masters.shown(master)} is version {there}; this environment has PySpark {here}, and "
            "only the same first number is sure to mean the same. The last release is unchanged.",
            f"Start a Spark {here.split('.')[0]} there, then: {masters.again(master)}",
        )


def refuse_what_stays(session: Any, master: str) -> None:
    """Refuse a server that keeps or shows what `etl.release.spark.master.PRIVATE` forbids: it is asked.

    Raises
    ------
    EtlError
        Naming what it must be started with.
    """
    wrong = [
        f"{name}={value}"
        for name, value in masters.PRIVATE.items()
        if session.conf.get(name, masters.BY_DEFAULT[name]).lower() != value
    ]
    if wrong:
        raise EtlError(
            f"The server at {masters.shown(master)} would keep or show something of the records: it was not "
            f"started with {', '.join(wrong)}. The last release is unchanged.",
            f"Start it with {' '.join(f'--conf {one}' for one in wrong)}, then: {masters.again(master)}",
        )
