"""Starts a Spark that is not in this process, on this machine: a master, its workers, a server of Connect."""

import os
import re
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pyspark
import pytest

HOST = "127.0.0.1"
SPARK = Path(pyspark.__file__).parent
PATIENCE_SECONDS = 120
MASTER = "org.apache.spark.deploy.master.Master"
WORKER = "org.apache.spark.deploy.worker.Worker"
SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"


class Place:
    """A process of Spark that said where it is.

    Parameters
    ----------
    command
        What starts it.
    folder
        Where it writes.
    says
        What it logs when it is ready, with its address as the first group.
    """

    def __init__(self, command: list[str], folder: Path, says: str) -> None:
        folder.mkdir(exist_ok=True)
        names = ("SPARK_REMOTE", "SPARK_CONF_DIR")
        environment = {name: value for name, value in os.environ.items() if name not in names}
        environment |= {
            "SPARK_HOME": str(SPARK),
            "SPARK_LOCAL_IP": HOST,
            "SPARK_LOCAL_DIRS": str(folder),
            "SPARK_DAEMON_MEMORY": "640m",
            "SPARK_MASTER_OPTS": "-Dspark.master.rest.enabled=false",
        }
        self.address, self._last = "", deque[str](maxlen=20)
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, text=True, stderr=subprocess.PIPE, start_new_session=True
        )
        self._is_ready = threading.Event()
        self._reader = threading.Thread(target=self._read, args=[re.compile(says)], daemon=True)
        self._reader.start()
        if not self._is_ready.wait(PATIENCE_SECONDS) or not self.address:
            self.end()
            pytest.fail(f"{says} was not said: {''.join(self._last)}")

    def _read(self, says: re.Pattern[str]) -> None:
        with self.process.stderr or nullcontext(()) as lines:
            for line in lines:
                self._last.append(line)
                if not self.address and (found := says.search(line)):
                    self.address = found[1]
                    self._is_ready.set()
        self._is_ready.set()

    def end(self) -> None:
        """Kill it and what it started, as when a machine loses its power."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._reader.join(PATIENCE_SECONDS)


@contextmanager
def ended(place: Place) -> Iterator[Place]:
    try:
        yield place
    finally:
        place.end()


def master(folder: Path) -> Place:
    """Start a standalone master without workers."""
    command = [str(SPARK / "bin" / "spark-class"), MASTER, "--host", HOST, "--port", "0", "--webui-port", "0"]
    return Place(command, folder, r"Starting Spark master at (spark://\S+)")


def worker(of: Place, folder: Path) -> Place:
    """Start a worker with one core."""
    command = [str(SPARK / "bin" / "spark-class"), WORKER, "--host", HOST, "--webui-port", "0"]
    command += ["--cores", "1", "--memory", "1024m", "--work-dir", str(folder), of.address]
    return Place(command, folder, r"Successfully registered with master (\S+)")


def server(folder: Path, **settings: str) -> Place:
    """Start a server of Spark Connect that counts by itself, as docs/scale.md says it is started."""
    command = [str(SPARK / "bin" / "spark-submit"), "--class", SERVER, "--master", "local[1]"]
    told = {
        "spark.connect.grpc.binding.address": HOST,
        "spark.connect.grpc.binding.port": "0",
        "spark.ui.enabled": "false",
        "spark.io.encryption.enabled": "true",
        **settings,
    }
    for name, value in told.items():
        command += ["--conf", f"{name}={value}"]
    place = Place([*command, "spark-internal"], folder, r"Spark Connect server started at: (\S+)")
    place.address = f"sc://{place.address}"
    return place
