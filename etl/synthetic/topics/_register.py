"""What the demonstration's registers have in common: they come from the coordinator, as one source each."""

from etl.incoming import SourceInfo
from etl.synthetic.world import World


def register_source(
    seen: World, source_id: str, label: str, unit: str, resolution: str = "month"
) -> SourceInfo:
    """Describe a register of the fictional task force as a source of its own.

    Parameters
    ----------
    seen
        The world, for its geography.
    source_id, label, unit
        Code, words, and what one row is.
    resolution
        Finest period of its rows.
    """
    register = seen.facts.register
    return SourceInfo(
        source_id=source_id,
        label=label,
        collection=source_id,
        collection_label=label,
        geography=seen.region.geography,
        unit=unit,
        is_own=True,
        is_synthetic=True,
        period_resolution=resolution,
        publisher=register["publisher"],
        licence=register["licence"],
        citation=register["citation"],
        rule="Synthetic figures of made-up organisations.",
    )
