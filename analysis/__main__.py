"""``python -m analysis``: the door from a terminal; what draws slides is brought in from above."""

import argparse
import sys

from analysis.cli import main


def _write_briefing(options: argparse.Namespace) -> None:
    # Only here, where programs begin, and only when it is asked for: charts and slides belong to the screen's
    # layer, and reading it takes a second that other commands need not wait.
    from ui.briefing.command import write  # noqa: PLC0415

    write(options)


if __name__ == "__main__":
    sys.exit(main(write_briefing=_write_briefing))
