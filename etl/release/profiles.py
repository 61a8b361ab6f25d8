"""The three releases made of the same closed records: public, partner and steward."""

from dataclasses import dataclass

from analysis.catalog.model import Protection
from etl.errors import UsageError

NAMES = ("public", "partner", "steward")


@dataclass(frozen=True)
class Profile:
    """How one release protects.

    Attributes
    ----------
    name
        public, partner or steward.
    threshold
        Smallest number shown, compared after the noise.
    has_noise
        False for the steward only. Public and partner share noise, keys and table: two different noises
        over the same people would average out.
    small_below
        Steward: cells below this carry the marker ``s``. 0 elsewhere.
    """

    name: str
    threshold: int
    has_noise: bool
    small_below: int


def profile_named(name: str, protection: Protection) -> Profile:
    """Return a profile.

    Raises
    ------
    UsageError
        For a name that is none of the three.
    """
    if name not in NAMES:
        raise UsageError(
            f"--profile must be one of {', '.join(NAMES)}.", "python -m etl release --profile public"
        )
    if name == "steward":
        return Profile(name, max(1, protection.threshold[name]), False, protection.threshold["public"])
    return Profile(name, protection.threshold[name], True, 0)
