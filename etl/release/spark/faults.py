"""What can go wrong with Spark, in words; its own texts hold paths, plans and at times rows."""

from contextlib import suppress
from pathlib import Path

from pyspark.errors import PySparkException

from etl.errors import EtlError
from etl.release.spark import master as masters

#: What Spark's conditions and Java's errors mean here, by how their names begin; the first that
#: fits, so the one that says least stands last.
MEANING = {
    "PATH_NOT_FOUND": "it does not see what was written there",
    "FAILED_READ_FILE": "a worker could not read a file",
    "FileNotFoundException": "a worker could not find a file",
    "AccessControlException": "a worker may not read or write there",
    "AccessDeniedException": "a worker may not read or write there",
    "TASK_WRITE_FAILED": "a worker could not write a file",
    "OutOfMemoryError": "there was not enough memory",
    "Py4JNetworkError": "Java ended on this machine",
    "IllegalStateException": "nobody there took us up",
    "INVALID_HANDLE": "the server was started anew or has given up our session",
    "SparkConnectGrpcException": "the server is gone",
    "RpcError": "the server is gone",
    "SparkException": "a worker failed at its work again and again",
}


def is_of_spark(error: BaseException) -> bool:
    """Tell whether an error is one of Spark, of Java or of the way to them.

    py4j and grpc, through which PySpark speaks, have classes of their own; they are no dependency here.
    """
    return isinstance(error, PySparkException | OSError) or type(error).__module__.startswith(
        ("py4j", "grpc")
    )


def words(error: BaseException) -> str:
    """Return what an error means, and what Spark calls it; its text is not repeated."""
    names = _names(error)
    for beginning, meaning in MEANING.items():
        for name in names:
            if name.startswith(beginning):
                return f"{meaning} ({name})"
    return f"Spark calls it {names[0]}"


def _names(error: BaseException) -> list[str]:
    """Return what an error and its causes are called, the most telling first."""
    found: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(found) < 20:
        with suppress(Exception):  # asked of Java, which may be gone
            found.append(str(seen.getCondition() or ""))  # type: ignore[attr-defined]
        with suppress(Exception):
            java = getattr(seen, "java_exception", None) or getattr(seen, "_origin", None)
            while java is not None and len(found) < 20:
                found.append(str(java.getClass().getSimpleName()))
                java = java.getCause()
        found.append(type(seen).__name__)
        seen = getattr(seen, "_cause", None) or seen.__cause__
    return [name for name in found if name]


def no_start(master: str, why: str) -> EtlError:
    """Return the refusal where there is no session."""
    return EtlError(
        f"Spark at {masters.shown(master)} did not start: {why}. The last release is unchanged.",
        "Is that a Spark master of the version that this environment has? Look at its log, then: "
        f"{masters.again(master)}",
    )


def no_worker(master: str, seconds: int) -> EtlError:
    """Return the refusal where nobody takes the first job."""
    return EtlError(
        f"Spark at {masters.shown(master)} has no worker for us: none took a job within {seconds} seconds. "
        "The last release is unchanged.",
        "Look at the master's own page: is a worker alive, with a free core and memory for an executor "
        f"(spark.executor.memory), and does it reach this machine? Then: {masters.again(master)}",
    )


def no_folder(master: str, folder: Path, why: str) -> EtlError:
    """Return the refusal where a worker does not have our folder."""
    return EtlError(
        f"Spark at {masters.shown(master)} cannot work in {folder.parent.parent}: {why}. The last release is "
        "unchanged.",
        "All workers, and the server of Spark Connect, must see that folder under this path and run as this "
        f"user (docs/scale.md says how). Then: {masters.again(master)}",
    )


def not_finished(master: str, folder: Path, why: str) -> EtlError:
    """Return the refusal where counting broke off."""
    return EtlError(
        f"Spark at {masters.shown(master)} did not finish: {why}. The last release is unchanged.",
        f"Do all workers see {folder.parent.parent} under this path, as this user, and have they "
        f"space and memory? Then: {masters.again(master)}",
    )
