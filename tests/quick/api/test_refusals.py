"""What is refused, in the form of RFC 9457: wrong words, formats, methods, sizes, too many requests."""

import itertools
from pathlib import Path

import httpx
import pytest

from tests.asking import Asking, asking
from tests.example_release import build
from ui.app import desk
from ui.app.api import service
from ui.app.api.limits import Limiter, caller_of
from ui.app.api.negotiation import choose
from ui.app.web.process import check
from ui.app.web.settings import ServeError

ANSWERS = "/answers?measure=detected_persons"
KINDS = ("application/json", "text/csv", "application/vnd.apache.parquet")


def refused(found: httpx.Response, status: int) -> dict[str, object]:
    assert found.status_code == status, found.text
    assert found.headers["content-type"] == "application/problem+json"
    body: dict[str, object] = found.json()
    assert body["status"] == status and body["title"] and body["detail"]
    assert str(body["type"]).startswith("urn:local-trafficking-trends:")
    return body


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/answers", 400, "'measure' is missing"),
        ("/answers?measure=nothing", 400, "'measure' is 'nothing'"),
        ("/answers?measure=", 400, "'measure'"),
        (f"{ANSWERS}&gendr=female", 400, "'gendr' is no parameter"),
        (f"{ANSWERS}&gender=frau", 400, "'gender' is 'frau'"),
        (f"{ANSWERS}&gender=", 400, "'gender' is ''"),
        (f"{ANSWERS}&area=", 400, "'area' is ''"),
        (f"{ANSWERS}&gender=female&gender=male", 400, "stands 2 times"),
        (f"{ANSWERS}&by=area,area", 400, "'by' names 'area' more than once"),
        (f"{ANSWERS}&gender=female,female", 400, "'gender' names 'female' more than once"),
        (f"{ANSWERS}&where=sector=mining,mining", 422, "more than once"),
        (f"{ANSWERS}&by=period,colour", 400, "'by' is 'colour'"),
        (f"{ANSWERS}&period=2024..", 400, "'period'"),
        (f"{ANSWERS}&period=2024-13", 400, "'period'"),
        (f"{ANSWERS}&period=٢٠٢٤", 400, "'period'"),
        (f"{ANSWERS}&arealevel=1.0", 400, "'arealevel'"),
        (f"{ANSWERS}&arealevel=-1", 400, "'arealevel'"),
        (f"{ANSWERS}&level=week", 400, "'level'"),
        (f"{ANSWERS}&where=gender", 400, "'where'"),
        (f"{ANSWERS}&area=%ff", 400, "cannot be read"),
        (f"{ANSWERS}&" + "&".join(["where=gender=female"] * 70), 400, "cannot be read"),
        (f"{ANSWERS}&area={','.join(f'D{n}' for n in range(61))}", 400, "61 values"),
        (f"{ANSWERS}&period=1999", 422, "no figures for 1999"),
        (f"{ANSWERS}&period=2024..2021", 422, "before it begins"),
        (f"{ANSWERS}&area=D99", 422, "'D99' is not a known area"),
        (f"{ANSWERS}&collection=other", 422, "not a collection"),
        (f"{ANSWERS}&where=hair=red", 422, "'hair' is not a dimension"),
        (f"{ANSWERS}&where=gender!=female", 422, "cannot say 'not'"),
        (f"{ANSWERS}&where=gender=!female", 422, "cannot say 'not'"),
        (f"{ANSWERS}&area=C1&where=area=C2", 422, "given twice"),
        (f"{ANSWERS}&where=period=2024", 422, "period is not a filter"),
        (f"{ANSWERS}&by=period,area,gender,form,status", 422, "dimensions at once"),
        ("/measures/nothing", 404, "'nothing'"),
        ("/measures/detected_persons/more", 404, "no such address"),
        ("/measures/%2e%2e", 404, "'..'"),
        ("/geo/county", 404, "'county'"),
        ("/nothing", 404, "no such address"),
        ("/api/v2/answers", 404, "no such address"),
        ("/api", 404, ""),
        (f"/measures/{'a' * 600}", 404, "no such address"),
        (f"{ANSWERS}&where=gender={'a' * 9000}", 414, "8000 letters"),
        (f"{ANSWERS}&figures=partner", 403, "Partner figures"),
        ("/package?question=measure%3Dchild_share%26figures%3Dpartner", 422, "another figures="),
        ("/package?question=measure%3Dchild_share%26release%3D000000000000", 422, "another release="),
    ],
)
def test_a_request_that_cannot_be_answered_says_why(
    ask: Asking, address: str, status: int, words: str
) -> None:
    assert words in str(refused(ask(address), status)["detail"])


def test_too_many_dimensions_say_which_to_give_up(ask: Asking) -> None:
    body = refused(ask(f"{ANSWERS}&by=period,area,gender,form,status"), 422)
    assert set(body["give_up"]) <= {"area", "gender", "form", "status"} and body["give_up"]  # type: ignore[call-overload]
    assert body["type"] == "urn:local-trafficking-trends:too-many-dimensions"


def test_what_would_be_too_large_is_refused_before_it_is_made(
    ask: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.api.questions.MOST_ROWS", 100)
    monkeypatch.setattr("analysis.api.figures.answer", lambda *_: pytest.fail("it is made"))
    address = f"{ANSWERS}&by=period,area&level=month&arealevel=2"
    assert "rows; at most 100" in str(refused(ask(address), 422)["detail"])


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ([], KINDS[0]),
        (["*/*"], KINDS[0]),
        (["text/*"], KINDS[1]),
        (["text/csv, application/json"], KINDS[0]),
        (["text/csv, application/json;q=0.9"], KINDS[1]),
        (["text/html, */*;q=0.1, application/json;q=0"], KINDS[1]),
        (["TEXT/CSV ; Q=1"], KINDS[1]),
        (["image/png", "application/vnd.apache.parquet"], KINDS[2]),
        (["nonsense, ;q=1, text/csv;q=much"], KINDS[0]),
        (["text/csv;q=nan"], KINDS[0]),
        (["text/html"], None),
        (["application/json;q=0"], None),
    ],
)
def test_the_format_is_the_one_that_is_liked_best(accept: list[str], kind: str | None) -> None:
    assert choose(accept, KINDS) == kind


def test_a_format_that_is_not_given_is_refused(ask: Asking) -> None:
    assert "text/csv" in str(refused(ask(ANSWERS, headers={"accept": "text/html"}), 406)["detail"])
    refused(ask("/catalog", headers={"accept": "text/csv"}), 406)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"])
def test_only_reading_is_possible(ask: Asking, method: str) -> None:
    found = ask("/answers", method=method)
    refused(found, 405)
    assert found.headers["allow"] == "GET, HEAD, OPTIONS"


def test_a_token_opens_nothing_where_there_is_no_sign_in(ask: Asking) -> None:
    found = ask("/releases", headers={"authorization": "Bearer abc"})
    assert "no sign-in" in str(refused(found, 401)["detail"])
    assert found.headers["www-authenticate"].startswith("Bearer")


# Too many ------------------------------------------------------------------------------------------------


def test_a_caller_who_asks_too_often_is_told_when_to_ask_again(folder: Path) -> None:
    with asking(folder, LTT_API_RATE="3") as ask:
        assert [ask("/releases").status_code for _ in range(3)] == [200] * 3
        found = ask("/releases")
        refused(found, 429)
        assert 1 <= int(found.headers["retry-after"]) <= 20
        refused(ask("/nothing"), 429)  # an address that is not there costs as much


def test_a_bucket_fills_again_and_the_memory_does_not() -> None:
    now = itertools.count(0, 10)
    limiter = Limiter(6, most=50, clock=lambda: float(next(now)))
    # One request every ten seconds is six a minute: for ever.
    assert {limiter.wait("a") for _ in range(30)} == {0}
    still = Limiter(6, most=50, clock=lambda: 0.0)
    assert [still.wait("a") for _ in range(8)] == [0] * 6 + [10, 10]
    for number in range(1_000):
        still.wait(f"b{number}")
    assert len(still._left) == 50


def test_all_addresses_of_one_subscriber_are_one_caller() -> None:
    assert caller_of("2001:db8::1") == caller_of("2001:db8::ffff:1") != caller_of("2001:db8:0:1::1")
    assert caller_of("192.0.2.1") != caller_of("192.0.2.2")
    assert caller_of("") == "" and caller_of("testclient") == "testclient"


@pytest.mark.parametrize("said", ["0", "-1", "many", "1e3", "٣", "99999999"])
def test_a_limit_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("LTT_API_RATE", said)
    with pytest.raises(ServeError, match="LTT_API_RATE is"):
        check()


# What is broken -------------------------------------------------------------------------------------------


def test_without_a_release_every_address_says_so_and_names_no_folder(tmp_path: Path) -> None:
    with asking(tmp_path / "secret-folder") as ask:
        for address in ("/catalog", "/answers?measure=detected_persons", "/geo/1", "/measures/child_share"):
            body = refused(ask(address), 503)
            assert "secret" not in str(body)
        assert ask("/releases").json() == {"releases": []}
        assert ask("/openapi.json").status_code == 200


def test_a_mistake_of_ours_is_a_sentence_and_no_traceback(
    ask: Asking, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("/home/keeper/data/restricted")

    monkeypatch.setattr(service, "_answered", broken)
    body = refused(ask("/catalog"), 500)
    assert "keeper" not in str(body) and "KeyError" not in str(body)
    assert "Traceback" in caplog.text


@pytest.mark.parametrize("profile", ["partner", "steward"])
def test_a_release_that_is_not_public_is_shown_to_nobody_without_a_right(
    tmp_path: Path, profile: str
) -> None:
    address = {"LTT_ADDRESS": "https://trends.example.org"}
    with asking(build(tmp_path / profile, profile=profile, persons=62), **address) as ask:
        for path in (ANSWERS, "/findings?measure=detected_persons", "/catalog", "/geo/1"):
            refused(ask(path), 403 if profile == "steward" else 503)


def test_exact_figures_need_the_desk_and_are_written_down(tmp_path: Path) -> None:
    """The steward's release opens to the cookie of its desk alone, and every look at it is in the log."""
    token, log = "t" * 32, tmp_path / "access.log"
    folder = build(tmp_path / "steward", profile="steward", persons=62)
    with asking(folder, LTT_DESK_TOKEN=token, LTT_ACCESS_LOG=str(log)) as ask:
        refused(ask(ANSWERS), 403)
        name, value = desk.cookie_of(token)
        cookie = {"cookie": f"{name}={value}"}
        found = ask(ANSWERS, headers=cookie)
        assert found.status_code == 200 and found.json()["restricted"]
        assert found.headers["cache-control"] == "private, no-store"
        assert log.read_text().count('"event": "api"') == 1 and "People identified" in log.read_text()
        refused(ask(f"{ANSWERS}&figures=public", headers=cookie), 403)
    with asking(folder, LTT_DESK_TOKEN=token) as ask:
        refused(ask(ANSWERS, headers=cookie), 503)  # what cannot be written down is not handed over
