"""Writes what the words of columns mean, and the columns of yes and no."""

from collections.abc import Sequence

from analysis.words import counted
from etl.drafting.columns.matching import Match
from etl.drafting.columns.words import FEWEST_SHOWN, Word
from etl.drafting.draft import Draft
from etl.drafting.writing.lines import Written, listed, percent, quoted
from etl.lines import first_lines_words


def meanings(out: Written, made: Draft, one: Match) -> None:
    """Write the words of a coded column; of rare ones and those that may identify, where they stand."""
    if one.words is None:
        return
    own = {*one.target.codes, *one.target.rolls_up}
    words = [word for word in one.words.words if word.text.casefold() not in own]
    shown = [word for word in words if word.is_shown]
    hidden = [word for word in words if not word.is_shown and not word.is_listed]
    if not shown and not hidden:
        return
    out.add(f"[table.values.{one.target.name}]", f"words of at least {FEWEST_SHOWN} rows = our code")
    for word in shown:
        line, rows = (
            f"{quoted(word.text)} = {listed(word.codes) if word.codes else quoted('…')}",
            len(word.lines),
        )
        if word.is_taken:
            out.add(line, f"{counted(rows, 'row')}, a listed word")
        else:
            allowed = ", ".join(one.target.codes) or "the two letters of a country, such as US"
            like = (
                f"perhaps {' and '.join(word.codes)}, {percent(word.confidence)} sure; " if word.codes else ""
            )
            out.ask(f"a word of '{one.target.name}' in {counted(rows, 'row')}: {like}one of {allowed}", line)
    _rare(out, one, hidden)
    out.add("")


def _rare(out: Written, one: Match, hidden: Sequence[Word]) -> None:
    if hidden:
        lines = sorted({line for word in hidden for line in word.lines})
        out.ask(
            f"{counted(len(hidden), 'further word')} of '{one.target.name}' in fewer than {FEWEST_SHOWN} "
            f"rows, or not to be shown: line {first_lines_words(lines)}",
            '"…" = "…"',
        )


def flags(out: Written, made: Draft) -> None:
    """Write which columns of yes and no mean which code."""
    targets = dict.fromkeys(flag.target for flag in made.matched.flags)
    for target in targets:
        out.add(f"[table.flags.{target}]", "columns of yes and no")
        for flag in made.matched.flags:
            if flag.target == target:
                out.add(f'{quoted(flag.column)} = "{flag.code}"')
        out.add("")
