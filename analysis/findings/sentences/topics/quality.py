"""Sentences about the data itself: how late, how much is shown, what was loaded and what was turned away."""

from analysis.catalog.model import lower_first
from analysis.findings.finding import Finding
from analysis.findings.sentences import phrases
from analysis.findings.sentences.say import sentence_of
from analysis.periods import ADVERBS, label_of, label_of_range
from analysis.topics.rule_words import rule_words
from analysis.words import date_text, listed, number_word, percent_text, plural

MOST_NAMED = 3
MOST_REASONS = 2


@sentence_of("freshness")
def freshness(finding: Finding) -> str:
    """Return "Figures run to December 2025; July to December 2025 are provisional."."""
    late = finding.facts["late"]
    words = f"{label_of_range(*late)} {'is' if late[0] == late[1] else 'are'} provisional" if late else ""
    return phrases.sentence(f"Figures run to {label_of(finding.facts['newest'])}", words)


@sentence_of("numbers_shown")
def numbers_shown(finding: Finding) -> str:
    """Return "Of yearly numbers, 78% can be shown by county and 31% by district."."""
    [(_, level)] = finding.facts["group"]
    shares = [
        f"{percent_text(100 * share)} {f'by {place}' if place else 'for the whole region'}"
        for place, share in finding.facts["shares"].items()
    ]
    first, *others = [shares[0].replace(" ", " can be shown ", 1), *shares[1:]]
    return phrases.sentence(f"Of {ADVERBS[level]} numbers, {listed([first, *others])}")


@sentence_of("sources_loaded")
def sources_loaded(finding: Finding) -> str:
    """Return "Figures come from 24 sources, as of 31 December 2025."."""
    count = finding.facts["count"]
    sources = f"{number_word(count)} source{'s' if count != 1 else ''}"
    return phrases.sentence(f"Figures come from {sources}, as of {date_text(finding.facts['as_of'])}")


@sentence_of("tables_loaded")
def tables_loaded(finding: Finding) -> str:
    """Return "37 tables hold rows."."""
    count = finding.facts["count"]
    return phrases.sentence(f"{number_word(count)} {plural('table holds', count)} rows")


@sentence_of("rows_unlinked")
def rows_unlinked(finding: Finding) -> str:
    """Return "About 80 rows of charges name investigations that we do not hold."; of several, the tables."""
    orphans = finding.facts["orphans"]
    if len(orphans) == 1:
        [one] = orphans
        what = f"{lower_first(one.table)} name {lower_first(one.refers)} that we do not hold"
        return phrases.sentence(f"About {one.rows} rows of {what}")
    tables = list(dict.fromkeys(lower_first(one.table) for one in orphans))
    return phrases.sentence(f"Some rows of {_few(tables, 'tables')} name something that we do not hold")


@sentence_of("rows_turned_away")
def rows_turned_away(finding: Finding) -> str:
    """Return why rows were turned away; of more than two reasons, how many there are."""
    reasons = [lower_first(rule_words(rule)) for rule in finding.facts["rules"]]
    if len(reasons) > MOST_REASONS:
        return phrases.sentence(f"Some rows were turned away, for {number_word(len(reasons))} reasons")
    return phrases.sentence(f"Some rows were turned away: {listed(reasons, 'or')}")


@sentence_of("rows_left_out")
def rows_left_out(finding: Finding) -> str:
    """Return "Of two sources, rows were left out that are totals, notes or not asked for here."."""
    count = finding.facts["sources"]
    sources = f"{number_word(count)} source{'s' if count != 1 else ''}"
    return phrases.sentence(f"Of {sources}, rows were left out that are totals, notes or not asked for here")


@sentence_of("figures_published")
def figures_published(finding: Finding) -> str:
    """Return "Two measures are shown as others published them: FBI human trafficking offences."."""
    count, sources = finding.facts["count"], list(finding.facts["sources"])
    said = (
        f"{number_word(count)} {plural('measure is', count)} shown as others published {plural('it', count)}"
    )
    return phrases.sentence(f"{said}: {_few(sources, 'sources')}")


@sentence_of("figures_doubted")
def figures_doubted(finding: Finding) -> str:
    """Return "Some figures of the national hotline look strange; check them before you use them."."""
    sources = _few(list(finding.facts["sources"]), "sources")
    return f"Some figures of {sources} look strange; check them before you use them."


@sentence_of("records_alike")
def records_alike(finding: Finding) -> str:
    """Return "50% of records are unique on five facts. That is why single records are never released."."""
    unique = finding.facts["unique"].replace(" %", "%")
    share = f"{unique} of records" if unique else "Many records"
    return f"{share} are unique on five facts. That is why single records are never released."


def _few(names: list[str], kind: str) -> str:
    """Return names as a list, or how many there are where they are many."""
    return listed(names) if len(names) <= MOST_NAMED else f"{number_word(len(names))} {kind}"
