"""What is new in a release as a text that a mailing list can carry: plain, and as a page without a script."""

import html
from dataclasses import dataclass

from analysis.exports.words import REPORTED, STAMPS, origin, protection
from analysis.findings.between_releases import Between, between
from analysis.findings.sentences.topics import releases as words
from analysis.findings.sentences.topics.hidden_population import estimate_between
from analysis.release.release import Release
from analysis.words import date_text

WIDTH = 76  # of a line of plain text; what a mail program quotes stays below 80


@dataclass(frozen=True)
class WhatChanged:
    """The text on one release.

    Attributes
    ----------
    title
        Place and day.
    opening
        Its first sentence, which stands in the feed too.
    parts
        Headings and their sentences; a part without any is left out.
    closing
        What every text about figures ends with.
    stamp
        What stands first where it is not for everybody.
    link
        Address of the release; empty where none is known.
    """

    title: str
    opening: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    closing: tuple[str, ...]
    stamp: str = ""
    link: str = ""

    def as_text(self) -> str:
        """Return it as plain text, in lines of at most `WIDTH` letters."""
        blocks = [self.stamp, f"{self.title}\n{'=' * len(self.title)}", _wrapped(self.opening)]
        for heading, lines in self.parts:
            items = "\n".join(_wrapped(line, "- ", "  ") for line in lines)
            blocks.append(f"{heading}\n{'-' * len(heading)}\n{items}")
        blocks += ["\n".join(_wrapped(line) for line in self.closing), self.link]
        return "\n\n".join(filter(None, blocks)) + "\n"

    def as_html(self) -> str:
        """Return it as a page that needs nothing else: no script, no style sheet, no picture."""
        said = "".join(
            f"<h2>{html.escape(heading)}</h2><ul>{_items(lines)}</ul>" for heading, lines in self.parts
        )
        stamp = f"<p><strong>{html.escape(self.stamp)}</strong></p>" if self.stamp else ""
        link = html.escape(self.link, quote=True)
        way = f'<p><a href="{link}">{link}</a></p>' if link else ""
        closing = "".join(f"<p>{html.escape(line)}</p>" for line in self.closing)
        title = html.escape(self.title)
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width">'
            f"<title>{title}</title></head><body>{stamp}<h1>{title}</h1>"
            f"<p>{html.escape(self.opening)}</p>{said}<hr>{closing}{way}</body></html>\n"
        )


def what_changed(later: Release, earlier: Release | None, link: str = "") -> WhatChanged:
    """Return the text on what is new in a release since the one before it.

    Parameters
    ----------
    later, earlier
        Of one role; `earlier` is None for the first that is offered.
    link
        Address of the release, for whoever reads the text elsewhere.
    """
    found = between(later, earlier)
    parts = tuple((heading, tuple(lines)) for heading, lines in _parts(found) if lines)
    if earlier is not None and not parts:
        parts = (("What changed", ("The two releases say the same.",)),)
    closing = [REPORTED, protection(later.profile, later.threshold, later.d)]
    closing += list(filter(None, [origin(len(later.task_forces), synthetic=later.synthetic)]))
    closing += [f"Release {later.release_id}, {later.profile}."]
    place = later.place or "Local Trafficking Trends"
    return WhatChanged(
        f"{place}: what is new as of {date_text(later.as_of)}",
        words.opening(found),
        parts,
        tuple(closing),
        STAMPS.get(later.profile, ""),
        link,
    )


def _parts(found: Between) -> list[tuple[str, list[str]]]:
    revised = [line for year in found.revised for line in words.revised_year(year)]
    revised += [words.revised_by_others(*one) for one in found.of_others]
    measures = [words.measures(found.new_measures, are_new=True)] if found.new_measures else []
    measures += [words.measures(found.gone_measures, are_new=False)] if found.gone_measures else []
    return [
        ("New periods", [words.new_periods(one) for one in found.new_periods]),
        ("What changed clearly", words.clear_changes(found)),
        ("Revised figures", revised),
        ("People on no list", [line for one in found.hidden for line in estimate_between(one)]),
        ("Measures", measures),
    ]


def _items(lines: tuple[str, ...]) -> str:
    return "".join(f"<li>{html.escape(line)}</li>" for line in lines)


def _wrapped(line: str, first: str = "", rest: str = "") -> str:
    lines, current = [], first
    for word in line.split():
        if len(current) + len(word) + 1 > WIDTH and current.strip():
            lines.append(current.rstrip())
            current = rest
        current += f"{word} "
    return "\n".join([*lines, current.rstrip()])
