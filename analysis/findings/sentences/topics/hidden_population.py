"""Sentences about people on no list: an estimate with its interval, or why there is none and what helps."""

from analysis.findings.finding import Finding
from analysis.findings.sentences import phrases
from analysis.findings.sentences.say import say, sentence_of
from analysis.findings.topics.hidden_population import EstimateBetween
from analysis.findings.topics.hidden_population import people_on_no_list as finding_of
from analysis.periods import label_of_range
from analysis.statistics.hidden.floor import (
    FEWEST_IN_OVERLAPS,
    FEWEST_LISTS,
    FEWEST_PERSONS,
    MOST_LISTS_TO_SEARCH,
)
from analysis.topics.hidden_population import HiddenPopulation
from analysis.words import listed, number_word

_FROM_THREE = number_word(FEWEST_LISTS)
#: Code of a reason: why there is no number, as a commissioner would say it; what would help.
WHY: dict[str, tuple[str, str]] = {
    "no_lists": (
        "the records do not say which agencies knew each person",
        "Ask each agency to note in its records which lists the person is on (the column known_to_agency).",
    ),
    "not_recorded": (
        "for too many people nobody wrote down which agencies knew them",
        "Fill the column known_to_agency for at least nine in ten people.",
    ),
    "few_lists": (
        f"fewer than {_FROM_THREE} agencies keep a list",
        f"Bring in the list of another agency: an estimate compares {_FROM_THREE} lists or more.",
    ),
    "many_lists": (
        f"there are more than {number_word(MOST_LISTS_TO_SEARCH)} lists",
        "Put agencies of one kind together, such as all police forces, as one list.",
    ),
    "few_persons": (
        f"fewer than {FEWEST_PERSONS} people are on the lists",
        "Wait for more years, or share lists with a neighbouring county.",
    ),
    "few_shared": (
        f"fewer than {FEWEST_IN_OVERLAPS} people are on two lists or more",
        "Check that agencies use the same reference for the same person; else wait for more years.",
    ),
    "no_overlap": (
        "nobody is known to be on two lists, so nothing says how many are on none",
        "Agencies must use the same reference for the same person. Ask whoever links the records.",
    ),
    "list_apart": (
        "one list has nobody in common with the others",
        "Check that this agency uses the same references as the others; else leave its list out.",
    ),
    "same_people": (
        "two of the lists hold the same people, so one of them says nothing of its own",
        "Find out whether one agency copies the list of another, and leave the copy out.",
    ),
    "empty_list": ("one of the lists is empty", "Leave it out."),
    "nobody": ("nobody is on any list", "Load the lists of the agencies."),
    "no_estimate": (
        "the lists overlap in a way from which no number follows",
        "More lists, or more years, may help. Nothing is wrong with the records.",
    ),
    "unstable": (
        "chance alone could move the number too far",
        "More people in the overlaps would help: more years, or more complete links between lists.",
    ),
    "methods_differ": (
        "accepted methods give answers more than twice as far apart as one another",
        "A list that does not depend on referrals from the others would help, such as one of a hotline.",
    ),
    "no_year": (
        "no whole year is closed and complete yet",
        "It is worked out once a whole year is closed and no longer filling up.",
    ),
    "hub": (
        "these figures are added up from several task forces, and their lists cannot be matched",
        "See the dashboards of the task forces.",
    ),
}
_AGREES = {"within_1_5": "within a factor of 1.5", "within_2": "within a factor of 2"}
AGREEMENT_WORDS = {
    **{code: f"Agrees {words}" for code, words in _AGREES.items()},
    "apart": "Does not agree within a factor of 2",
    "no_answer": "Has no answer",
}


@sentence_of("people_on_no_list")
def people_on_no_list(finding: Finding) -> str:
    """Return "About 16,000 (15,000–17,000) people could have been listed in …; about 11,000 were."."""
    lower, upper = finding.facts["limits"]
    first, last = finding.facts["years"]
    return phrases.sentence(
        f"About {finding.facts['estimate']:,} ({lower:,}–{upper:,}) people could have been listed in "
        f"{label_of_range(first, last)}",
        f"about {finding.facts['listed']:,} were",
    )


@sentence_of("no_estimate_of_hidden")
def no_estimate(finding: Finding) -> str:
    """Return "No estimate is shown: fewer than three agencies keep a list."."""
    why, _ = WHY[finding.facts["reason"]]
    return phrases.sentence(f"No estimate of people on no list is shown: {why}")


@sentence_of("lists_overlap")
def lists_overlap(finding: Finding) -> str:
    """Return "Six lists hold about 11,000 people; police and voluntary organisations share most."."""
    lists, most = finding.facts["lists"], finding.facts["most"]
    said = f"{number_word(lists)} lists hold about {finding.facts['listed']:,} people"
    names = [finding.label("list", code) for code in most]
    return phrases.sentence(said, f"{' and '.join(names)} share most" if names else "")


@sentence_of("answers_agree")
def answers_agree(finding: Finding) -> str:
    """Return "Both other methods agree within a factor of 1.5; so does the answer without any one list."."""
    methods, without = finding.facts["methods"], finding.facts["without"]
    other = "The other methods" if len(methods) > 1 else "The other method"
    said = f"{other} {_agree(methods, len(methods) > 1)}"
    if not without:
        return phrases.sentence(said, "with three lists, none can be left out to check")
    if _furthest(methods) == _furthest(without) and _furthest(without) in _AGREES:
        return phrases.sentence(said, "so does the answer without any one list")
    return phrases.sentence(said, f"the answers without one list {_agree(without, are_several=True)}")


def estimate_between(one: EstimateBetween) -> list[str]:
    """Return what is told otherwise of people on no list than in the release before.

    "The estimate of people on no list is new. About 17,000 (…) people could have been listed in 2016–2025;
    about 12,000 were. The one before was of 2016–2024, about 16,000 (…): another year is in it, so do not
    compare the two."
    """
    about = f"{one.of}: the" if one.of else "The"
    name = f"{about} estimate of people on no list"
    if one.now is None:
        gone = f"{name} of {label_of_range(*one.before.years)} is not shown any more. " if one.before else ""
        why = say(finding_of(one.later)) if one.later else ""
        return [f"{gone}{f'{one.of}: ' if one.of and not gone else ''}{why}".strip()]
    says = say(finding_of(one.now))
    if one.before is None:
        return [f"{name} is new. {says}"]
    if not one.is_of_the_same_years:
        before = f"The one before was of {label_of_range(*one.before.years)}, {_number(one.before)}"
        return [f"{name} is of other years now. {says} {before}: do not compare the two."]
    if not one.is_another_number:
        return [f"{name} is as it was. {_otherwise(one) or 'How it was made is told otherwise.'}"]
    before = f"Before: {_number(one.before)}. Read the new one in place of it; it is no rise or fall."
    return [" ".join(filter(None, (f"{name} was revised. {says} {before}", _otherwise(one))))]


def _number(found: HiddenPopulation) -> str:
    return f"about {found.estimate:,} ({found.lower:,}–{found.upper:,})"


def _otherwise(one: EstimateBetween) -> str:
    """Return how much of what stands beside a number is told otherwise; nothing where all is as before."""
    found = (("overlaps between lists", one.overlaps), ("other answers", one.agreements))
    parts = [f"{count} of the {what}" for what, count in found if count]
    return phrases.sentence(f"told otherwise beside it: {listed(parts)}") if parts else ""


def _agree(found: tuple[str, ...], are_several: bool) -> str:
    furthest = _furthest(found)
    if furthest in _AGREES:
        return f"{'agree' if are_several else 'agrees'} {_AGREES[furthest]}"
    if furthest == "no_answer":
        return "do not all have an answer" if are_several else "has no answer"
    return "do not all agree within a factor of 2" if are_several else "does not agree within a factor of 2"


def _furthest(found: tuple[str, ...]) -> str:
    order = list(AGREEMENT_WORDS)
    return max(found, key=order.index)
