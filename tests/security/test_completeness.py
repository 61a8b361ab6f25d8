"""What the completeness of the newest months says of the people who were entered late.

The attacker knows for every closed year exactly how many people were entered after how many months, but for
one group: 14 people of whom some are late, or a contributor of whose people some are. From completeness in
several yearly releases, each learnt from one year more, the attacker asks how many of the group were late.
The perturbation is known, the keys are not. The weaker scheme tells true shares, to the tenth of a
per cent.
"""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest

from analysis import Question, answer, load_catalog, open_release
from analysis.findings.series.later import carried_on, completeness, expected
from analysis.statistics.series.delay import delays
from etl.config import Home
from etl.release import publish
from etl.release.cells.ptable import build, table_row
from etl.release.delay.counts import MONTHS
from etl.release.delay.told import BASES, LEAST, SPREADS, STEP, learn, told
from etl.release.publishing.schema import HIDDEN
from tests.release.entered import ENTERED, entered, many, mart_of, referred, seen_on, tiny_catalog
from tests.release.support import Mart, Person, counting, home_with, made_up_people
from tests.security.population import SMALL, SURE

NOISE = build(b"of nobody", 5, 3.0, 2, 256)
AGES = range(6)
SHARES = np.array([0.5, 0.66, 0.78, 0.88, 0.94, 0.98, *[1.0] * 7])
#: Releases of four years: each learns from one closed year more.
YEARLY = (3, 4, 5, 6)
DRAWS = 2_000
NOTHING = 0


def years_with(people: int, late: int, group: int, *, held_back: int) -> np.ndarray:
    """Return who came in by each delay in six years; the group is in the second of them.

    Of the group some come `held_back` months late and the others at once.
    """
    rows = np.round(people * SHARES) * np.ones((6, 1))
    rows[1] += group - late
    rows[1, held_back:] += late
    return rows


def changed(counts: np.ndarray, draws: int, random: np.random.Generator) -> np.ndarray:
    """Return cells as the door may change them, the keys unknown: shape (draws, years, delays)."""
    rows = np.array([table_row(max(int(count), 1)) - 1 for count in counts.flat]).reshape(counts.shape)
    return counts + NOISE[rows, random.integers(0, NOISE.shape[1], (draws, *counts.shape))]


def as_released(cells: np.ndarray) -> np.ndarray:
    """Return what yearly releases tell of the same cells: the same people get the same noise each time.

    As `learn` and `told` for one table of cells, for many at once; a test compares the two.
    """
    added = np.maximum.accumulate(cells, axis=2)
    steps = np.diff(added, axis=2, prepend=0.0)
    found = []
    for number in YEARLY:
        came_in = added[:, :number].sum(axis=1)
        share = came_in / came_in[:, -1:]
        usual = added[:, :number, -1:] * np.diff(share, axis=1, prepend=0.0)[:, None, :]
        there = usual > 0
        apart = np.where(there, (steps[:, :number] - usual) ** 2 / np.where(there, usual, 1.0), 0.0)
        degrees = np.maximum(there.sum(axis=(1, 2)) - number - MONTHS, 1)
        spread = np.maximum(apart.sum(axis=(1, 2)) / degrees, 1.0)
        nearest = np.abs(np.log(np.array(SPREADS)[None] / spread[:, None])).argmin(axis=1)
        per_cent = STEP * np.round(100 * share / STEP)
        for age in AGES:
            base = np.searchsorted(BASES, came_in[:, age], side="right")
            is_told = (per_cent[:, age] >= LEAST) & (per_cent[:, age] < 100) & (base > 0)
            is_told &= spread <= SPREADS[-1]
            one = np.stack([per_cent[:, age], base, nearest + 1], axis=1)
            found.append(np.where(is_told[:, None], one, NOTHING))
    return np.concatenate(found, axis=1).astype(int)


def belief(seen: np.ndarray, given: Sequence[np.ndarray]) -> np.ndarray:
    """Return how likely each table is, from how often it gives what was seen."""
    weights = np.array([(told_of == seen).all(axis=1).mean() for told_of in given])
    return weights / weights.sum()


def test_the_attacker_reckons_as_the_job_does() -> None:
    cells = changed(years_with(80, 5, 14, held_back=6), 20, np.random.default_rng(1))
    for one, row in zip(cells, as_released(cells), strict=True):
        told_of = [
            told(learn(tuple(range(number)), one[:number].astype(float)), age)
            for number in YEARLY
            for age in AGES
        ]
        reckoned = [
            (each.complete, 1 + BASES.index(each.base), 1 + SPREADS.index(each.spread)) if each else (0, 0, 0)
            for each in told_of
        ]
        assert [tuple(three) for three in row.reshape(-1, 3).tolist()] == reckoned


@pytest.mark.parametrize("people", [75, 300])
@pytest.mark.parametrize(
    ("group", "held_back"),
    [(14, 6), (14, 1), (40, 6)],
    ids=["14 equal people late", "14 people a month late", "one contributor late"],
)
def test_of_a_group_nobody_knows_how_many_were_late(people: int, group: int, held_back: int) -> None:
    given = [
        as_released(
            changed(
                years_with(people, late, group, held_back=held_back), DRAWS, np.random.default_rng(100 + late)
            )
        )
        for late in range(group + 1)
    ]
    for late in (1, 4, 9):
        assert late in SMALL
        # What is told most often of this number stands for all that may be told.
        different, often = np.unique(given[late], axis=0, return_counts=True)
        seen = different[often.argmax()]
        assert seen.any()
        assert belief(seen, given)[late] < SURE


def test_true_shares_to_the_tenth_would_give_the_number_away() -> None:
    """The weaker scheme."""

    def shares(late: int) -> tuple[int, ...]:
        counts = years_with(75, late, 14, held_back=6)
        found = [
            delays(np.diff(counts[:number], axis=1, prepend=0.0)).complete[: len(AGES)] for number in YEARLY
        ]
        return tuple(round(1_000 * float(share)) for one in found for share in one)

    told_of = [shares(late) for late in range(15)]
    assert all(told_of.count(told_of[late]) == 1 for late in SMALL)


@pytest.fixture(scope="module", autouse=True)
def few_questions():
    with counting(tiny_catalog()):
        yield


def rows(file: Path, *tables: str) -> list[tuple]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return [row for name in tables for row in connection.execute(f"FROM {name} ORDER BY ALL").fetchall()]


def fourteen(after: int, year: int = 2023) -> list[Person]:
    """Return 14 people who are equal in everything, entered after so many months."""
    one = made_up_people(1, f"{year}-10", f"{year}-10", seed=9)[0]
    return [
        replace(one, key=f"equal-{number}", multi={**one.multi, ENTERED: (str(after),)})
        for number in range(14)
    ]


def twice(folder: Path, releases: Sequence[tuple[str, Mart, Mart]], *tables: str) -> list[list[tuple]]:
    """Make monthly releases twice, with a group and without it; return what the last home's releases hold.

    Parameters
    ----------
    folder
        Gets both homes. The second is a copy of the first as it was after a release before the group came.
    releases
        Month, and the register then without and with the group; in the first one nobody of it had come.
    *tables
        What is read of each release, and must be equal.
    """
    found: list[list[list[tuple]]] = [[], []]
    homes = [Home(folder / "without"), Home(folder / "with")]
    for number, (month, *marts) in enumerate(releases):
        for home, mart, of_home in zip(homes, marts, found, strict=True):
            if number == 0 and of_home is found[1]:
                assert marts[0] == marts[1], month
                shutil.copytree(homes[0].root, home.root)
                of_home.append(found[0][0])
            else:
                home_with(home.root, mart)
                of_home.append(rows(publish(home, "public").file, *tables))
    assert found[0] == found[1]
    return found[1]


def test_people_who_come_after_a_month_has_closed_are_in_no_release_of_several_years(tmp_path: Path) -> None:
    """With them, or with them not: each month and each year the same is told, and the same numbers."""
    people, late = many(3_000), fourteen(8, 2024)
    releases = []
    for month in ("2024-12", "2025-06", "2025-12"):
        seen, group = seen_on(people, month), seen_on(late, month)
        releases.append((month, mart_of(seen, month), mart_of([*seen, *group], month)))
    assert twice(tmp_path, releases, "completeness", "cell_person", *HIDDEN)[-1]


def test_one_person_with_fourteen_late_referrals_is_in_no_release_of_several_years(tmp_path: Path) -> None:
    """Their referrals have one key and move a sum by 14 of it: and yet nothing is told of them."""
    people, one = many(2_500), fourteen(8, 2024)[0]
    late = [replace(referred([one])[0], key=f"of-one-{number}") for number in range(14)]
    releases = []
    for month in ("2024-12", "2025-12"):
        seen = seen_on(people, month)
        mart = replace(mart_of(seen, month), referrals=referred(seen))
        group = late if seen_on([one], month) else []
        releases.append((month, mart, replace(mart, referrals=[*mart.referrals, *group])))
    told_of = twice(tmp_path, releases, "completeness", "cell_person", "cell_referral")[-1]
    assert {"person", "referral"} <= {row[1] for row in told_of}


def test_who_is_on_which_list_and_who_is_late_say_nothing_of_each_other(tmp_path: Path) -> None:
    """The estimate of people on no list is the same however late they were, and the other way round."""
    people = made_up_people(1_500, "2021-01", "2024-12", seed=5)
    lists = tiny_catalog().subjects["person"].lists

    def on_lists(seed: int) -> list[Person]:
        random = np.random.default_rng(seed)
        names = ("police", "ngo", "health")
        return [
            replace(
                one,
                multi={
                    **one.multi,
                    lists: tuple(name for name in names if random.random() < 0.4) or ("police",),
                },
            )
            for one in people
        ]

    found = {}
    for which, (list_seed, late_seed) in {"first": (1, 1), "lists": (2, 1), "late": (1, 2)}.items():
        shares = (0.5, 0.2, 0.1, 0.1, 0.1) if late_seed == 1 else (0.8, 0.1, 0.05, 0.05)
        made = entered(on_lists(list_seed), 1, shares)
        home = home_with(tmp_path / which, mart_of(made, "2024-12"))
        if which != "first":
            secret = (tmp_path / "first" / "restricted" / "secret").read_bytes()
            (home.restricted / "secret").write_bytes(secret)
        file = publish(home, "public").file
        found[which] = (rows(file, *HIDDEN), rows(file, "completeness"))
    assert found["first"][0] == found["late"][0] != found["lists"][0]
    assert found["first"][1] == found["lists"][1] != found["late"][1]


def test_a_number_expected_is_made_of_what_everybody_can_read(tmp_path: Path) -> None:
    """The published numbers and completeness give it in full; nothing of it comes from anywhere else."""
    home = home_with(tmp_path / "home", mart_of(seen_on(many(5_000), "2025-12"), "2025-12"))
    with counting(load_catalog()):
        folder = publish(home, "public").file.parent
    home.restricted.rename(tmp_path / "away")
    release = open_release(folder)
    [years, months] = answer(
        [
            Question("detected_persons", ("period",)),
            Question("detected_persons", ("period",), period_level="month", periods=("2025-01", "2025-12")),
        ],
        release,
    )
    cells = {row["period"]: row["value"] for row in months.frame.iter_rows(named=True)}
    shares = completeness(release, "own", "person")
    year = years.frame.row(-1, named=True)["value"]
    middle, lower, upper = carried_on(year, [(cells[one], month) for one, month in shares.items()], release.v)
    found = expected(years)["2025"]
    assert found.lower <= lower <= middle <= upper <= found.upper
    assert abs(found.value - middle) <= (upper - lower) / 8
    assert all(month.base in BASES for month in shares.values())
