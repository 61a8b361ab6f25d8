"""The sheets of the fictional contributors are the same every time and look like what agencies send."""

import hashlib
import os
import subprocess
import sys
from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from etl.contracts.check import check
from etl.demonstration import generate, load_facts, load_region
from etl.demonstration.files.columns import sets
from etl.demonstration.streams import draw, stream
from etl.incoming import OUTLINES, Incoming
from tests.support import PROJECT

FACTS = load_facts()


def _digest(files: list[Incoming]) -> str:
    """Hash everything that was generated."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(repr((file.source, file.period_from, file.period_to, file.ledger.kept)).encode())
        for batch in file.batches:
            digest.update(batch.table.encode())
            digest.update(repr(batch.frame.rows()).encode())
    return digest.hexdigest()


@pytest.fixture(scope="module")
def files() -> list[Incoming]:
    return generate()


@pytest.fixture(scope="module")
def stacked(files: list[Incoming]) -> dict[str, pl.DataFrame]:
    return {
        table: pl.concat([b.frame for f in files for b in f.batches if b.table == table])
        for table in ("person", "referral")
    }


@pytest.mark.command
def test_the_same_in_another_process() -> None:
    script = (
        "import sys; sys.path.insert(0, '.')\n"
        "from tests.etl.test_synthetic_sheets import _digest\n"
        "from etl.demonstration import generate\n"
        "print(_digest(generate(7, 500)))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "123"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == _digest(generate(7, 500))


def test_another_seed_gives_other_people_in_the_same_place() -> None:
    one, two = generate(1, 300), generate(2, 300)
    assert _digest(one[:1]) != _digest(two[:1]), "circumstances differ"
    assert one[0].batches[1].frame.equals(two[0].batches[1].frame), "borders do not"
    assert _digest(one[2:]) != _digest(two[2:])


def test_size_and_shape(files: list[Incoming], stacked: dict[str, pl.DataFrame]) -> None:
    people = stacked["person"]["person_ref"].n_unique()
    assert people == pytest.approx(FACTS["persons"], rel=0.04)
    assert stacked["referral"].height / people == pytest.approx(1.36, abs=0.1)
    assert stacked["person"].height / people == pytest.approx(1.53, abs=0.1)
    assert all(file.source.is_synthetic for file in files)
    own = [file for file in files if file.source.collection == FACTS.register["collection"]]
    assert len({file.source.source_id for file in own}) == 6
    assert len({(file.source.collection, file.source.person_scheme) for file in own}) == 1
    assert all(
        file.ledger.kept == sum(b.frame.height for b in file.batches if b.table != OUTLINES) for file in files
    )


def test_files_cover_their_months_without_gap_or_overlap(files: list[Incoming]) -> None:
    for contributor in FACTS.contributors:
        spans = [(f.period_from, f.period_to) for f in files if f.source.source_id == contributor.source_id]
        stopped = contributor.code == FACTS["contributor_stopped"]["contributor"]
        assert spans[0][0] == FACTS["first_month"]
        assert spans[-1][1] == (
            FACTS["contributor_stopped"]["last_month"] if stopped else FACTS["last_month"]
        )
        for (_, end), (start, _) in pairwise(spans):
            year, month = divmod(int(end[:4]) * 12 + int(end[5:]), 12)
            assert start == f"{year:04d}-{month + 1:02d}"
    ends = [f.period_to for f in files if f.source.collection == FACTS.register["collection"]]
    assert ends == sorted(ends)


def test_the_first_three_years_can_be_made_by_themselves() -> None:
    """Tables that begin later are not there yet."""
    early = generate(seed=7, persons=300, as_of=date(2018, 12, 31))
    ends = {file.period_to for file in early if file.source.collection == FACTS.register["collection"]}
    assert max(ends) == "2018-12"


def test_rows_lie_inside_their_files(files: list[Incoming]) -> None:
    for file in files:
        for batch in file.batches:
            if batch.table in ("person", "referral"):
                months = batch.frame["period"].str.slice(0, 7)
                is_spoiled = months.str.slice(0, 4) == str(FACTS.as_of.year + 2)
                inside = months.is_between(pl.Series([file.period_from]), pl.Series([file.period_to]))
                assert (inside | is_spoiled).all()
                assert batch.frame["_line"].to_list() == list(range(2, batch.frame.height + 2))


def test_only_spoiled_rows_are_rejected(files: list[Incoming]) -> None:
    region = load_region()
    areas = [word for d in region.districts for word in (d.code, d.name)]
    found: dict[str, int] = {}
    rows = 0
    for file in files:
        for batch in file.batches:
            if batch.table in ("person", "referral"):
                checked = check(batch, FACTS.as_of, areas=areas)
                rows += batch.frame.height if batch.table == "person" else 0
                for rule in checked.rejected["rule"]:
                    found[rule] = found.get(rule, 0) + 1
    assert set(found) == {"above_maximum", "unknown_area", "unknown_code", "future_period"}
    assert sum(found.values()) / rows == pytest.approx(FACTS["rejected_rows"]["share"], rel=0.5)


def test_missing_shares_are_those_of_the_file(stacked: dict[str, pl.DataFrame]) -> None:
    for contributor in FACTS.contributors:
        rows = stacked["person"].filter(pl.col("source") == contributor.source_id)
        for field in ("age", "gender", "citizenship", "area", "status", "identified_by"):
            tolerance = 4 * (0.15 / rows.height) ** 0.5
            share = rows[field].null_count() / rows.height
            assert share == pytest.approx(contributor.missing[field], abs=tolerance), (
                contributor.code,
                field,
            )


def test_a_person_is_the_same_in_every_sheet(stacked: dict[str, pl.DataFrame]) -> None:
    """What two agencies both recorded of a person agrees (a spoiled copy aside); only gaps differ."""
    good = stacked["person"].filter(pl.col("gender").is_null() | (pl.col("gender") != "??"))
    for field in ("gender", "citizenship", "status", "identified_by"):
        values = good.group_by("person_ref").agg(pl.col(field).drop_nulls().n_unique().alias("n"))
        assert values["n"].max() == 1, field


def test_later_look_adds_late_records_and_changes_no_person() -> None:
    now, later = generate(3, 2_000), generate(3, 2_000, date(2026, 12, 31))

    def people(files: list[Incoming]) -> pl.DataFrame:
        frames = [b.frame for f in files for b in f.batches if b.table == "person"]
        good = pl.concat(frames).drop("_line").filter(pl.col("age").is_null() | (pl.col("age") != "208"))
        return good.filter(
            (pl.col("period") < "2026")
            & (pl.col("area") != "Nowhere Wold").fill_null(value=True)
            & (pl.col("gender") != "??").fill_null(value=True)
        )

    keys = ["person_ref", "source"]
    before, after = people(now), people(later)
    assert before.join(after, on=keys).height == before.height < after.height
    both = before.join(after, on=keys, suffix="_later")
    assert both["age"].eq_missing(both["age_later"]).all()
    assert both["form"].eq_missing(both["form_later"]).all()


def test_referrals_hold_together(stacked: dict[str, pl.DataFrame]) -> None:
    people, referrals = stacked["person"], stacked["referral"]
    assert referrals["referral_ref"].n_unique() == referrals.height
    assert referrals.join(people, on="person_ref", how="anti").is_empty()
    waiting = referrals.filter(pl.col("decision") == "waiting")
    assert waiting["days_to_decision"].null_count() == waiting.height > 100
    assert (waiting["is_open"] == "yes").all()
    declined = referrals.filter(pl.col("decline_reason").is_not_null())
    assert set(declined["decision"].drop_nulls()) == {"declined"}
    assert (referrals["period"] <= FACTS.as_of.isoformat()).all()


def test_draw_follows_its_weights() -> None:
    uniform = stream(1, "test").random(200_000)
    for weights in (np.array([1.0, 0.0, 3.0]), np.tile([1.0, 0.0, 3.0], (200_000, 1))):
        share = np.bincount(draw(weights, uniform), minlength=3) / 200_000
        assert share == pytest.approx([0.25, 0.0, 0.75], abs=0.01)


def test_streams_do_not_touch_each_other() -> None:
    first = stream(5, "person", "age").random(4).tolist()
    stream(5, "a table of the next issue").random(1000)
    assert stream(5, "person", "age").random(4).tolist() == first
    assert stream(5, "person", "gender").random(4).tolist() != first


def test_sets_count_bits() -> None:
    flags = np.array([[True, False, True], [False, False, False]])
    assert sets(flags).tolist() == [5, 0]
    assert sets(flags, np.array([True, False])).tolist() == [0, 0]
