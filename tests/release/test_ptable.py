"""The perturbation table: every row, against its definition and against the reference rows."""

import csv
import itertools

import numpy as np
import pytest

from etl.errors import EtlError
from etl.release.cells import ptable
from tests.support import reference

SECRET = b"a secret of the tests, thirty-two"
D, V, JS, KEYS = 5, 3.0, 2, 256


@pytest.fixture(scope="module")
def table() -> np.ndarray:
    return ptable.build(SECRET, D, V, JS)


def test_every_row_has_256_keys_mean_0_variance_3(table: np.ndarray) -> None:
    assert table.shape == (750, KEYS)
    whole = table.astype(int)
    assert (whole.sum(axis=1) == 0).all()
    assert ((whole**2).sum(axis=1) == KEYS * V).all()


def test_no_count_is_published_as_1_or_2_or_below_0_or_changed_by_more_than_5(table: np.ndarray) -> None:
    made = table.astype(int) + np.arange(1, 751)[:, None]
    assert not ((made < 0) | ((made >= 1) & (made <= JS))).any()
    assert np.abs(table).max() == D


def test_rows_are_the_reference_rows() -> None:
    with reference("cell-key", "ptable_rows.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for count, of_count in itertools.groupby(rows, key=lambda row: int(row["count"])):
        expected = list(of_count)
        noise, numbers, shares = ptable.row(count, D, V, JS)
        assert noise.tolist() == [int(row["noise"]) for row in expected]
        assert numbers.tolist() == [int(row["keys_of_256"]) for row in expected], count
        for share, row in zip(shares, expected, strict=True):
            assert share == pytest.approx(float(row["probability_before_cutting"]), abs=1e-7)


def test_rows_hold_the_same_changes_as_the_reference_table(table: np.ndarray) -> None:
    expected: dict[int, list[int]] = {}
    with reference("cell-key", "ptable.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            expected.setdefault(int(row["pcv"]), []).append(int(row["pvalue"]))
    for count, changes in expected.items():
        assert sorted(table[count - 1].tolist()) == sorted(changes), count


def test_keys_are_shuffled_in_each_row_from_the_secret(table: np.ndarray) -> None:
    assert len({row.tobytes() for row in table[7:]}) == 743, "rows of the same noise have different orders"
    again = ptable.build(bytes(SECRET), D, V, JS)
    other = ptable.build(SECRET + b"!", D, V, JS)
    assert (again == table).all()
    assert (other != table).mean() > 0.5
    # One key does not always raise or always lower: its changes over all rows look like a row.
    assert np.abs(table[7:].astype(float).mean(axis=0)).max() < 0.35


@pytest.mark.parametrize(
    "count, row", [(1, 1), (750, 750), (751, 501), (1000, 750), (1001, 501), (2163, 663)]
)
def test_counts_above_750_use_the_last_250_rows_again(count: int, row: int) -> None:
    assert ptable.table_row(count) == row


@pytest.mark.parametrize(
    "d, v, js, keys", [(2, 50.0, 2, 256), (5, 3.001, 2, 256), (1, 0.1, 5, 256), (5, 3.0, 2, 3)]
)
def test_impossible_parameters_are_refused_with_the_file_to_correct(
    d: int, v: float, js: int, keys: int
) -> None:
    with pytest.raises(EtlError, match=r"protection\.toml, \[noise\]") as raised:
        ptable.build(SECRET, d, v, js, keys)
    assert "d = 5" in raised.value.next_step


@pytest.mark.parametrize("d, v, js", [(3, 1.0, 1), (4, 2.5, 1), (5, 2.0, 1), (8, 6.0, 2)])
def test_other_parameters_give_tables_with_the_same_promises(d: int, v: float, js: int) -> None:
    made = ptable.build(SECRET, d, v, js).astype(int)
    assert (made.sum(axis=1) == 0).all()
    assert ((made**2).sum(axis=1) == KEYS * v).all()
    assert np.abs(made).max() <= d
    published = made + np.arange(1, 751)[:, None]
    assert not ((published < 0) | ((published >= 1) & (published <= js))).any()
