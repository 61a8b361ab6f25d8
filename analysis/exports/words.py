"""The fixed sentences of an exported file."""

from collections.abc import Mapping

from analysis.words import number_word

REPORTED = (
    "Reported is not prevalence: figures count what was reported, and more reports can mean better reporting."
)
PROTECTED = (
    "To protect people, numbers are changed slightly at random (by at most {noise}) and numbers below "
    "{threshold} are not shown, so parts may not add up."
)
PUBLISHED = (
    "These figures were already public. They are passed on as their publisher released them, "
    "under the publisher's own rule."
)
OF_ORGANISATIONS = (
    "These are figures of organisations and money, not of persons. A figure is shown where at least three "
    "organisations stand behind it and none has nearly all of it."
)
NOT_OF_PERSONS = "No person's record stands behind these figures; they are given as they were recorded."
RESTRICTED = "Restricted: exact small numbers, do not share."
PARTNER = "Partner figures: for signed-in partners, do not publish."
#: What stands first on every page and in every file of a release that is not public.
STAMPS = {"steward": RESTRICTED, "partner": PARTNER}
SYNTHETIC = "Synthetic data, fictional place: no row describes a real person."

#: What a release that is made of releases says everywhere: `etl.hub`.
ADDED_UP = (
    "Figures of {count} task forces, added up. Nobody is recognised across them: whoever two of them know is "
    "counted twice."
)

_BY_DOOR = {"published": PUBLISHED, "business": OF_ORGANISATIONS, "none": NOT_OF_PERSONS}


def protection(profile: str, threshold: int, noise: int, door: str = "person") -> str:
    """Return the sentence that says how the numbers were protected.

    Parameters
    ----------
    profile : str
        ``public``, ``partner`` or ``steward``.
    threshold : int
        Smallest published count.
    noise : int
        Largest change to a count, either way.
    door : str
        By which rule they were released, as `analysis.catalog.model.Measure.door` says it.
    """
    if door in _BY_DOOR:
        return _BY_DOOR[door]
    return RESTRICTED if profile == "steward" else PROTECTED.format(threshold=threshold, noise=noise)


def added_up(task_forces: int) -> str:
    """Return what must be said of a sum over task forces; empty for figures of one."""
    return ADDED_UP.format(count=number_word(task_forces)) if task_forces else ""


def origin(task_forces: int, *, synthetic: bool) -> str:
    """Return what must be said of where all figures of a release come from; empty for one of real records."""
    return " ".join(filter(None, (SYNTHETIC if synthetic else "", added_up(task_forces))))


def file_name_begins(profile: str) -> str:
    """Return how the name of a file begins that is not for everybody; empty for the public release."""
    return {"steward": "RESTRICTED_", "partner": "PARTNER_"}.get(profile, "")


def hidden_words(threshold: int) -> str:
    """Return what a number that is not shown may be."""
    if threshold <= 1:
        return "fewer than the smallest published number, or none"
    return f"fewer than {threshold}, or none"


def markers(threshold: int) -> Mapping[str, str]:
    """Return what each letter in a ``marker`` column means."""
    return {
        "c": f"Not shown: {hidden_words(threshold)}.",
        "x": "Not available: not collected, or outside the period or area covered.",
        "z": "Not applicable.",
        "p": "Provisional: records for this period may still arrive.",
        "s": "Small number, not for sharing (restricted releases only).",
        "r": "Revised since it was first released.",
        "e": "Estimated.",
        "u": "Low reliability: from fewer than 20 events. Use with care.",
        "b": "Break in series: not comparable with earlier periods.",
    }
