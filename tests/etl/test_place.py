"""Whose deployment it is: the command that writes ``deployment.toml``, and the panel of the desk above it."""

import codecs
import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from etl.commands.keeping import deployment_file
from etl.config import named_now, read_deployment
from etl.desk.state import Desk
from etl.desk.steps import task_force
from tests.etl.made_home import CommandLine, Deliverer, command_line, person_row
from tests.etl.test_desk_release import Session, desk_of

WRITTEN = """\
# Ours, by hand
place = "Old name"  # what it was called
areas = [
  "12086",
]
geography = "us"

# the year of our money
[[fiscal_year]]
name = "Federal"
first_month = 10

[[input]]
file = "year.csv"   # stays
source = "own"
"""


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    return command_line(tmp_path / "home")


def file_of(run: CommandLine) -> Path:
    return run.home.root / "deployment.toml"


def test_the_file_is_written_and_told(run: CommandLine) -> None:
    words = (
        "--name",
        "Kings task force",
        "--geography",
        "us",
        "--area",
        "kings county, ny",
        "--area",
        "12086",
    )
    more = ("--country", "United States", "--fiscal-year", "Federal=10", "--next-update", "2026-12-15")
    assert run("place", *words, *more, "--contact", "desk@example.org", "--texts", "action.title").code == 0
    said = read_deployment(run.home.root)
    assert (said.place, said.geography, said.areas) == ("Kings task force", "us", ("36047", "12086"))
    assert (said.home_country, said.fiscal_years, said.contact) == ("US", {"Federal": 10}, "desk@example.org")
    assert said.published_texts == ("action.title",) and f"{said.next_update}" == "2026-12-15"
    before = file_of(run).read_bytes()
    told = run("place", as_json=False)
    assert "Kings County, New York (36047); Miami-Dade County, Florida (12086)" in told.out
    assert file_of(run).read_bytes() == before, "to be told changes nothing"
    assert run("place", "--area", "United States", "--contact", "", "--fiscal-year", "").code == 0
    said = read_deployment(run.home.root)
    assert (said.areas, said.contact, said.fiscal_years, said.place) == ((), "", {}, "Kings task force")


def test_what_else_the_file_says_stays(run: CommandLine) -> None:
    run.home.root.mkdir()
    file_of(run).write_text(WRITTEN, "utf-8")
    assert run("place", "--name", "New", "--area", "12011", "--fiscal-year", "School=9").code == 0
    after = file_of(run).read_text("utf-8")
    assert tomllib.loads(after) == {
        "place": "New",
        "areas": ["12011"],
        "geography": "us",
        "input": [{"file": "year.csv", "source": "own"}],
        "fiscal_year": [{"name": "School", "first_month": 9}],
    }
    assert after.startswith("# Ours, by hand\n") and "# stays" in after and "# what it was called" in after
    file_of(run).write_text(
        'contact = """a\n"""\n"place" = "In quotes"\n[[input]]\nfile = "a"\nsource = "own"\n'
    )
    assert run("place", "--name", "Quoted").code == 0
    assert read_deployment(run.home.root).place == "Quoted" and not list(run.home.root.glob("*.new"))


ODD = """\
# above
  "place" = 'Old "name"'  # 'why' it is called so
contact = \"\"\"
[[fiscal_year]]
name = "no heading \u2028 # no comment" \"\"\"
areas = [ # of the north
  "12086", # "Dade"
  "12011",
]   # two
geography = "us"

# the year of our money
[[ "fiscal_year" ]]  # of the nation
# its name
name = "Federal"
first_month = 10  # October
# of schools
[[fiscal_year]]
name = "School"
first_month = 9

[[input]]
file = "year.csv"
source = "own"
"""


@pytest.mark.parametrize(
    ("values", "changes"),
    [
        (
            {"place": 'New "one" \\\\ # x'},
            [("""  "place" = 'Old "name"'""", r'place = "New \"one\" \\\\ # x"')],
        ),
        (
            {"areas": ["12011"]},
            [
                (
                    ODD[ODD.index("areas") : ODD.index("geography")],
                    '# of the north\n# "Dade"\nareas = ["12011"]  # two\n',
                )
            ],
        ),
        ({"contact": ""}, [(ODD[ODD.index("contact") : ODD.index("areas")], "")]),
        ({"home_country": "US"}, [('geography = "us"\n', 'geography = "us"\nhome_country = "US"\n')]),
        (
            {"fiscal_year": [{"name": "School", "first_month": 8}, {"name": "Federal", "first_month": 10}]},
            [("first_month = 9", "first_month = 8")],
        ),
        (
            {"fiscal_year": [{"name": "Federal", "first_month": 11}, {"name": "State", "first_month": 7}]},
            [
                ("first_month = 10", "first_month = 11"),
                (
                    '[[fiscal_year]]\nname = "School"\nfirst_month = 9\n',
                    '\n[[fiscal_year]]\nname = "State"\nfirst_month = 7\n',
                ),
            ],
        ),
        ({"place": 'Old "name"', "areas": ["12086", "12011"], "as_of": ""}, []),
    ],
)
def test_no_comment_and_no_key_of_a_file_by_hand_is_lost(
    tmp_path: Path, values: dict[str, Any], changes: list[tuple[str, str]]
) -> None:
    file = tmp_path / "deployment.toml"
    for before in (ODD.encode(), codecs.BOM_UTF8 + ODD.replace("\n", "\r\n").encode()):
        file.write_bytes(before)
        file.chmod(0o600)
        expected = ODD
        for old, new in changes:
            [head, tail] = expected.rsplit(old, 1)
            expected = head + new + tail
        assert deployment_file.write(tmp_path, values) == bool(changes)
        after = file.read_bytes()
        assert after.decode("utf-8-sig").replace("\r\n", "\n") == expected
        assert (after[:3] == codecs.BOM_UTF8, b"\r\n" in after) == (
            before[:3] == codecs.BOM_UTF8,
            b"\r" in before,
        )
        assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["deployment.toml"]


def test_years_in_one_line_become_tables_and_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    real, home = tmp_path / "kept" / "ours.toml", tmp_path / "home"
    real.write_text(
        'fiscal_year = [{ name = "A", first_month = 10 },\n { name = "A", first_month = 9 }]\nplace = "P"\n'
    )
    home.mkdir()
    (home / "deployment.toml").symlink_to(real)
    deployment_file.write(home, {"fiscal_year": [{"name": "A", "first_month": 10}]})
    assert real.read_text() == 'place = "P"\n\n[[fiscal_year]]\nname = "A"\nfirst_month = 10\n'
    assert (home / "deployment.toml").is_symlink()


def test_a_change_that_would_lose_something_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "deployment.toml").write_text(WRITTEN, "utf-8")
    monkeypatch.setattr(deployment_file, "changed", lambda *_: 'place = "New"\n')
    with pytest.raises(Exception, match="cannot change without losing something"):
        deployment_file.write(tmp_path, {"place": "New"})
    assert (tmp_path / "deployment.toml").read_text("utf-8") == WRITTEN


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("--geography", "us", "--area", "Kings County"),
            "can mean 2 areas: Kings County, California; Kings",
        ),
        (("--geography", "us", "--area", "Miami Dode County"), "Did you mean Miami-Dade County?"),
        (("--area", "Kings County, NY"), "needs the geography"),
        (("--geography", "atlantis", "--area", "North"), "do not come with the project"),
        (("--geography", "No Such"), "allowed: small letters"),
        (("--name", "a\x1b[2Jb"), "--name takes at most 120 letters, and no control characters"),
        (("--name", "a\u202eb"), "no control characters"),
        (("--fiscal-year", " =10"), "allowed: a name"),
        (("--fiscal-year", "A=10", "--fiscal-year", "A = 9"), "is said twice"),
        (("--country", "Nowhere"), "is no country of the list"),
        (("--fiscal-year", "Federal=1"), "its first month, 2 to 12"),
        (("--texts", "action.titel"), "Did you mean 'action.title'?"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_written(
    run: CommandLine, words: tuple[str, ...], told: str
) -> None:
    done = run("place", *words, as_json=False)
    assert done.code in (1, 2) and told in done.err and "Next: " in done.err and "Traceback" not in done.err
    assert not file_of(run).exists()


def test_a_name_is_written_as_it_was_pasted_but_for_its_blanks(run: CommandLine) -> None:
    name = '  "K\u00e4the\u2019s"\u00a0\\\n[x] \u0645\u06cc\u200c\u062e '
    told = run("place", "--name", name)
    assert told.code == 0, told.err
    assert read_deployment(run.home.root).place == '"K\u00e4the\u2019s" \\ [x] \u0645\u06cc\u200c\u062e'
    before = file_of(run).read_bytes()
    again = run("place", "--name", name)
    assert again.values["changed"] is False and file_of(run).read_bytes() == before
    assert "It said so already" in run("place", "--name", name, as_json=False).out


def test_the_geography_is_taken_out_with_its_areas(run: CommandLine) -> None:
    assert run("place", "--geography", "us", "--area", "12086", "--name", "A").code == 0
    refused = run("place", "--geography", "")
    assert refused.code == 2 and refused.values["next_step"] == 'python -m etl place --geography "" --area ""'
    assert run("place", "--geography", "", "--area", "").code == 0
    assert file_of(run).read_text("utf-8") == 'place = "A"\n'


def test_an_area_outside_of_those_loaded_is_known_where_all_can_be_built_again(
    run: CommandLine, give: Deliverer
) -> None:
    run.home.root.mkdir()
    file_of(run).write_text('geography = "riverland"\nareas = ["R1"]\n')
    assert run.load(give.areas()).code == 0
    refused = run("place", "--area", "Lower")
    assert "were read with areas: R1. Nothing was changed." in refused.values["error"]
    with file_of(run).open("a") as file:
        file.write('[[input]]\nfile = "areas.csv"\nsource = "own"\n')
    changed = run("place", "--area", "Lower", as_json=False)
    assert changed.code == 0 and "Build it again: python -m etl build" in changed.out
    assert "Lower, Riverland (R2)" in changed.out


def test_what_the_file_says_is_told_where_the_records_cannot_be_read(
    areas_home: Path, run: CommandLine
) -> None:
    shutil.copytree(areas_home, run.home.root)
    manifest = run.home.restricted / "manifest.json"
    values = json.loads(manifest.read_text("utf-8"))
    manifest.write_text(json.dumps({**values, "format": values["format"] - 1}), "utf-8")
    assert run("place", "--name", "Riverland", "--geography", "riverland").code == 0
    assert run("place").values["place"] == "Riverland"


def test_readers_are_told_the_name_and_the_contact_of_now(run: CommandLine, give: Deliverer) -> None:
    words = ("--name", "Old", "--geography", "riverland", "--contact", "old@example.org")
    assert run("place", *words).code == 0 and run.load(give.areas()).code == 0
    known = dict(run.query("SELECT key, value FROM meta.info"))
    assert (known["place"], known["contact"]) == ("Old", "old@example.org")
    assert run("place", "--name", "New", "--contact", "").code == 0
    assert named_now(run.home, known) == {"place": "New", "contact": ""}
    made_up = {**known, "is_synthetic": "true"}
    assert named_now(run.home, made_up) == {"place": "Old", "contact": "old@example.org"}
    app = Session("choose", run.home.root).app
    assert app.text_input(key="place-contact").value == ""
    file_of(run).unlink()
    assert named_now(run.home, known) == {"place": "Old", "contact": "old@example.org"}


def test_areas_that_records_were_loaded_with_stay(
    areas_home: Path, run: CommandLine, give: Deliverer
) -> None:
    shutil.copytree(areas_home, run.home.root)
    assert run.load(give.persons("one", "2025-01", "2025-01", [person_row(1, "2025-01")])).code == 0
    assert run("place", "--name", "Riverland", "--geography", "riverland", "--area", "Riverland").code == 0
    before = file_of(run).read_bytes()
    refused = run("place", "--area", "Upper")
    assert (
        refused.code == 1
        and "were read with areas: all areas. Nothing was changed." in refused.values["error"]
    )
    assert file_of(run).read_bytes() == before


def boxes(app: AppTest, name: str, geography: str, areas: list[str]) -> None:
    app.text_input(key="place-name").set_value(name)
    app.selectbox(key="place-geography").select(geography).run()
    app.multiselect(key="place-areas").set_value(areas)
    app.button(key="place-keep").click().run()
    assert not app.exception


def test_a_new_home_is_asked_whose_it_is_before_anything_is_loaded(run: CommandLine, give: Deliverer) -> None:
    root = run.home.root
    waits = Session("load", root, desk_of(root, *give.persons("one", "2025-01", "2025-01", [])))
    assert not waits.has("load_begin") and task_force.NEEDED in waits.words
    session = Session("choose", root)
    app = session.app
    app.button(key="place-keep").click().run()
    assert (
        "Still needed: what your place is called, in which country it is, which areas" in app.warning[0].value
    )
    assert not file_of(run).exists()
    boxes(app, "Our county", "us", ["12086"])
    assert "Kept" in app.success[0].value and app.selectbox(key="place-country").value == "US"
    said = read_deployment(root)
    assert (said.place, said.geography, said.areas, said.home_country) == (
        "Our county",
        "us",
        ("12086",),
        "US",
    )
    assert task_force.NEEDED not in session.look().words, "it is asked once"
    assert app.multiselect(key="place-areas").value == ["12086"]
    boxes(app, "Our county", "us", ["US"])
    assert read_deployment(root).areas == () and app.multiselect(key="place-areas").value == ["US"]
    desk: Desk = waits.app.session_state["desk"]
    desk.checked = desk_of(root, *give.persons("two", "2025-01", "2025-01", [])).checked
    assert waits.look().has("load_begin")


def test_the_panel_refuses_in_the_words_of_the_command_and_keeps_what_was_typed(
    areas_home: Path, run: CommandLine
) -> None:
    shutil.copytree(areas_home, run.home.root)
    assert run("place", "--name", "Riverland", "--geography", "riverland").code == 0
    session = Session("choose", run.home.root)
    boxes(session.app, "Other name", "riverland", ["R1"])
    assert "were read with areas: all areas" in session.app.error[0].value.replace("\\", "")
    assert session.app.text_input(key="place-name").value == "Other name"
    assert read_deployment(run.home.root).place == "Riverland"


def test_what_was_written_by_hand_meanwhile_is_not_written_over(run: CommandLine) -> None:
    assert run("place", "--name", "Ours", "--geography", "us", "--area", "12086").code == 0
    app = Session("choose", run.home.root).app
    app.text_input(key="place-contact").set_value("desk@example.org")
    by_hand = (
        file_of(run).read_text("utf-8") + '\n# by hand\n[[fiscal_year]]\nname = "Federal"\nfirst_month = 10\n'
    )
    file_of(run).write_text(by_hand, "utf-8")
    app.button(key="place-keep").click().run()
    assert task_force.CHANGED in app.warning[0].value and file_of(run).read_text("utf-8") == by_hand
    assert app.text_input(key="place-year-0").value == "Federal"
    app.text_input(key="place-contact").set_value("desk@example.org")
    app.button(key="place-keep").click().run()
    assert "Kept" in app.success[0].value
    contact = 'areas = ["12086"]\ncontact = "desk@example.org"\n'
    assert file_of(run).read_text("utf-8") == by_hand.replace('areas = ["12086"]\n', contact)


def test_what_is_on_no_list_of_the_desk_stays_in_the_file(run: CommandLine) -> None:
    run.home.root.mkdir()
    by_hand = """\
place = "Ours"
geography = "atlantis"
areas = ["N1"] # of the north
home_country = "XX"
published_texts = ["nobody.knows"]
"""
    file_of(run).write_text(by_hand, "utf-8")
    app = Session("choose", run.home.root).app
    app.text_input(key="place-name").set_value("Theirs")
    app.button(key="place-keep").click().run()
    assert not app.exception and "Kept" in app.success[0].value
    assert file_of(run).read_text("utf-8") == by_hand.replace("Ours", "Theirs")


def test_records_without_a_place_are_not_released_before_it_is_said(areas_home: Path, tmp_path: Path) -> None:
    shutil.copytree(areas_home, tmp_path / "home")
    session = Session("release", tmp_path / "home")
    assert not session.has("release_look") and not session.has("dashboard_open")
    boxes(session.app, "Riverland", "riverland", ["R"])
    assert session.look().has("release_look")
