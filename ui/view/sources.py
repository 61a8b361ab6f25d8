"""Where figures come from, who did not report, and what a careful reader wants to know."""

from collections import Counter
from collections.abc import Sequence

from analysis import Answer
from analysis.answers.answer import Silence
from analysis.catalog.model import PROTECTED, Catalog
from ui.view.view import View

SYNTHETIC_SENTENCE = "Synthetic data, fictional place"
#: Sentences to be read with care; Methods has those of every measure.
MOST_CARE = 1
_IN_FOOTER = (PROTECTED, "reported_not_prevalence")
_ON_CARDS = ("multi_response", "overdue_not_blame", "network_hidden", "side_by_side", "tests_not_practice")


def cited(answers: Sequence[Answer]) -> list[str]:
    """Return the sources of answers, each once; a figure made of two measures has those of both."""
    named = [source for answer in answers for source in answer.source.split("; ")]
    sources = list(dict.fromkeys(source.rstrip(". ") for source in named if source))
    shortest = [
        one for one in sources if not any(one != other and other.startswith(one) for other in sources)
    ]
    # That the figures are made up stands on every page and slide.
    return [one for one in shortest if not one.startswith(SYNTHETIC_SENTENCE)]


def silences(answers: Sequence[Answer]) -> list[str]:
    """Return a sentence for each contributor that did not report, over the longest time looked at."""
    longest: dict[str, Silence] = {}
    for silence in (one for answer in answers for one in answer.coverage):
        known = longest.get(silence.label)
        if known is None or silence.months > known.months:
            longest[silence.label] = silence
    return [silence.sentence for silence in longest.values()]


def care(answers: Sequence[Answer], catalog: Catalog) -> list[str]:
    """Return what most of some figures ask of a careful reader, the most common first.

    What the footer or a card says is not said again; every measure's own notes stand on Methods.
    """
    said = {catalog.caveats[code].text for code in (*_IN_FOOTER, *_ON_CARDS)}
    held = Counter(line for answer in answers for line in dict.fromkeys(answer.caveats))
    return [line for line, _ in held.most_common() if line not in said][:MOST_CARE]


def own_care(caveats: Sequence[str], catalog: Catalog) -> list[str]:
    """Return what one figure asks of a careful reader beside what is said of all (`said_of_all`)."""
    return [line for line in caveats if line not in _for_all(catalog)]


def said_of_all(caveats: Sequence[str], catalog: Catalog) -> list[str]:
    """Return what figures ask of a careful reader that stands in the footer of every page as well."""
    return [line for line in _for_all(catalog) if line in caveats]


def _for_all(catalog: Catalog) -> list[str]:
    return [catalog.caveats[code].text for code in reversed(_IN_FOOTER)]


def sentence(view: View, answers: Sequence[Answer], as_of: str) -> str:
    """Return sources, day, who did not report, and what a careful reader wants to know."""
    named = cited(answers)
    sources = [f"Sources: {'; '.join(named)}."] if named else []
    return " ".join([*sources, f"As of {as_of}.", *silences(answers), *care(answers, view.catalog)])
