"""How well records hide among each other: k-anonymity and l-diversity of the person table."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

QUASI_IDENTIFIERS = ("area_code", "reference_year", "age_band", "age_group", "gender", "citizenship_group")


@dataclass(frozen=True)
class AnonymityReport:
    """How well records hide in groups that share their quasi-identifiers.

    Attributes
    ----------
    records, groups : int
        Records, and groups of records alike in all quasi-identifiers.
    smallest_group : int
        k: the size of the smallest group (0 without records).
    unique_share, below_5_share, below_11_share : float
        Share of records in groups of one, of fewer than 5, of fewer than 11 (0 to 1).
    smallest_diversity : dict of str to int
        l by sensitive column: the smallest number of different values in a group.
    undivided_share : dict of str to float
        By sensitive column: share of records in groups where all have the same value.
    """

    records: int
    groups: int
    smallest_group: int
    unique_share: float
    below_5_share: float
    below_11_share: float
    smallest_diversity: dict[str, int]
    undivided_share: dict[str, float]

    def rows(self) -> list[tuple[str, str]]:
        """Return metric and value as text for the release; shares in whole percent, no counts of records."""
        found = [
            ("k_smallest_group", str(self.smallest_group)),
            ("records_unique", _percent(self.unique_share)),
            ("records_in_groups_below_5", _percent(self.below_5_share)),
            ("records_in_groups_below_11", _percent(self.below_11_share)),
        ]
        for column, least in self.smallest_diversity.items():
            found.append((f"l_smallest_{column}", str(least)))
            found.append((f"records_undivided_{column}", _percent(self.undivided_share[column])))
        return found


def _percent(share: float) -> str:
    if 0 < share < 0.01:
        return "below 1 %"
    return "above 99 %" if 0.99 < share < 1 else f"{100 * share:.0f} %"


def anonymity_report(
    person: pl.DataFrame,
    quasi: Sequence[str] = QUASI_IDENTIFIERS,
    sensitive: Sequence[str] = ("status", "identified_by"),
    *,
    number: str = "",
) -> AnonymityReport:
    """Measure k-anonymity and l-diversity of the person table.

    Parameters
    ----------
    person
        One row a person, with the quasi-identifiers and the sensitive columns (a list counts as one value).
    quasi, sensitive
        Columns; sensitive ones that the frame lacks are left out.
    number
        Column that says of how many persons a row is: those alike in everything need no row each.

    Notes
    -----
    k-anonymity after Sweeney (2002), distinct l-diversity after Machanavajjhala et al. (2007).
    """
    present = [name for name in sensitive if name in person.columns]
    person = person.with_columns(
        pl.col(name).list.sort().list.join(";")
        for name in present
        if isinstance(person.schema[name], pl.List)
    )
    groups = person.group_by(list(quasi)).agg(
        (pl.col(number).sum() if number else pl.len()).alias("_size"),
        *(pl.col(name).n_unique().alias(f"_l_{name}") for name in present),
    )
    size = groups["_size"]
    records = int(size.sum())

    def share(condition: pl.Series) -> float:
        return float(size.filter(condition).sum()) / records if records else 0.0

    return AnonymityReport(
        records=records,
        groups=groups.height,
        smallest_group=int(size.min() or 0),  # type: ignore[arg-type]
        unique_share=share(size == 1),
        below_5_share=share(size < 5),
        below_11_share=share(size < 11),
        smallest_diversity={name: int(groups[f"_l_{name}"].min() or 0) for name in present},  # type: ignore[arg-type]
        undivided_share={name: share(groups[f"_l_{name}"] == 1) for name in present},
    )
