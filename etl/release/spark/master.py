"""Which Spark, and what it needs here: looked at before anything starts, so that an error is a sentence."""

import importlib.util
import os
import re
import shutil
import socket
import subprocess
from pathlib import Path

from etl.errors import EtlError, UsageError

DEFAULT = "local[*]"
PORTS = {"spark": 7077, "sc": 15002}
REACH_SECONDS = 10
JAVA = 17
_LOCAL = re.compile(r"local(\[(\*|[1-9]\d{0,3})\])?|local-cluster\[[1-9]\d{0,2},[1-9]\d{0,2},[1-9]\d{2,5}\]")
_DISTANT = re.compile(r"(spark|sc)://([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::(\d{1,5}))?(/[\w;=./-]*)?")
#: What keeps what passes through Spark from staying beside it: no page of the running job, no log of its
#: events; what does not fit into memory lies on disks encrypted. And what a Spark does when nobody says so.
PRIVATE = {
    "spark.ui.enabled": "false",
    "spark.eventLog.enabled": "false",
    "spark.io.encryption.enabled": "true",
}
BY_DEFAULT = {
    "spark.ui.enabled": "true",
    "spark.eventLog.enabled": "false",
    "spark.io.encryption.enabled": "false",
}
INSTALL = "python -m pip install --require-hashes -r requirements-spark.lock"


def checked(master: str) -> str:
    """Return the address of a Spark master.

    Raises
    ------
    UsageError
        When it is none that this command speaks to.
    """
    if _LOCAL.fullmatch(master) or all(_DISTANT.fullmatch(one) for one in _each(master)):
        return master
    raise UsageError(
        f"--master {shown(master)!r} is no address of Spark. Allowed: local[2] (cores of this machine), "
        "spark://HOST:7077 (a cluster), sc://HOST:15002 (Spark Connect).",
        f"python -m etl release --engine spark --master '{DEFAULT}'",
    )


def is_connect(master: str) -> bool:
    """Tell whether a master is spoken to by Spark Connect: then no Java is needed here."""
    return master.startswith("sc://")


def is_local(master: str) -> bool:
    """Tell whether all of Spark runs on this machine."""
    return bool(_LOCAL.fullmatch(master))


def shown(master: str) -> str:
    """Return an address as a message may hold it: a message is pasted into e-mails, a token must not be.

    >>> shown("sc://spark.example:443/;use_ssl=true;token=abc")
    'sc://spark.example:443/;use_ssl=true;token=…'
    """
    return re.sub(r"token=[^;]*", "token=…", master)


def again(master: str) -> str:
    """Return the command with which a release on that Spark is tried again."""
    return f"python -m etl release --engine spark --master '{shown(master)}'"


def require(master: str) -> None:
    """Refuse to go on where a library, Java or the master is missing.

    Raises
    ------
    EtlError
        Naming what is missing and the next command.
    """
    libraries = {"pyspark": "PySpark", "sqlglot": "sqlglot"} | (
        {"grpc": "grpcio"} if is_connect(master) else {}
    )
    missing = [name for module, name in libraries.items() if importlib.util.find_spec(module) is None]
    if missing:
        raise EtlError(
            f"The release on Spark needs {' and '.join(missing)}, which this environment lacks.",
            f"{INSTALL}, then: {again(master)}",
        )
    if not is_connect(master):
        _require_java(master)
    if not is_local(master):
        _reach(master)


def _require_java(master: str) -> None:
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else shutil.which("java")
    cure = f"sudo apt install default-jre-headless (or set JAVA_HOME), then: {again(master)}"
    found = None
    if java and Path(java).is_file():
        told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)  # noqa: S603
        found = re.search(r'version "(\d+)', told.stderr + told.stdout)
    if found is None:
        raise EtlError(f"The release on Spark needs Java {JAVA} or newer, and there is none here.", cure)
    if int(found[1]) < JAVA:
        raise EtlError(f"The release on Spark needs Java {JAVA} or newer; this is Java {found[1]}.", cure)


def _reach(master: str) -> None:
    """Knock at the master: Spark itself would try for minutes and then say something else."""
    tried = []
    for one in _each(master):
        scheme, host, port, _ = _DISTANT.fullmatch(one).groups()  # type: ignore[union-attr]
        number = int(port or PORTS[scheme])
        try:
            with socket.create_connection((host.strip("[]"), number), timeout=REACH_SECONDS):
                return
        except (OSError, OverflowError):
            tried.append(f"{host}:{number}")
    raise EtlError(
        f"Nobody answers at {', '.join(tried)}: the Spark master is not there, or may not be reached from "
        "here. The last release is unchanged.",
        f"Correct --master, or start Spark, then: {again(master)}",
    )


def _each(master: str) -> list[str]:
    """Return the addresses of a master and of those that stand in for it: ``spark://a:7077,b:7077``."""
    scheme, separator, hosts = master.partition("://")
    return [f"{scheme}{separator}{host}" for host in hosts.split(",")] if scheme == "spark" else [master]
