"""Sentences about a year beside the one before, months of the year, and areas over time."""

from analysis.findings.basis import label_of
from analysis.findings.finding import Finding
from analysis.findings.sentences import phrases
from analysis.findings.sentences.say import sentence_of
from analysis.periods import MONTH_NAMES
from analysis.words import listed, number_word

MOST_NAMED = 3


@sentence_of("year_before")
def year_before(finding: Finding) -> str:
    """Return "2025 was higher than 2024 in 9 of the 12 months that can be compared."."""
    newest, before, above, compared, level = (
        finding.facts[key] for key in ("newest", "before", "above", "compared", "level")
    )
    if compared == 1:
        side = "higher" if above else "not higher"
        return f"Only one {level} can be compared; it was {side} in {newest} than in {before}."
    return f"{newest} was higher than {before} in {above} of the {compared} {level}s that can be compared."


@sentence_of("months_of_year")
def months_of_year(finding: Finding) -> str:
    """Return in which months there are more or fewer on average; of hidden months nothing is said."""
    high, low = finding.facts["high"], finding.facts["low"]
    if not high and not low:
        if not finding.facts["is_whole"]:
            return "Not every month can be shown, so no season can be told."
        return "No month of the year stands out."
    parts = [f"more in {_named(high)}"] if high else []
    parts += [f"fewer in {_named(low)}"] if low else []
    return f"On average there are {' and '.join(parts)} than in other months."


@sentence_of("areas_over_time")
def areas_over_time(finding: Finding) -> str:
    """Return which of the chosen areas rose and fell between the ends of the long run."""
    parts, looked_at = finding.parts, finding.facts.get("looked_at", 0)
    if not looked_at:
        return "Of the chosen areas none can be compared over these years."
    pair = finding.facts["pair"]
    between = f"between {label_of(pair.earlier)} and {label_of(pair.later)}"
    said = []
    for direction in (1, -1):
        names = [
            finding.label(*part.facts["group"][0])
            for part in parts
            if (run := part.long_run or part.newest) and run.direction == direction
        ]
        if names:
            said.append(f"{listed(names)} clearly {phrases.DIRECTIONS[direction]}")
    rest = looked_at - len(parts)
    if not said:
        which = "the chosen area" if looked_at == 1 else f"any of the {number_word(looked_at)} chosen areas"
        return phrases.sentence(f"No clear change in {which} {between}")
    tail = f"no clear change in the other{f' {number_word(rest)}' if rest > 1 else ''}" if rest else ""
    return phrases.sentence(f"{' and '.join(said)} {between}", tail)


def _named(numbers: list[int]) -> str:
    return listed([MONTH_NAMES[number - 1] for number in numbers[:MOST_NAMED]])
