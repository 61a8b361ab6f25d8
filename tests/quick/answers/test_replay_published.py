"""Tables of papers that are in no folder of references: a terminal gives the numbers that were printed.

Counts are facts; each names where it was printed.
"""

import json
from pathlib import Path

import pytest
from statsmodels.datasets import nile

from analysis.cli import main
from analysis.statistics.hidden.histories import CaptureTable, capture_table
from analysis.statistics.hidden.loglinear import fit


def answer(capsys: pytest.CaptureFixture[str], folder: Path, name: str, text: str, *more: str) -> dict:
    file = folder / "paper.csv"
    file.write_text(text, "utf-8")
    assert main(["replay", name, str(file), *more, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def lists(codes: str, counts: str) -> str:
    rows = zip(codes.split(), counts.split(), strict=True)
    return "history,count\n" + "".join(f"{code},{count}\n" for code, count in rows)


#: Ball, Betts, Scheuren, Dudukovic & Asher (2002), Killings and Refugee Flow in Kosovo: 4,400 people on the
#: lists ABA, EXH, OSCE and HRW.
KOSOVO = lists(
    "1111 1011 0111 0011 1101 1001 0101 0001 1110 1010 0110 0010 1100 1000 0100",
    "27 32 42 123 18 31 106 306 181 217 228 936 177 845 1131",
)
#: Chao, Tsay, Lin, Shau & Chao (2001), Stat. Med. 20, 3123-3157: hepatitis A in Taiwan, 271 people.
HEPATITIS = lists("111 110 101 100 011 010 001", "28 21 17 69 18 55 63")
#: Bruno, LaPorte, Merletti, Biggeri, McCarty & Pagano (1994), Diabetes Care 17, 548-556: 2,069 people.
DIABETES = (
    ("1111", 58), ("1110", 157), ("1101", 18), ("1100", 104), ("1011", 46), ("1010", 650), ("1001", 12),
    ("1000", 709), ("0111", 14), ("0110", 20), ("0101", 7), ("0100", 74), ("0011", 8), ("0010", 182),
    ("0001", 10),
)  # fmt: skip


def test_killings_in_kosovo(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    found = answer(capsys, tmp_path, "hidden", KOSOVO, "--method", "bic")
    assert found["persons"] == 4_400 and found["model"].endswith("1:2:3")
    assert found["estimate"] == pytest.approx(10_356, abs=1)
    # Printed: 9,002 to 12,122, by another kind of interval.
    assert (found["lower"], found["upper"]) == pytest.approx((9_002, 12_122), rel=2e-3)


def test_hepatitis_in_taiwan(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Independent lists say 388, lists that all depend on each other 1,313: which rule is asked decides."""
    assert answer(capsys, tmp_path, "hidden", HEPATITIS, "--method", "bic")["estimate"] == pytest.approx(
        1_313, abs=0.5
    )
    found = answer(capsys, tmp_path, "hidden", HEPATITIS, "--draws", "100")
    assert found["estimate"] == pytest.approx(388, abs=0.5)
    assert found["other_methods"]["bic"] == pytest.approx(1_313, abs=0.5) and found["contested"]


def test_people_with_diabetes_in_casale() -> None:
    """The model that was printed, with five pairs: 2,771."""
    table: CaptureTable = capture_table(
        "1234", [[int(mark) for mark in code] for code, _ in DIABETES], [number for _, number in DIABETES]
    )
    assert table.persons == 2_069
    found = fit(table, (0b0011, 0b0101, 0b0110, 0b1010, 0b1100))
    assert found is not None and found.total == pytest.approx(2_771, abs=0.5)


#: Freireich et al. (1963), Blood 21, 699-716, as in Gehan (1965): weeks in remission; + still in it.
DRUG = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"
#: Edmonson et al. (1979), Cancer Treat. Rep. 63, 241-247, as in R's survival: days, and the treatment.
OVARIAN_1 = "59 115 156 268 329 431 448+ 477+ 638 803+ 855+ 1040+ 1106+"
OVARIAN_2 = "353 365 377+ 421+ 464 475 563 744+ 769+ 770+ 1129+ 1206+ 1227+"


def waits(**groups: str) -> str:
    rows = [(one, name) for name, text in groups.items() for one in text.split()]
    marked = (f"{one.rstrip('+')},{int('+' not in one)},{name}\n" for one, name in rows)
    return "time,status,group\n" + "".join(marked)


def test_remission_of_leukaemia(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    found = answer(capsys, tmp_path, "survival", waits(drug=DRUG, placebo=PLACEBO))
    assert found["log_rank"]["chi_square"] == pytest.approx(16.79, abs=0.005)
    assert found["log_rank"]["p"] == pytest.approx(4.17e-5, abs=1e-7)
    drug, placebo = found["groups"]["drug"], found["groups"]["placebo"]
    assert (drug["median"], drug["median_lower"], drug["median_upper"]) == (23, 13, None)
    assert (placebo["median"], placebo["median_lower"], placebo["median_upper"]) == (8, 4, 11)
    shares = [round(row["survival"], 3) for row in drug["curve"]]
    assert shares == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]


def test_treatments_of_ovarian_cancer(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = waits(one=OVARIAN_1, two=OVARIAN_2)
    found = answer(capsys, tmp_path, "survival", text, "--transform", "log")
    assert (found["waits"], found["over"]) == (26, 12)
    assert (found["median"], found["median_lower"], found["median_upper"]) == (638, 464, None)
    assert found["log_rank"]["chi_square"] == pytest.approx(1.06, abs=0.005)
    assert found["log_rank"]["p"] == pytest.approx(0.303, abs=5e-4)


def test_the_nile_has_the_published_levels(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Cobb (1978), Biometrika 65, 243-251: the last year of the old level is 1898."""
    rows = nile.load_pandas().data.itertuples(index=False)
    text = "period,count\n" + "".join(f"{year:.0f},{flow}\n" for year, flow in rows)
    [one] = answer(capsys, tmp_path, "changepoint", text)["breaks"]
    assert (one["first_period"], one["earliest"] <= "1899" <= one["latest"]) == ("1899", True)
    assert (one["before"], one["after"]) == pytest.approx((1_097.75, 849.97), abs=0.005)


#: Jarrett (1979), Biometrika 66, 191-193: explosions in British coal mines, 1851 to 1962.
MINES = (
    "4504143406334026335453144155342522342132211113001011003103220111010100021"
    "00011023311211112420014000100000100101"
)


def test_explosions_in_coal_mines_became_fewer(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Raftery & Akman (1986), Biometrika 73, 85-89, and Carlin et al. (1992): after the 41st year."""
    assert sum(map(int, MINES)) == 191
    text = "period,count\n" + "".join(f"{1851 + n},{one}\n" for n, one in enumerate(f"{MINES}0"))
    [one] = answer(capsys, tmp_path, "changepoint", text)["breaks"]
    assert one["first_period"] == str(1851 + 41)
    assert (one["before"], one["after"]) == pytest.approx((127 / 41, 64 / 71))
    assert one["earliest"] == "1887"
