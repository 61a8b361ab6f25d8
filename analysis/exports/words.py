"""The fixed sentences of an exported file."""

from collections.abc import Mapping

REPORTED = (
    "Reported is not prevalence: these figures count what was reported and recorded, "
    "not everything that happened. More reports can mean better reporting."
)
PROTECTED = (
    "To protect people, each number is changed slightly at random (by at most 5) and numbers below "
    "{threshold} are not shown, so parts may not add up to totals."
)
PUBLISHED = (
    "These figures were already public. They are passed on as their publisher released them, "
    "under the publisher's own rule."
)
RESTRICTED = "Restricted: exact small numbers, do not share."
SYNTHETIC = "Synthetic data, fictional place: no row describes a real person."


def protection(profile: str, threshold: int, is_own: bool = True) -> str:
    """Return the sentence that says how the numbers were protected.

    Parameters
    ----------
    profile : str
        ``public``, ``partner`` or ``steward``.
    threshold : int
        Smallest published count.
    is_own : bool
        False for counts that were public before they were loaded.
    """
    if not is_own:
        return PUBLISHED
    return RESTRICTED if profile == "steward" else PROTECTED.format(threshold=threshold)


def markers(threshold: int) -> Mapping[str, str]:
    """Return what each letter in a ``marker`` column means."""
    hidden = (
        f"fewer than {threshold}, or none"
        if threshold
        else "fewer than the smallest published number, or none"
    )
    return {
        "c": f"Not shown: {hidden}.",
        "x": "Not available: not collected, or outside the period or area covered.",
        "z": "Not applicable.",
        "p": "Provisional: records for this period may still arrive.",
        "s": "Small number, not for sharing (restricted releases only).",
        "r": "Revised since it was first released.",
        "e": "Estimated.",
        "u": "Low reliability: from fewer than 20 events. Use with care.",
        "b": "Break in series: not comparable with earlier periods.",
    }
