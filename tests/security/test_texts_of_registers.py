"""A name in a title, a note or a code of a register never leaves before the keeper has confirmed it."""

import os
from pathlib import Path

import pytest

from analysis import load_catalog
from etl.commands.release import lines_of
from etl.protect.people_in_text import warnings_of
from etl.release import ReleaseReport
from etl.release.unperturbed.texts import columns_of_texts
from etl.store.confirmed import FILE
from tests.demonstration import demonstration_release
from tests.etl.made_home import CommandLine
from tests.etl.made_topics import Office
from tests.release.support import release_file
from tests.security.registers import (
    copied,
    opened,
    publish_texts,
    referral_rows,
    released,
    rows_of,
    send,
    send_together,
    texts_of,
)

ATTACK = {  # table → a row whose words tell a person
    "action": {
        "action": "rosa_delgado_visa",
        "title": "Drive Rosa Delgado to her visa hearing",
        "kind": "action",
        "owner_organisation": "Advocate Pilar Sotomayor",
        "opened_on": "2025-01-10",
    },
    "funding_award": {
        "award": "for_quintana_children",
        "funder": "Estate of Aurelio Quintana",
        "funder_kind": "local",
        "recipient_organisation": "legal_aid",
        "purpose": "services",
        "pays_for": "Rent of Milagros Quintana and her children Teo (4) and Ines (7)",
        "start_date": "2025-01-01",
        "end_date": "2025-12-31",
        "amount": "4000",
        "currency": "dollars",
    },
    "partnership": {
        "partnership": "p_bronwen",
        "name": "Agreement on Bronwen Achterberg",
        "from_organisation": "legal_aid",
        "to_organisation": "Mother of Bronwen",
        "start_date": "2025-01-01",
    },
    "campaign": {"campaign": "c_tamsin", "name": "Find Tamsin Oyelaran", "start_date": "2025-01-01"},
    "indicator": {
        "measure": "contact_within_48h_share",
        "target": "60",
        "target_year": "2026",
        "direction": "at_least",
        "owner": "Sergeant Ferdinand Quaye",
    },
    "service": {
        "service": "s1",
        "organisation": "legal_aid",
        "name": "Counselling of Oksana Hryhorenko",
        "service_type": "legal",
    },
    "organisation": {"organisation": "legal_aid", "name": "Office of Marguerite Vantongeren"},
}
NAMES = ("rosa", "delgado", "sotomayor", "quintana", "milagros", "teo (4)", "bronwen", "achterberg", "tamsin",
         "oyelaran", "quaye", "hryhorenko", "vantongeren")  # fmt: skip
LAW = """\
code = "rosas_law"
short_name = "Rosa Delgado's law"
level = "local"
jurisdiction = "Riverland"
instrument = "Ordinance named for Rosa Delgado"
adopted = 2024-01-01
effective = 2024-02-01
pillar = "protection"
summary = "What happened to Rosa Delgado must not happen again."
citation = "Ordinance 1"
url = "https://www.example.org/1"
"""


def attacked(folder: Path) -> Office:
    office = opened(folder)
    send_together(office, ATTACK)
    send(office, "referral", *referral_rows(["legal_aid", "Cousin of Bronwen"]))
    law = office.folder / "law.toml"
    law.write_text(LAW, "utf-8")
    assert office.run("load", law, "--source", "laws").code == 0
    return office


@pytest.fixture(scope="module")
def unconfirmed(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A home of which nobody has confirmed a text."""
    return attacked(tmp_path_factory.mktemp("texts"))


def told(run: CommandLine, profile: str) -> str:
    """Return everything that a release says, in small letters."""
    return "\n".join(texts_of(released(run, profile))).casefold()


@pytest.mark.parametrize("profile", ["public", "partner"])
@pytest.mark.parametrize("columns", [[], ["all"], ["action.title"]])
def test_no_name_is_in_any_table_or_byte_before_it_is_confirmed(
    unconfirmed: Office, profile: str, columns: list[str]
) -> None:
    publish_texts(unconfirmed.run, columns)
    everything = told(unconfirmed.run, profile)
    content = release_file(unconfirmed.run.home.release(profile)).read_bytes().lower()
    for name in NAMES:
        assert name not in everything
        assert name.encode() not in content
    assert "palermo protocol" in everything, "the laws that the project ships need no confirmation"


def test_rows_stay_with_their_codes_and_are_told_apart(unconfirmed: Office) -> None:
    publish_texts(unconfirmed.run)
    tables = released(unconfirmed.run, "public")
    [action], [award] = tables["register_action"], tables["register_award"]
    assert action["title"] == award["pays_for"] == "Text not confirmed"
    assert (action["kind"], str(action["opened_on"]), award["amount"]) == ("action", "2025-01-10", 4000.0)
    assert action["owner_name"].startswith("Name not confirmed (")
    assert action["owner_name"] != award["recipient_name"]
    receivers = {row["to_organisation"] for row in tables["cell_referral"]} - {None}
    assert len(receivers) == 2 and all(code.startswith(("not_confirmed_", "unlisted")) for code in receivers)


def test_the_release_says_how_many_wait_and_what_to_do(unconfirmed: Office) -> None:
    publish_texts(unconfirmed.run)
    said = unconfirmed.run.plain("release", "--home", unconfirmed.run.home.root).out
    assert "texts held back until you confirm them: " in said and "python -m etl texts" in said
    publish_texts(unconfirmed.run, ["action.title"])
    said = unconfirmed.run.plain("release", "--home", unconfirmed.run.home.root).out
    assert "until you confirm them: 1." in said
    assert "published_texts of deployment.toml" in said and "award.pays_for" in said


def test_an_unknown_column_is_refused_by_name(unconfirmed: Office) -> None:
    publish_texts(unconfirmed.run, ["action.titel"])
    done = unconfirmed.run.plain("release", "--home", unconfirmed.run.home.root)
    assert done.code == 1 and "action.titel" in done.err and "action.title" in done.err


def test_the_list_warns_and_tells_where_each_text_stands(unconfirmed: Office) -> None:
    publish_texts(unconfirmed.run)
    listed = {one["text"]: one for one in unconfirmed.run("texts").values["waiting"]}
    assert listed["Drive Rosa Delgado to her visa hearing"]["warnings"] == ["a name", "a case"]
    assert "an age" in listed[ATTACK["funding_award"]["pays_for"]]["warnings"]
    assert listed["p_bronwen"]["columns"] == ["agreement.partnership"]
    plain = unconfirmed.run.plain("texts", "--home", unconfirmed.run.home.root).out
    assert "look again: a name" in plain and "--confirm all" in plain


def test_confirming_by_number_by_file_and_all(unconfirmed: Office, tmp_path: Path) -> None:
    run = copied(unconfirmed, tmp_path).run
    publish_texts(run)
    waiting = run("texts").values["waiting"]
    number = next(one["number"] for one in waiting if one["text"] == "p_bronwen")
    assert run("texts", "--confirm", number).values["confirmed"] == 1
    assert "p_bronwen" in told(run, "public") and "achterberg" not in told(run, "public")
    file = tmp_path / "list.txt"
    assert run("texts", "--out", file).code == 0
    kept = [line for line in file.read_text("utf-8").splitlines() if "Quaye" in line]
    file.write_text("\n".join(kept) + "\n", "utf-8")
    assert run("texts", "--confirm-from", file).values["confirmed"] == 1
    assert "quaye" in told(run, "public") and "quaye" in told(run, "partner")
    assert run("texts", "--forget", file).values["forgotten"] == 1
    assert "quaye" not in told(run, "public")
    assert run("texts", "--confirm", "all").code == 0
    everything = told(run, "public")
    assert all(name in everything for name in ("rosa delgado", "achterberg", "quaye", "vantongeren"))
    assert run("texts").values["waiting"] == []


def test_a_text_that_changes_is_asked_for_again(tmp_path: Path) -> None:
    office = opened(tmp_path)
    publish_texts(office.run)
    send(office, "action", ATTACK["action"] | {"title": "Renew posters"})
    office.run("texts", "--confirm", "all")
    assert "renew posters" in told(office.run, "public")
    send(office, "action", ATTACK["action"] | {"title": "Renew posters for Rosa Delgado"})
    everything = told(office.run, "public")
    assert "renew posters" not in everything and "text not confirmed" in everything


def test_the_file_of_confirmations_tells_no_text_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    office = opened(tmp_path)
    publish_texts(office.run)
    send(office, "action", ATTACK["action"])
    office.run("texts", "--confirm", "all")
    path = office.run.home.restricted / FILE
    content = path.read_text("ascii").casefold()
    assert not any(name in content for name in NAMES)
    assert os.name == "nt" or path.stat().st_mode & 0o077 == 0
    path.write_text("{", "ascii")
    done = office.run.plain("release", "--home", office.run.home.root)
    assert done.code == 1 and FILE in done.err


@pytest.mark.parametrize("numbers", ["0", "99", "2-", "one", "1;2"])
def test_numbers_that_are_not_in_the_list_confirm_nothing(unconfirmed: Office, numbers: str) -> None:
    publish_texts(unconfirmed.run)
    done = unconfirmed.run.plain("texts", "--confirm", numbers, "--home", unconfirmed.run.home.root)
    assert done.code == 2
    assert not (unconfirmed.run.home.restricted / FILE).exists()


def test_every_column_of_words_can_be_named(unconfirmed: Office) -> None:
    for name in columns_of_texts(load_catalog()):
        publish_texts(unconfirmed.run, [name])
        assert unconfirmed.run("texts").code == 0


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("Ask Natalia for the file", "a name"),
        ("Visit of María-José", "a name"),
        ("House for J. R. and family", "initials"),
        ("Client ML moves out", "initials"),
        ("Shoes for a girl (14)", "an age"),
        ("School for the 9-year-old", "an age"),
        ("Meet in room 12B", "a room"),
        ("File A 098 765 432", "an A-number"),
        ("Court on March 14", "a day"),
        ("Prepare the testimony", "a case"),
        ("Ring 555-123-4567", "phone numbers"),
    ],
)
def test_warnings(text: str, warning: str) -> None:
    assert warning in warnings_of(text)


@pytest.mark.parametrize(
    "text",
    ["24 places for adults", "Renew agreements that end soon", "Nine counsellors", "State Justice Fund"],
)
def test_plain_texts_have_no_warning(text: str) -> None:
    assert warnings_of(text) == ()


def test_the_build_of_the_demonstration_says_that_its_texts_are_known() -> None:
    report = ReleaseReport("public", "id", are_texts_made_up=True)
    assert "  texts of registers: all published, because the records are made up" in lines_of(report)
    tables = rows_of(next(demonstration_release().glob("release-*.duckdb")))
    titles = {row["title"] for row in tables["register_action"]}
    assert "Renew agreements that end soon" in titles
    assert not any("not confirmed" in text.lower() for text in set(texts_of(tables)))
