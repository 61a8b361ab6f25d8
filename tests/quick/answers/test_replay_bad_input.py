"""Tables of which nothing can be said: refused in words, never answered by 1e17, NaN or a traceback."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from analysis.cli import main

HIDDEN = "A,B,C,count\n"
DISCONNECTED = "area,value\n" + "".join(f"{name},{n}\n" for n, name in enumerate("ABCDEF"))
CASES = {
    "no_overlap_between_lists": ("hidden", HIDDEN + "1,0,0,300\n0,1,0,260\n0,0,1,400\n", ()),
    "identical_lists": ("hidden", HIDDEN + "1,1,0,300\n1,1,1,60\n0,0,1,400\n", ()),
    "an_empty_list": ("hidden", HIDDEN + "1,0,0,300\n0,1,0,260\n1,1,0,40\n", ()),
    "a_list_that_overlaps_no_other": (
        "hidden",
        HIDDEN + "1,0,0,300\n0,1,0,260\n1,1,0,40\n0,0,1,200\n",
        (),
    ),
    "nobody": ("hidden", HIDDEN + "1,0,0,0\n0,1,0,0\n", ()),
    "one_area_moran": ("moran", "area,value\nA,1\n", ("--neighbours", "LINKS")),
    "one_area_smoothing": ("smoothing", "area,count,population\nA,4,90\n", ()),
    "one_group_segregation": ("segregation", "group,need,places\nA,4,90\n", ()),
    "disconnected_weights": ("moran", DISCONNECTED, ("--neighbours", "LINKS")),
    "two_points_forecast": ("forecast", "count\n5\n7\n", ()),
    "two_points_signals": ("signals", "count\n5\n7\n", ()),
    "two_points_changepoint": ("changepoint", "count\n5\n7\n", ()),
    "two_points_its": ("its", "count,after\n5,0\n7,1\n", ()),
    "an_intervention_before_the_series": ("its", "count,after\n" + "5,1\n" * 20, ()),
    "an_intervention_after_the_series": ("its", "count,after\n" + "5,0\n" * 20, ()),
    "a_start_outside_of_the_series": ("its", "count\n" + "5\n" * 20, ("--start", "40")),
    "negative_time": ("survival", "time,status\n4,1\n-1,1\n", ()),
    "all_still_waiting": ("survival", "time,status\n4,0\n9,0\n", ()),
    "nothing_counted": ("its", "count,after\n" + "0,0\n" * 9 + "0,1\n" * 9, ()),
    "nothing_at_first_delay": ("delay", "0,1,2\n0,0,0\n0,0,\n0,,\n", ()),
}


@pytest.mark.parametrize("case", CASES)
def test_what_says_nothing_is_refused_in_words(
    case: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    name, text, more = CASES[case]
    file, links = tmp_path / "paper.csv", tmp_path / "links.csv"
    file.write_text(text, "utf-8")
    links.write_text("from,to\n" + ("" if "one" in case else "A,B\nB,A\n"), "utf-8")
    words = [str(links) if one == "LINKS" else one for one in more]
    code = main(["replay", name, str(file), *words, "--json"])
    out, err = capsys.readouterr()
    said = err or json.loads(out).get("refused") or ""
    assert code == 1 and len(said.split()) >= 4, (code, out, err)
    assert "Traceback" not in err and not re.search(r"\bnan\b|e\+?1\d\b|inf\b", f"{said} {out}", re.I), said


def test_one_smoothed_area_keeps_its_own_rate_or_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "areas.csv"
    file.write_text("area,need,places\nA,0,0\nB,0,3\n", "utf-8")
    assert main(["replay", "segregation", str(file), "--json"]) == 1
    assert "has no column" not in (said := capsys.readouterr().out) and "need holds nothing" in said


def test_need_and_places_that_lie_apart(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "groups.csv"
    file.write_text(
        "group,need,places,turnover,added\nA,500,20,4,200\nB,300,300,4,10\nC,200,500,2,5\n", "utf-8"
    )
    assert main(["replay", "segregation", str(file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["index_as_counted"] == pytest.approx(0.4756, abs=1e-4)
    assert found["lower"] < found["index"] < found["upper"]
    assert [one["clearly"] for one in found["groups"].values()] == ["more need", "not clear", "more places"]
    assert found["groups"]["A"]["used"] == pytest.approx(120) and found["groups"]["A"]["idle"] == 80
    for option, words in (("--noise-variance", "-1"), ("--confidence", "2")):
        assert main(["replay", "segregation", str(file), option, words]) == 1
        assert f"{option} is {words}" in capsys.readouterr().err


# --- any table of any statistic, made hostile ---

AREAS = "ABCDEFGH"
MONTHS = [round(40 + 10 * (n % 12) / 12 + 0.3 * n) for n in range(48)]
LINKS = "from,to\n" + "".join(f"{a},{b}\n{b},{a}\n" for a, b in pairwise(AREAS))
SITES = "site,places\nx,10\ny,20\n"
MINUTES = "area,site,minutes\nA,x,10\nB,x,20\nB,y,5\nC,y,50\n"
#: Statistic, columns, rows, and the other files and options that it needs.
TABLES: dict[str, tuple[str, list[list[object]], tuple[str, ...]]] = {
    "hidden": (
        "A,B,C,count",
        [[1, 0, 0, 300], [0, 1, 0, 260], [0, 0, 1, 400], [1, 1, 0, 40], [1, 0, 1, 50], [0, 1, 1, 60]],
        ("--method", "bic"),
    ),
    "rates": ("area,count,population", [[a, 7 * n + 3, 900 + n] for n, a in enumerate(AREAS)], ()),
    "rates standard": ("count,population,standard", [[7 * n + 3, 900 + n, 500] for n in range(8)], ()),
    "rates ratio": ("count,population,standard_rate", [[7 * n + 3, 900 + n, 0.01] for n in range(8)], ()),
    "funnel": ("area,count,base", [[a, 7 * n + 3, 900 + n] for n, a in enumerate(AREAS)], ()),
    "funnel ratio": ("area,count,expected", [[a, 7 * n + 3, 10 + n] for n, a in enumerate(AREAS)], ()),
    "smoothing": (
        "area,count,population",
        [[a, 7 * n % 13 + 3, 900 + n] for n, a in enumerate(AREAS)],
        ("--neighbours", LINKS),
    ),
    "moran": (
        "area,value",
        [[a, n * n % 11 + 0.5] for n, a in enumerate(AREAS)],
        ("--neighbours", LINKS, "--permutations", "99"),
    ),
    "moran rates": (
        "area,count,population",
        [[a, 7 * n % 13 + 3, 900 + n] for n, a in enumerate(AREAS)],
        ("--neighbours", LINKS, "--permutations", "99"),
    ),
    "its": (
        "count,after,population,season",
        [[one, int(n >= 24), 9_000 + n, n % 12 + 1] for n, one in enumerate(MONTHS)],
        (),
    ),
    "changepoint": (
        "period,count,population",
        [[f"p{n}", one + 60 * (n > 20), 900 + n] for n, one in enumerate(MONTHS)],
        (),
    ),
    "survival": ("time,status,group", [[n % 9 + 1, int(n % 3 > 0), "ab"[n % 2]] for n in range(30)], ()),
    "forecast": (
        "period,count",
        [[f"p{n}", one // 20] for n, one in enumerate(MONTHS)],
        ("--no-backtest", "--periods-a-year", "1"),
    ),
    "signals": (
        "period,count,population",
        [[f"p{n}", one, 900 + n] for n, one in enumerate(MONTHS)],
        ("--periods-a-year", "4"),
    ),
    "delay": ("period,0,1,2", [["a", 50, 20, 5], ["b", 60, 22, 6], ["c", 55, 21, ""], ["d", 58, "", ""]], ()),
    "access": (
        "area,residents",
        [[a, 900 + n] for n, a in enumerate("ABC")],
        ("--sites", SITES, "--minutes", MINUTES),
    ),
    "segregation": (
        "group,need,places,turnover,added",
        [["A", 500, 20, 4, 200], ["B", 300, 300, 4, 10], ["C", 200, 500, 2, 5]],
        (),
    ),
}
NAMES = {"area", "period", "group", "A", "B", "C"}
VALUES = ("nan", "inf", "-inf", "-1", "text", "1_000", "1e308", "1e17", "1e-320", "=1+1", "9" * 400)
#: Options that are a number: what none of them may be, if a statistic has it.
OPTIONS = {
    "--noise-variance": ("-1", "nan", "inf", "1e308"),
    "--confidence": ("0", "1", "2", "nan", "0.9999999999999999"),
    "--threshold": ("1.1", "-0.1", "nan"),
    "--draws": ("0", "-1", "99", "1000000000000"),
    "--multiplier": ("0", "-1", "nan", "inf", "1e308"),
    "--target": ("-1", "nan", "inf", "1e308"),
    "--false-discoveries": ("0", "1", "nan", "-1"),
    "--permutations": ("0", "-1", "1000000000000"),
    "--periods-a-year": ("0", "-1", "1000000000000"),
    "--harmonics": ("-1", "100000"),
    "--penalty": ("-1", "nan", "inf", "1e308"),
    "--shortest": ("0", "-1"),
    "--horizon": ("0", "-1", "10000000"),
    "--alarm-rate": ("0", "1", "nan", "-1"),
    "--years": ("0", "-1"),
    "--last": ("0", "-1", "10000"),
    "--start": ("-1", "0", "47", "1000"),
    "--catchment": ("0", "-1", "nan", "inf"),
}


def replayed(
    folder: Path, statistic: str, text: str | bytes, more: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> tuple[int, str, str]:
    """Return exit code, what was said, and the name of the file; fails on a number without end."""
    file = folder / "paper.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    words = []
    for place, one in enumerate(more):
        other = folder / f"other{place}.csv"
        if "\n" in one:
            other.write_text(one, "utf-8")
        words.append(str(other) if "\n" in one else one)
    code = main(["replay", statistic.split(maxsplit=1)[0], str(file), *words, "--json"])
    out, err = capsys.readouterr()
    found = json.loads(out) if out else {}
    assert not re.search(r"\bNaN\b|Infinity|e\+?(1[7-9]|[2-9]\d|\d{3})\b", out), out
    return code, err or found.get("refused") or "", out


def as_text(heading: str, rows: list[list[object]]) -> str:
    return heading + "\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)


@pytest.mark.parametrize("statistic", TABLES)
def test_no_value_of_any_column_comes_to_a_number_without_end(
    statistic: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    heading, rows, more = TABLES[statistic]
    assert replayed(tmp_path, statistic, as_text(heading, rows), more, capsys)[0] == 0
    marked = replayed(tmp_path, statistic, b"\xef\xbb\xbf" + as_text(heading, rows).encode(), more, capsys)
    assert marked[0] == 0  # a mark of Excel's
    for place, name in enumerate(heading.split(",")):
        if name in NAMES:
            continue
        for value in VALUES:
            changed = [*rows[:1], [*rows[1][:place], value, *rows[1][place + 1 :]], *rows[2:]]
            code, said, _ = replayed(tmp_path, statistic, as_text(heading, changed), more, capsys)
            if (name, value) == ("value", "-1"):
                continue  # a value may lie below 0
            assert code == 1 and f"paper.csv, line 3, {name}: " in said, (value, said)
        everywhere = [[*row[:place], "1e308", *row[place + 1 :]] for row in rows]
        code, said, _ = replayed(tmp_path, statistic, as_text(heading, everywhere), more, capsys)
        assert code == 1 and f"line 2, {name}" in said


@pytest.mark.parametrize("statistic", TABLES)
def test_a_file_that_is_no_table_is_refused_by_each(
    statistic: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    heading, rows, more = TABLES[statistic]
    names, text = heading.split(","), as_text(heading, rows)
    twice = as_text(f"{heading},{names[-1]}", [[*row, row[-1]] for row in rows])
    for bad, words in (
        ("", "has no rows"),
        (heading + "\n", "has no rows"),
        (twice, "twice"),
        ("x\n1\n2\n3\n", "has no column"),
        (text.encode("utf-16"), "is not UTF-8"),
        (as_text(heading, [*rows[:1], rows[1][:-1]]), "line 3 has"),
    ):
        code, said, out = replayed(tmp_path, statistic, bad, more, capsys)
        assert code == 1 and words in said and not out, (bad, said)
    for few in (rows[:1], rows[:2]):  # one area, one period, one list's people: a figure or a sentence
        code, said, _ = replayed(tmp_path, statistic, as_text(heading, few), more, capsys)
        assert code in (0, 1) and (code == 0 or len(said.split()) >= 4)


@pytest.mark.parametrize("option", OPTIONS)
def test_no_option_that_is_a_number_can_be_anything(
    option: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    having = 0
    for statistic, (heading, rows, more) in TABLES.items():
        if " " in statistic:
            continue
        with pytest.raises(SystemExit):
            main(["replay", statistic, "--help"])
        if f"{option} " not in capsys.readouterr().out:
            continue
        having += 1
        for value in OPTIONS[option]:
            given = (*more, f"{option}={value}")
            code, said, _ = replayed(tmp_path, statistic, as_text(heading, rows), given, capsys)
            assert code == 1 and option.removeprefix("--").replace("-", "[-_]").split("[")[0] in said
            assert re.search("allowed", said, re.I), (statistic, value, said)
    assert having
