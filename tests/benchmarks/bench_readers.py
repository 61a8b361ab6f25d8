"""How long readers wait when many read at once: one, twenty, two hundred; by one process and by several.

python -m tests.benchmarks.bench_readers                  # the demonstration, built in a temporary home
python -m tests.benchmarks.bench_readers --home data      # a home that is there; nothing is written in it
python -m tests.benchmarks.bench_readers --workers 1,2,4 --page trends --changes 10

Readers are websockets without a browser, in this process: what is measured is the server, on the same cores.
One reader and twenty pause two seconds between two changes of a filter, and each change leads to a state that
this reader has not seen. Two hundred open the page within a minute and then choose among a few states that
were asked before, each once in a minute. Only the ratios of one run mean anything.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from websockets.exceptions import WebSocketException

from etl.config import Home
from tests.benchmarks.measuring import run_etl, say, say_load
from tests.benchmarks.reading_clients import Reader, ReaderError
from tests.benchmarks.serving import Server, start

THINK_SECONDS = 2.0
MANY, MANY_MINUTE = 200, 60.0
KEPT_STATES = 4
AREA, FROM = "Area", "From"


@dataclass
class Waits:
    """What readers waited, in seconds, and what went wrong."""

    opened: list[float] = field(default_factory=list)
    changed: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    memory: float = 0.0

    def tell(self, name: str, alone: "Waits | None" = None, readers: int = 1) -> None:
        """Print what readers waited, against what one waits alone."""
        for what, waited in (("opened", self.opened), ("changed", self.changed)):
            for part in (50, 95):
                say(f"{name}, {what}, p{part}", part_of(waited, part) * 1000, "ms")
        if alone is not None:
            ratio = part_of(self.changed, 95) / max(part_of(alone.changed, 95), 1e-9)
            say(f"{name}, changed, p95 against one reader's", ratio, "×")
        say(f"{name}, errors", len(self.wrong))
        for text in sorted(set(self.wrong)):
            print(f"  {self.wrong.count(text)} × {text}", flush=True)
        say(f"{name}, memory a reader", self.memory / readers, "MiB")


def part_of(waited: Sequence[float], part: int) -> float:
    """Return a percentile: the smallest wait that so many of a hundred do not exceed; 0 of none."""
    if not waited:
        return 0.0
    return sorted(waited)[max(-(-len(waited) * part // 100) - 1, 0)]


async def read(address: str, page: str, waits: Waits, *, number: int, changes: int) -> None:
    """Open a page and change a filter of it again and again, each time to a state not seen before."""
    await asyncio.sleep(THINK_SECONDS * (number % 20) / 20)
    try:
        async with Reader(address, page) as reader:
            waits.opened.append(await reader.open())
            for turn in range(changes):
                await asyncio.sleep(THINK_SECONDS)
                # Readers and turns lead to different places: neither learns from the other's answers.
                name = (AREA, FROM)[turn % 2]
                options = reader.pickers[name].options
                option = options[1 + (number * 3 + turn // 2 + number // len(options)) % (len(options) - 1)]
                waits.changed.append(await reader.choose(name, option))
    except (ReaderError, OSError, WebSocketException) as error:
        waits.wrong.append(str(error))


async def read_what_is_kept(address: str, page: str, waits: Waits, *, number: int) -> None:
    """Open a page at some moment of a minute, and choose one of a few states in the minute after."""
    await asyncio.sleep(MANY_MINUTE * number / MANY)
    try:
        async with Reader(address, page) as reader:
            waits.opened.append(await reader.open())
            await asyncio.sleep(MANY_MINUTE)
            options = reader.pickers[AREA].options
            waits.changed.append(await reader.choose(AREA, options[1 + number % KEPT_STATES]))
            await asyncio.sleep(MANY_MINUTE * (MANY - number) / MANY)  # nobody leaves before all have come
    except (ReaderError, OSError, WebSocketException) as error:
        waits.wrong.append(str(error))


async def together(server: Server, page: str, readers: int, changes: int) -> Waits:
    """Let some read at once; return what they waited, and what the server's memory grew by meanwhile."""
    waits, before = Waits(), server.memory()
    reading = [
        asyncio.ensure_future(read(server.address, page, waits, number=number, changes=changes))
        for number in range(readers)
    ]
    while not all(one.done() for one in reading):
        await asyncio.wait(reading, timeout=1.0)
        waits.memory = max(waits.memory, server.memory() - before)
    return waits


async def many(server: Server, page: str) -> Waits:
    """Let very many read; as `together`."""
    for _ in range(KEPT_STATES * 2):  # every process has drawn what they will look at
        async with Reader(server.address, page) as reader:
            await reader.open()
            for place in range(KEPT_STATES):
                await reader.choose(AREA, reader.pickers[AREA].options[1 + place])
    waits, before = Waits(), server.memory()
    reading = [
        asyncio.ensure_future(read_what_is_kept(server.address, page, waits, number=number))
        for number in range(MANY)
    ]
    while not all(one.done() for one in reading):
        await asyncio.wait(reading, timeout=5.0)
        waits.memory = max(waits.memory, server.memory() - before)
    return waits


async def measure(release: Path, workers: int, options: argparse.Namespace) -> None:
    """Measure one number of processes, from a fresh start."""
    server = start("ui.app.serve", [], LTT_RELEASE=str(release), LTT_WORKERS=str(workers), LTT_OPEN="0")
    server.start()
    name = f"{workers} process{'es' if workers > 1 else ''}"
    try:
        say(f"{name}, memory at the start", server.memory(), "MiB")
        await together(server, options.page, 2 * workers, 2)  # every process has drawn the page once
        alone = await together(server, options.page, 1, options.changes * 2)
        alone.tell(f"{name}, 1 reader")
        say(f"{name}, memory after the first page", server.memory(), "MiB")
        (await together(server, options.page, 20, options.changes)).tell(f"{name}, 20 readers", alone, 20)
        if not options.few:
            (await many(server, options.page)).tell(f"{name}, {MANY} readers", alone, MANY)
        say_load()
    finally:
        server.stop()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--home", type=Path, help="a home with a release; otherwise the demonstration")
    parser.add_argument("--workers", default=f"1,{max(os.cpu_count() or 1, 2)}", help="numbers of processes")
    parser.add_argument("--page", default="trends")
    parser.add_argument("--changes", type=int, default=12, help="changes of a filter by each reader")
    parser.add_argument("--few", action="store_true", help=f"leave out the {MANY} readers")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = options.home or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if options.home is None:
            run_etl("demonstration", ["build", "--demo", "--home", folder])
        release = Home(folder).release("public")
        if not (release / "manifest.json").exists():
            sys.exit(f"{folder} holds no release. Next: python -m etl release --home {folder}")
        for workers in map(int, options.workers.split(",")):
            asyncio.run(measure(release, workers, options))


if __name__ == "__main__":
    main()
