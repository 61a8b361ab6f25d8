"""Tables of which nothing can be said: refused in words, never answered by 1e17, NaN or a traceback."""

import json
import re
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
