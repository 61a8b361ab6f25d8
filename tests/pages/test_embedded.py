"""One card in a frame of another site: what the page says, the sentences that go with it, and no more."""

from pathlib import Path
from typing import Any

import pytest

from analysis.exports.words import REPORTED, SYNTHETIC
from ui.app import embedded, session
from ui.view import framed


def said(app: Any) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def headline_of(app: Any, card: str) -> str:
    [found] = [text for text in said(app).split("<h3") if f'data-card="{card}"' in text]
    return found.split(">", 1)[1].split("<", 1)[0].strip()


@pytest.mark.parametrize(
    ("page", "card", "chosen"),
    [
        ("trends", "trend", {}),
        ("trends", "trend", {"measure": "child_share", "area": "C1", "period": "2022..2024"}),
        ("people_and_forms", "gender", {"form": "forced_labour"}),
    ],
)
def test_one_card_says_what_its_page_says(
    open_page: Any, page: str, card: str, chosen: dict[str, str]
) -> None:
    whole = open_page(page, **chosen)
    app = open_page(page, embed="card", card=card, **chosen)
    text = said(app)
    assert f">{headline_of(whole, card)}" in text
    assert REPORTED in text and SYNTHETIC in text and "As of" in text
    back = text.split('<a class="ltt-link" href="')[1].split('"')[0]
    assert back.endswith(f"#card_{card}") and "embed" not in back
    assert all(f"{name}={value}" in back for name, value in chosen.items())
    # Nothing to choose, to press or to walk to: the site around it has its own.
    assert (
        not app.sidebar.children and not app.button and not app.selectbox and not app.get("download_button")
    )
    assert framed.STYLE_OF_A_CARD in text


def test_a_whole_page_in_a_frame_has_no_menu(open_page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert framed.STYLE not in said(open_page("trends"))
    monkeypatch.setattr(framed, "is_framed", lambda: True)
    assert framed.STYLE in said(open_page("trends"))


@pytest.mark.parametrize("card", ["", "nothing", "<script>alert(1)</script>", "../trend", "a" * 5_000])
def test_a_card_that_is_none_is_a_sentence_and_the_way_to_the_page(open_page: Any, card: str) -> None:
    text = said(open_page("trends", embed="card", card=card))
    assert "There is no card" in text and "<script>" not in text and embedded.BACK in text


def test_a_release_that_cannot_be_opened_names_no_folder(open_page: Any, tmp_path: Path) -> None:
    text = said(open_page("trends", tmp_path / "secret-folder", embed="card", card="trend"))
    assert embedded.NO_RELEASE in text and "secret" not in text


def test_figures_of_partners_are_never_in_a_frame(open_page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "partner_release", lambda: pytest.fail("it is opened"))
    text = said(open_page("trends", embed="card", card="trend", figures="partner"))
    assert "numbers below 10" in text and "figures=partner" not in text
