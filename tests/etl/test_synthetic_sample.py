"""A sample has the rows that were asked for, is the same every time and loads by the mapping beside it."""

from pathlib import Path

import polars as pl
import pytest

from etl.contracts.check import check
from etl.demonstration import load_facts, load_region, sample
from etl.errors import EtlError
from etl.incoming import ReadOptions
from etl.sources.records import own


def test_loads_by_its_mapping_without_a_rejection(tmp_path: Path) -> None:
    made = sample(2_000, 1, tmp_path / "large.csv")
    region, as_of = load_region(), load_facts().as_of
    options = ReadOptions(made.mapping, region.home_country, as_of, folder=tmp_path)
    incoming = own.read(made.data, options)
    assert incoming.source.is_synthetic
    assert incoming.ledger.kept == made.rows == 2_000
    assert (incoming.period_from, incoming.period_to) == ("2016-01", "2025-12")
    areas = [district.name for district in region.districts]
    checked = check(incoming.batches[0], as_of, areas=areas, period=("2016-01", "2025-12"))
    assert checked.rejected.is_empty()
    rows = checked.accepted
    assert rows["person_ref"].n_unique() == 2_000
    assert rows["source"].n_unique() == 6
    for column in ("area", "age", "gender", "citizenship", "status", "identified_by"):
        assert 0 < rows[column].null_count() < 0.2 * rows.height
    assert rows["form"].list.len().max() > 1


def test_the_same_again_and_other_with_another_seed(tmp_path: Path) -> None:
    files = [sample(500, seed, tmp_path / f"{i}.csv").data.read_bytes() for i, seed in enumerate((4, 4, 5))]
    assert files[0] == files[1] != files[2]


def test_parquet_holds_the_same_rows(tmp_path: Path) -> None:
    text = pl.read_csv(sample(300, 2, tmp_path / "a.csv").data, infer_schema=False)
    assert text.equals(pl.read_parquet(sample(300, 2, tmp_path / "a.parquet").data))


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_blocks_join_without_a_seam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    monkeypatch.setattr("etl.demonstration.sampling.BLOCK", 400)
    made = sample(1_001, 3, tmp_path / f"blocks.{ending}")
    rows = pl.read_csv(made.data, infer_schema=False) if ending == "csv" else pl.read_parquet(made.data)
    assert rows["Client ref"].to_list() == [f"SMP-{i:09d}" for i in range(1, 1_002)]
    assert not rows[:400].drop("Client ref").equals(rows[400:800].drop("Client ref"))


@pytest.mark.parametrize(
    ("rows", "seed", "name"), [(0, 1, "a.csv"), (10, -1, "a.csv"), (10, 1, "a.xlsx"), (10, 1, "a")]
)
def test_refuses_what_it_cannot_make(tmp_path: Path, rows: int, seed: int, name: str) -> None:
    with pytest.raises(EtlError) as error:
        sample(rows, seed, tmp_path / name)
    assert "python -m etl sample" in error.value.next_step
    assert list(tmp_path.iterdir()) == []
