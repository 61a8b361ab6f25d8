"""Match of the desk asks for countries and areas that the lists do not know, or know more than once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from etl.desk.state import Desk
from etl.desk.steps import match as step
from etl.drafting import editing, toml_text
from tests.etl.made_desk import MATCH, at, desks

RARE = "quuxian"


def sheet() -> bytes:
    """Clients with nationalities in Spanish, and counties whose name two states have."""
    out = ["Client ID,Intake,Gender,Nationality,County"]
    for number in range(40):
        country = RARE if number == 7 else ("Peruviana", "Stati Uniti", "Mexico", "Romania")[number % 4]
        county = "Orange" if number == 9 else ("Kings", "Los Angeles")[number % 2]
        day = f"{13 + number % 15}/0{1 + number % 9}/2025"
        out.append(f"HH-{1000 + number},{day},{'FM'[number % 2]},{country},{county}")
    return ("\n".join(out) + "\n").encode()


@pytest.fixture
def match(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    home = tmp_path / "home"
    home.mkdir()
    (home / "deployment.toml").write_text('as_of = 2025-12-31\ngeography = "us"\n', "utf-8")
    monkeypatch.setenv("LTT_HOME", str(home))
    with desks() as opened_with:
        yield at(opened_with("clients.csv", sheet()), MATCH)


def _meanings(app: AppTest, target: str) -> dict[str, tuple[str, ...]]:
    desk: Desk = app.session_state["desk"]
    return editing.meanings(toml_text.parsed(desk.draft), 0, target)


def _open(app: AppTest) -> str:
    return "\n".join(one.value for one in app.markdown).replace("\\", "")


def test_countries_are_asked_for_by_name_and_rare_words_by_their_line(match: AppTest) -> None:
    asked = {one.label: one for one in match.selectbox if one.label.startswith("‘")}
    [peru] = [one for label, one in asked.items() if "Peruviana" in label]
    assert "perhaps Peru" in peru.label and "Romania" not in "".join(asked)
    assert any("line 9" in one.value for one in match.warning)
    assert RARE not in "\n".join(str(getattr(node, "proto", "")) for node in match._tree)
    assert "Citizenship: 3 words to explain" in _open(match)
    peru.select("PE").run()
    assert "Citizenship: 2 words to explain" in _open(match)
    next(one for one in match.selectbox if "Stati" in one.label).select("US").run()
    assert _meanings(match, "citizenship") == {"peruviana": ("PE",), "stati uniti": ("US",)}
    match.checkbox(key="unreadable-0-citizenship").check().run()
    assert not match.exception
    assert "Citizenship: " not in _open(match), "what is answered is not asked any more"
    assert "Area: 2 words to explain" in _open(match)
    desk: Desk = match.session_state["desk"]
    assert "unreadable" in toml_text.parsed(desk.draft)["table"][0]["columns"]["citizenship"]


def test_whose_areas_are_named_is_marked_as_needed_until_it_is_said(match: AppTest) -> None:
    desk: Desk = match.session_state["desk"]
    assert step.state(desk).endswith("matched")
    (desk.home / "deployment.toml").write_text("as_of = 2025-12-31\n", "utf-8")
    desk.write(desk.draft.replace('geography = "us"\n', ""))
    match.run()
    assert match.selectbox(key="settings-geography").label.endswith("(needed)")
    assert step.state(desk) == "still needed: whose areas it names"


def test_one_answer_says_in_which_state_all_areas_lie(match: AppTest) -> None:
    larger = match.selectbox(key="larger-0-area")
    assert larger.label.startswith("In which state") and {"California", "New York"} <= set(larger.options)
    larger.select("06").run()
    assert not match.exception
    assert _meanings(match, "area") == {"kings": ("06031",), "orange": ("06059",)}
    match.checkbox(key="unreadable-0-citizenship").check().run()
    match.radio(key="step").set_value(3).run()
    [found] = match.session_state["desk"].checked.found
    assert (found.rows.taken, found.rows.rejected) == (40, 0)


def test_a_word_is_offered_each_label_once_and_no_code(match: AppTest) -> None:
    female = next(one for one in match.selectbox if one.label.startswith("‘F’"))
    assert female.options == [
        "open: rows with this word are rejected", "Women and girls", "Men and boys",
        "Transgender and non-conforming people", "Not recorded",
    ]  # fmt: skip


def _next(app: AppTest) -> Any:
    return next(one for one in app.button if one.label.startswith("Next: "))


def test_going_on_stands_out_once_a_step_is_done_and_not_after_a_refused_check(match: AppTest) -> None:
    assert _next(match).proto.type == "secondary", "words of countries and areas are open"
    match.checkbox(key="unreadable-0-citizenship").check().run()
    assert _next(match).proto.type == "secondary", "Kings may be two counties"
    match.selectbox(key="larger-0-area").select("06").run()
    assert _next(match).proto.type == "primary"
    match.checkbox(key="unreadable-0-citizenship").uncheck().run()
    match.radio(key="step").set_value(3).run()
    assert match.session_state["desk"].checked.refusal is not None
    told = "".join(one.value for one in match.warning)
    assert "The country is not known" in told and "step 3, Match" in told
    assert _next(match).disabled and _next(match).proto.type == "secondary"
    match.radio(key="step").set_value(5).run()
    assert _next(match).proto.type == "secondary", "nothing is released yet"


def test_a_file_that_cannot_be_read_is_not_said_to_be_open(match: AppTest) -> None:
    match.radio(key="step").set_value(0).run()
    assert any("Open: " in one.value for one in match.success)
    match.file_uploader[0].set_value(("notes.csv", b"a,b\n1,2\n", "text/csv")).run()
    assert not match.exception and not match.success
    assert any("It cannot be read as it is" in one.value for one in match.markdown)
    match.radio(key="step").set_value(1).run()
    assert match.number_input(key="look-row").value is None
