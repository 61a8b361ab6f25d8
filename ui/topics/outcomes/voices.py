"""Cards about what people say: in feedback, interviews and surveys of the public."""

from analysis.findings.finding import Finding
from analysis.findings.groups import standard
from analysis.findings.topics import outcomes
from ui.cards.card import Ask, Card, Shown, in_group, known
from ui.view.view import View

AGREEING = "survey_agreeing_share"
STIGMA = {"survey_item": ("partly_to_blame", "keep_distance")}
AWARENESS = {"survey_item": ("knows_signs", "knows_help_line", "would_report", "happens_here")}
SURVIVORS = "survivors"


def few_answers(shown: Shown) -> Finding:
    """Return about which services hardly anybody answered."""
    return outcomes.few_answers(shown.answer, shown.scope)


def satisfied(shown: Shown) -> Finding:
    """Return who was satisfied, and behind which figures few answers stand."""
    response = shown.answers["response"] if shown.has("response") else None
    return outcomes.satisfied(shown.answer, response, shown.scope)


def opinion(shown: Shown) -> Finding:
    """Return what changed from the first wave of a survey to the last."""
    return outcomes.opinion(shown.answer, shown.scope)


def _themes(shown: Shown) -> Finding:
    if not shown.has(SURVIVORS):
        return standard(shown.answer, shown.scope)
    return outcomes.survivors_speak_of(shown.answers[SURVIVORS], shown.scope_of(SURVIVORS))


def barriers(level: str) -> Card:
    """Return the card of the barriers of one level: of the person's situation, of services, the community."""

    def noted_most(shown: Shown) -> Finding:
        return outcomes.barrier_noted_most(shown.answer, level, shown.scope)

    def title(view: View) -> str:
        return f"Barriers: {view.in_sentence('barrier_setting', level)}"

    where = {"barrier": in_group("barrier", level)}
    return Card(f"barrier_{level}", "barriers_noted", ("barrier",), where, say=noted_most, title=title)


THEMES = Card(
    "themes",
    "interview_mentions",
    ("interview_theme", "respondent_kind"),
    {"respondent_kind": known("respondent_kind")},
    say=_themes,
    more={
        SURVIVORS: Ask("interview_mentions", ("interview_theme",), {"respondent_kind": ("survivor",)}),
    },
    wide=True,
)
SATISFIED = Card(
    "satisfied",
    "feedback_satisfied_share",
    ("service_type",),
    say=satisfied,
    more={"response": Ask("feedback_response_share", ("service_type",))},
)
ANSWERED = Card("response", "feedback_response_share", ("service_type",), say=few_answers)
