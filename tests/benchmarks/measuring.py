"""How benchmarks measure and print: one line a number, processor time first, for the machine may be busy."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
MIB = 2**20


def say(name: str, value: float, unit: str = "") -> None:
    """Print one line: ``name: value unit``."""
    shown = f"{value:,.{2 if abs(value) < 10 else 1}f}" if isinstance(value, float) else f"{value:,}"
    print(f"{name}: {shown} {unit}".rstrip(), flush=True)


def processor_seconds() -> float:
    """Return the processor time of this process and of all its ended children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Print the processor and wall time of a block."""
    used, started = processor_seconds(), time.perf_counter()
    yield
    say(f"{name}, processor", processor_seconds() - used, "s")
    say(f"{name}, wall", time.perf_counter() - started, "s")


@dataclass(frozen=True)
class Used:
    """What a process took: seconds of the processor and of the wall clock, and MiB at its peak."""

    processor: float
    wall: float
    peak: int


def run_etl(name: str, arguments: Sequence[str | Path]) -> Used:
    """Run ``python -m etl`` (see `run_python`)."""
    return run_python(name, ["-m", "etl", *arguments])


def run_python(name: str, arguments: Sequence[str | Path]) -> Used:
    """Run Python on its own; print and return its processor time, wall time and peak memory.

    Raises
    ------
    SystemExit
        When the command failed; its own words are printed.
    """
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        said = process.stdout.read() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{name} failed:\n{said}")
    took = Used(used.ru_utime + used.ru_stime, time.perf_counter() - started, used.ru_maxrss // 1024)
    say(f"{name}, processor", took.processor, "s")
    say(f"{name}, wall", took.wall, "s")
    say(f"{name}, peak memory", took.peak, "MiB")
    return took


def say_load() -> None:
    """Print how busy the machine is: numbers of a busy machine are not compared."""
    say("load average, 1 minute", os.getloadavg()[0], f"on {os.cpu_count()} cores")


def say_release(folder: Path) -> None:
    """Print the size of the newest release file of a folder."""
    newest = max(folder.glob("release-*.duckdb"), key=lambda file: file.stat().st_mtime_ns)
    say("release file", newest.stat().st_size / MIB, "MiB")
