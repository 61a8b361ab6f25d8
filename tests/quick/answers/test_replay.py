"""Published tables through our statistics, from a terminal."""

import json
from pathlib import Path
from typing import Any

import pytest

from analysis.cli import main
from tests.support import PROJECT, reference

SMALL = "A,B,C,count\n1,0,0,300\n0,1,0,260\n0,0,1,400\n1,1,0,9\n1,0,1,7\n0,1,1,6\n1,1,1,2\n"


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = main(["replay", *map(str, words)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def answer(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, Any]:
    code, out, _ = run(capsys, *words, "--json")
    found: dict[str, Any] = json.loads(out)
    assert code == (1 if found["refused"] else 0)
    return found


@pytest.mark.real
def test_the_first_estimate_for_the_united_kingdom(capsys: pytest.CaptureFixture[str]) -> None:
    file = reference("mse", "uk2013_five_lists.csv")
    older = answer(capsys, "hidden", file, "--method", "aic")
    assert older["estimate"] == pytest.approx(11_303.9, abs=0.1)
    assert (older["lower"], older["upper"]) == pytest.approx((9_889.2, 13_063.1), abs=0.1)
    newer = answer(capsys, "hidden", file, "--draws", 200, "--seed", 2)
    assert newer["estimate"] == pytest.approx(11_312.9903, rel=1e-6)
    assert newer["persons"] == 2_744 and newer["overlaps"]["LA:GP"] == 0


def test_what_a_file_says_twice_is_summed_and_codes_are_text(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    by_columns, by_codes = tmp_path / "columns.csv", tmp_path / "codes.csv"
    by_columns.write_text(SMALL, "utf-8")
    by_codes.write_text(
        "history;count\n100;200\n100;100\n010;260\n001;400\n110;9\n101;7\n011;6\n111;2\n", "utf-8-sig"
    )
    one, other = (answer(capsys, "hidden", file, "--draws", 100) for file in (by_columns, by_codes))
    assert one["estimate"] == pytest.approx(other["estimate"])
    assert (one["lists"], other["lists"]) == (["A", "B", "C"], ["1", "2", "3"])
    assert set(one) >= {"estimate", "lower", "upper", "method", "model", "refused"}
    code, out, _ = run(capsys, "hidden", by_columns, "--draws", 100)
    assert code == 0 and "other methods:\n  bic: " in out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "has no rows"),
        ("A,B,count\n", "has no rows"),
        ("A,B\n1,0\n", "has no column count"),
        ("A,B,count\n1,0,x\n", "line 2, count: 'x'"),
        ("A,B,count\n1,0,-1\n", "line 2, count"),
        ("A,B,count\n1,0,1.5\n", "line 2, count"),
        ("A,B,count\n1,0,nan\n", "line 2, count"),
        ("A,B,count\n1,2,4\n", "line 2, B: '2'"),
        ("A,B,count\n1,,4\n", "line 2, B: nothing"),
        ("A,B,count\n1,0,4\n0,0,5\n", "line 3: these persons are on no list"),
        ("A,B,count\n1,0\n", "line 2 has 2 values"),
        ("A,A,count\n1,0,1\n", "twice"),
        ("A,,count\n1,0,1\n", "no heading"),
        ("history,count\n001,4\n01,4\n", "line 3, history"),
        ("A,count\n1,4\n", "has 1 lists"),
        (",".join(f"L{n}" for n in range(13)) + ",count\n" + "1," * 13 + "4\n", "has 13 lists"),
    ],
)
def test_a_file_that_is_no_table_is_named_with_its_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, words: str
) -> None:
    file = tmp_path / "paper.csv"
    file.write_text(text, "utf-8")
    code, out, err = run(capsys, "hidden", file, "--json")
    assert (code, out) == (1, "")
    assert words in err and err.startswith("Error: paper.csv") and "Traceback" not in err


def test_resamples_are_of_the_same_lists(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file, drawn = tmp_path / "paper.csv", tmp_path / "drawn.csv"
    file.write_text(SMALL, "utf-8")
    for text, words in (
        ("1000,0100\n5,5\n", "is no history of 3 lists"),
        ("100,010\n5,-5\n", "line 2"),
        ("100,010\n0,0\n", "line 2"),
        ("000,010\n5,5\n", "is no history"),
    ):
        drawn.write_text(text, "utf-8")
        code, _, err = run(capsys, "hidden", file, "--resamples", drawn)
        assert code == 1 and words in err


def test_too_little_is_refused_and_answered_only_when_asked_below_the_floor(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "small.csv"
    file.write_text(SMALL.replace("300", "30").replace("260", "5").replace("400", "20"), "utf-8")
    refused = answer(capsys, "hidden", file)
    assert refused["estimate"] is None and "an estimate needs at least 100" in refused["refused"]
    assert answer(capsys, "hidden", file, "--below-floor", "--draws", 100)["estimate"] > 79


@pytest.mark.parametrize(
    "words", [("--threshold", "2"), ("--confidence", "1"), ("--draws", "3"), ("--seed", "-1")]
)
def test_options_that_cannot_be_are_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: tuple[str, str]
) -> None:
    file = tmp_path / "paper.csv"
    file.write_text(SMALL, "utf-8")
    code, _, err = run(capsys, "hidden", file, *words)
    assert code == 1 and words[0] in err and "Allowed" in err


def test_no_page_and_no_other_room_imports_it() -> None:
    users = {
        path.relative_to(PROJECT).as_posix()
        for layer in ("ui", "pages", "analysis", "etl")
        for path in (PROJECT / layer).rglob("*.py")
        if "analysis.replay" in path.read_text("utf-8")
    }
    assert {name for name in users if not name.startswith("analysis/replay/")} == {"analysis/cli.py"}


# --- other statistics ---


@pytest.mark.real
def test_published_tables_of_areas_and_waits(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = reference("smoothing", "nc_sids_1974_reference.csv").read_text("utf-8").splitlines()
    areas = tmp_path / "areas.csv"
    rows = [line.split(",")[:3] for line in lines[1:]]
    areas.write_text("\n".join(["area,population,count", *(",".join(row) for row in rows)]), "utf-8")
    links = reference("smoothing", "nc_neighbours.csv")
    smooth = answer(capsys, "smoothing", areas, "--neighbours", links)
    assert smooth["areas"]["Ashe"]["marshall_global"] == pytest.approx(0.0016972973308556, rel=1e-8)
    assert smooth["areas"]["Ashe"]["marshall_local"] == pytest.approx(0.0009922275508516, rel=1e-8)
    alike = answer(capsys, "moran", areas, "--neighbours", links, "--permutations", 99)
    assert alike["moran_i"] == pytest.approx(0.2385172334658, rel=1e-8)
    assert alike["moran_i_standardised"] == pytest.approx(0.2542309911528, rel=1e-8)
    assert alike["local"]["Ashe"]["local_i"] == pytest.approx(0.631074765786144, rel=1e-8)
    waits = tmp_path / "waits.csv"
    text = reference("survival", "aml.csv").read_text("utf-8").replace('"', "")
    waits.write_text(text.replace("time,status,x", "time,status,group"), "utf-8")
    over = answer(capsys, "survival", waits)
    assert over["groups"]["Maintained"]["median"] == 31
    assert over["log_rank"]["chi_square"] == pytest.approx(3.39638869898, rel=1e-9)


def test_rates_and_funnels_of_a_small_table(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_text("area,count,population\nA,20,100\nB,0,50\n", "utf-8")
    found = answer_without_refusal(capsys, "rates", file)
    assert found["rates"]["A"]["lower"] == pytest.approx(12211.428834875936)
    file.write_text("count,population,standard\n4,636,5000\n2,558,5500\n", "utf-8")
    assert "fewer than 10 events" in answer(capsys, "rates", file)["refused"]
    file.write_text("count,population,standard_rate\n40,636,0.05\n20,558,0.02\n", "utf-8")
    assert answer(capsys, "rates", file)["value"] == pytest.approx(60 / (636 * 0.05 + 558 * 0.02))
    file.write_text("area,count,base\nA,90,100\nB,10,100\nC,50,100\n", "utf-8")
    areas = answer_without_refusal(capsys, "funnel", file)["areas"]
    assert (areas["A"]["outside"], areas["B"]["outside"], areas["C"]["outside"]) == (
        "above 99_8",
        "below 99_8",
        None,
    )


def answer_without_refusal(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, Any]:
    code, out, _ = run(capsys, *words, "--json")
    assert code == 0
    found: dict[str, Any] = json.loads(out)
    return found


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("rates", "count,population\n5,4\n", "line 2, count: '5'"),
        ("rates", "count,population\n5,0\n", "line 2, population"),
        ("rates", "count,population,standard\n5,9,0\n", "the standard has nobody"),
        ("rates", "population\n5\n", "has no column count"),
        ("funnel", "count,base\n5,4\n", "at most the base"),
        ("funnel", "count,expected\n5,0\n", "line 2, expected"),
        ("smoothing", "area,count,population\nA,1,9\nA,1,9\n", "line 3, area"),
        ("survival", "time,status\n-1,1\n", "line 2, time"),
        ("survival", "time,status\n1,2\n", "line 2, status"),
    ],
)
def test_a_table_of_another_statistic_is_named_with_its_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, text: str, words: str
) -> None:
    file = tmp_path / "paper.csv"
    file.write_text(text, "utf-8")
    code, out, err = run(capsys, name, file, "--json")
    assert (code, out) == (1, "") and words in err


def test_what_cannot_be_said_is_refused_in_words(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file, links = tmp_path / "paper.csv", tmp_path / "links.csv"
    file.write_text("time,status\n1,0\n2,0\n", "utf-8")
    assert "No wait is over" in answer(capsys, "survival", file)["refused"]
    file.write_text("area,value\nA,1\nB,2\n", "utf-8")
    links.write_text("from,to\nA,B\n", "utf-8")
    assert "areas" in answer(capsys, "moran", file, "--neighbours", links)["refused"]
    links.write_text("from,to\nA,C\n", "utf-8")
    code, _, err = run(capsys, "moran", file, "--neighbours", links)
    assert code == 1 and "links.csv, line 2, to: 'C'" in err


@pytest.mark.real
def test_the_smoking_ban_of_sicily(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "sicily.csv"
    text = reference("its", "sicily.csv").read_text("utf-8")
    file.write_text(
        text.replace("year,month,aces,time,smokban,pop,stdpop", "year,season,count,time,after,pop,population")
    )
    found = answer(capsys, "its", file)
    assert found["step_ratio"] == pytest.approx(0.885072, rel=1e-5)
    assert (found["lower"], found["upper"]) == pytest.approx((0.8394, 0.933228), rel=1e-5)
    assert answer(capsys, "its", file, "--slope")["slope_ratio"] == pytest.approx(1.001483, rel=1e-5)


def test_series_of_a_file_and_those_that_cannot_be(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "series.csv"
    rows = [f"2020-{1 + n % 12:02d}/{n // 12},{(50 if n < 20 else 90) + n % 3}" for n in range(40)]
    file.write_text("\n".join(["period,count", *rows]), "utf-8")
    [change] = answer(capsys, "changepoint", file)["breaks"]
    assert change["first_period"] == rows[20].split(",")[0]
    file.write_text("count\n1\n2\n", "utf-8")
    assert "too few" in answer(capsys, "changepoint", file)["refused"]
    file.write_text("count,after\n" + "0,0\n" * 8 + "5,1\n" * 8, "utf-8")
    assert "runs away" in answer(capsys, "its", file)["refused"]
    for text, words in (
        ("count,after\n5,1\n5,0\n", "once from 0 to 1"),
        ("count,after\n5,0\n5,2\n", "line 3, after"),
        ("count,after\n5,0\n5,1\n", "start is 1"),
        ("count\n5\n", "has no column after"),
    ):
        file.write_text(text, "utf-8")
        code, _, err = run(capsys, "its", file)
        assert code == 1 and words in err


SERIES = "period,count\n" + "".join(
    f"{2018 + n // 4} Q{n % 4 + 1},{40 + 3 * (n % 4) + n % 3}\n" for n in range(32)
)


def test_a_series_goes_on_and_says_how_it_did_before(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "series.csv"
    file.write_text(SERIES, "utf-8")
    found = answer(capsys, "forecast", file, "--horizon", 2, "--periods-a-year", 4, "--noise-variance", 3)
    first, second = found["periods"]
    assert first["ahead"] == 1 and second["ahead"] == 2 and found["model"].startswith("ETS(A,")
    assert first["lower_95"] < first["lower_80"] < first["middle"] < first["upper_80"] < first["upper_95"]
    assert 0 <= found["backtest"]["covered_80"] <= found["backtest"]["covered_95"] <= 1
    file.write_text("count\n5\n7\n", "utf-8")
    assert "2 periods; allowed: 8 or more" in answer(capsys, "forecast", file)["refused"]


def test_the_newest_count_of_a_series_is_held_against_what_is_usual(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "series.csv"
    file.write_text(SERIES + "2026 Q1,95\n", "utf-8")
    found = answer(capsys, "signals", file, "--periods-a-year", 4, "--last", 2)
    assert found["signals"] == 1 and [one["signal"] for one in found["periods"]] == [False, True]
    assert found["periods"][1]["period"] == "2026 Q1" and found["periods"][1]["limit"] < 95
    file.write_text("count\n5\n7\n", "utf-8")
    assert "0 earlier counts" in answer(capsys, "signals", file)["refused"]
    code, _, error = run(capsys, "signals", file, "--last", 3)
    assert code == 1 and "--last is 3" in error


def test_a_triangle_is_completed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "triangle.csv"
    file.write_text("period,0,1,2\na,60,30,10\nb,66,33,\nc,54,,\n", "utf-8")
    found = answer(capsys, "delay", file)
    assert found["complete"] == pytest.approx({"0": 0.6, "1": 0.9, "2": 1.0})
    assert found["periods"]["c"]["expected"] == pytest.approx(90)
    assert found["periods"]["c"]["lower"] < 90 < found["periods"]["c"]["upper"]
    assert found["still_to_come"] == pytest.approx(11 + 36)
    for text, words in (
        ("period,1,0\na,1,2\n", "no columns 0, 1, 2"),
        ("0,1\n5,x\n5,1\n", "line 2, 1: "),
        ("0,1\n,1\n5,\n", "is not known before one that is"),
    ):
        file.write_text(text, "utf-8")
        code, _, error = run(capsys, "delay", file)
        assert code == 1 and words in error, error


def test_places_are_shared_among_those_who_reach_them(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    areas, sites, minutes = (tmp_path / name for name in ("areas.csv", "sites.csv", "minutes.csv"))
    areas.write_text("area,residents\na,1000\nb,3000\nc,500\n", "utf-8")
    sites.write_text("site,places\nx,20\ny,7\n", "utf-8")
    minutes.write_text("area,site,minutes\na,x,0\nb,x,30\n", "utf-8")
    words = ("access", areas, "--sites", sites, "--minutes", minutes)
    found = answer(capsys, *words)
    assert found["places_reached"] == pytest.approx(20) and found["places_out_of_reach"] == {"y": 7}
    assert found["areas"]["c"] == {"places_per_resident": 0, "is_reached": False}
    assert found["areas"]["a"]["places_per_resident"] > found["areas"]["b"]["places_per_resident"] > 0
    plain = answer(capsys, *words, "--weights", "plain")
    assert plain["areas"]["a"] == plain["areas"]["b"] == {"places_per_resident": 0.005, "is_reached": True}
    minutes.write_text("area,site,minutes\na,z,0\n", "utf-8")
    code, _, error = run(capsys, *words)
    assert code == 1 and "allowed: a site of its own file" in error.lower()
