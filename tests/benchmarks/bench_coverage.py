"""Whether intervals hold their rate after the protection: the table of docs/statistics.md.

    python -m tests.benchmarks.bench_coverage [DRAWS] [--write]

DRAWS (200 unless said otherwise) is how many truths each row draws; figures of single cells draw ten times as
many. The exit code is 1 where a row does not hold. `--write` (`make coverages`) puts the table into the
document.
"""

import sys
from collections.abc import Iterator
from itertools import chain

from tests.coverages import areas, figures, people, series
from tests.coverages.row import Row
from tests.support import PROJECT

PAGE = PROJECT / "docs" / "statistics.md"
FROM, TO = "<!-- coverages -->", "<!-- end of coverages -->"
HEAD = ("| figure | drawn | should be | was |", "|---|---|---|---|")


def rows(draws: int) -> Iterator[Row]:
    """Yield every row of the table."""
    return chain(figures.rows(10 * draws), areas.rows(draws), people.rows(draws), series.rows(draws))


def line(row: Row) -> str:
    """Return a row of the table; what does not hold is set in bold."""
    was = row.was if row.holds else f"**{row.was}**"
    return f"| {row.statistic} | {row.setting} | {row.should} | {was} |"


def main(draws: int, write: bool) -> int:
    """Print the table, and write it where asked to; return how many rows do not hold."""
    found, missed = list(HEAD), 0
    for text in HEAD:
        print(text)
    for row in rows(draws):
        print(line(row), flush=True)
        found.append(line(row))
        missed += not row.holds
    if write:
        before, rest = PAGE.read_text("utf-8").split(FROM)
        after = rest.split(TO)[1]
        PAGE.write_text(f"{before}{FROM}\n" + "\n".join(found) + f"\n{TO}{after}", "utf-8")
    return missed


if __name__ == "__main__":
    given = [one for one in sys.argv[1:] if one != "--write"]
    sys.exit(1 if main(int(given[0]) if given else 200, "--write" in sys.argv) else 0)
