"""From the claims of a sign-in, or the token of a program, to a role: only the right ones open more."""

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.support import awaited
from ui.app.sign_in import ended, gate, sockets
from ui.app.sign_in.bearer import TokenRefusedError, Tokens
from ui.app.sign_in.settings import SignIn, read, read_by_others
from ui.app.sign_in.visitor import ANYBODY, FOR_ANOTHER, HAS_ENDED, NO_CLAIM, NOT_A_PARTNER, visitor_of
from ui.app.web.messages import without_folder
from ui.app.web.settings import ServeError, allowed_hosts, origin_of

NOW = 1_800_000_000
ISSUER = "https://login.example.org/realms/county"
CLIENT = "trends"
SECRET = "0123456789abcdef" * 2
GIVEN = {
    "LTT_SIGN_IN_ISSUER": ISSUER,
    "LTT_SIGN_IN_CLIENT_ID": CLIENT,
    "LTT_SIGN_IN_CLIENT_SECRET": "between us",
    "LTT_SIGN_IN_COOKIE_SECRET": SECRET,
    "LTT_SIGN_IN_CLAIM": "groups",
    "LTT_SIGN_IN_VALUES": "partners, police",
    "LTT_SIGN_IN_RELEASE": "release/partner",
}
CLAIMS = {
    "is_logged_in": True,
    "iss": ISSUER,
    "aud": [CLIENT],
    "sub": "1f3c",
    "email": "pat@partner.example",
    "groups": ["others", "partners"],
    "iat": NOW - 60,
    "exp": NOW + 240,
}


@pytest.fixture(autouse=True)
def address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LTT_ADDRESS", "https://trends.example.org")


@pytest.fixture
def known() -> SignIn:
    found = read(GIVEN)
    assert found is not None
    return found


def test_the_right_claims_make_a_partner(known: SignIn) -> None:
    visitor = visitor_of(CLAIMS, known, NOW)
    assert (visitor.role, visitor.name, visitor.remark) == ("partner", "pat@partner.example", "")
    assert visitor_of({**CLAIMS, "aud": CLIENT, "groups": "police"}, known, NOW).is_partner
    # The provider's token may hold for minutes; the sign-in holds for the hours of the deployment.
    assert visitor_of(CLAIMS, known, NOW + 7 * 3600).is_partner


@pytest.mark.parametrize(
    ("changed", "remark"),
    [
        ({"is_logged_in": False}, ""),
        ({"iss": "https://evil.example"}, FOR_ANOTHER),
        ({"iss": f"{ISSUER}.evil.example"}, FOR_ANOTHER),
        ({"iss": None}, FOR_ANOTHER),
        ({"aud": "another"}, FOR_ANOTHER),
        ({"aud": ["another"]}, FOR_ANOTHER),
        ({"aud": None}, FOR_ANOTHER),
        ({"aud": f"{CLIENT}2"}, FOR_ANOTHER),
        ({"iat": NOW - 8 * 3600 - 1}, HAS_ENDED),
        ({"iat": NOW + 3600}, HAS_ENDED),
        ({"iat": "soon"}, HAS_ENDED),
        ({"iat": True}, HAS_ENDED),
        ({"iat": None}, HAS_ENDED),
        ({"iat": float("nan")}, HAS_ENDED),
        ({"groups": None}, NO_CLAIM),
        ({"groups": []}, NO_CLAIM),
        ({"groups": {"partners": 1}}, NO_CLAIM),
        ({"groups": [["partners"]]}, NO_CLAIM),
        ({"groups": ["Partners"]}, NOT_A_PARTNER),
        ({"groups": "partners,others"}, NOT_A_PARTNER),
        ({"groups": "not partners"}, NOT_A_PARTNER),
        ({"groups": ["partners-2025"]}, NOT_A_PARTNER),
    ],
)
def test_everything_else_is_public_and_says_why(
    known: SignIn, changed: Mapping[str, Any], remark: str
) -> None:
    visitor = visitor_of({**CLAIMS, **changed}, known, NOW)
    assert visitor.role == "public"
    assert visitor.remark == remark


def test_without_a_sign_in_everybody_is_the_public() -> None:
    assert visitor_of(CLAIMS, None, NOW) == ANYBODY


def test_a_group_that_is_renamed_opens_nothing(known: SignIn) -> None:
    renamed = read({**GIVEN, "LTT_SIGN_IN_VALUES": "partners-new"})
    assert visitor_of(CLAIMS, renamed, NOW).remark == NOT_A_PARTNER


def test_a_copied_cookie_opens_nothing_after_its_reader_signed_out(known: SignIn) -> None:
    claims = {**CLAIMS, "sub": "who signs out"}
    assert visitor_of(claims, known, NOW).is_partner
    ended.end(gate.sign_in_of(claims))
    assert visitor_of(claims, known, NOW).remark == HAS_ENDED
    assert visitor_of({**claims, "iat": NOW - 1}, known, NOW).is_partner, "the next sign-in is another"


def test_who_signed_in_twice_in_a_browser_signs_out_of_both(known: SignIn) -> None:
    claims = [
        {**CLAIMS, "sub": "twice", "nonce": name} for name in ("first", "second", "third", "of another")
    ]
    first, second, third, other = (gate.sign_in_of(one) for one in claims)
    ended.follow(first, second)
    ended.follow(second, third)
    ended.follow(third, third)
    assert ended.end(third) == [third, second, first]
    assert [visitor_of(one, known, NOW).is_partner for one in claims] == [False, False, False, True]
    # Names that follow each other in a circle end too.
    ended.follow(first, other)
    ended.follow(other, first)
    assert set(ended.end(other)) == {other, first}


def test_an_address_that_nobody_checked_names_nobody(known: SignIn) -> None:
    assert visitor_of({**CLAIMS, "email_verified": False}, known, NOW).name == "1f3c"
    assert visitor_of({**CLAIMS, "email_verified": True}, known, NOW).name == "pat@partner.example"


def test_a_name_is_one_line_of_letters(known: SignIn) -> None:
    name = visitor_of({**CLAIMS, "email": "a\nb\x1b[31m\u202e" + "c" * 500}, known, NOW).name
    assert name.isprintable() and len(name) <= 120


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"LTT_SIGN_IN_ISSUER": ""}, "issuer"),
        ({"LTT_SIGN_IN_VALUES": " , "}, "values"),
        ({"LTT_SIGN_IN_COOKIE_SECRET": "short"}, "cookie_secret"),
        ({"LTT_SIGN_IN_COOKIE_SECRET": "x" * 64}, "cookie_secret"),
        ({"LTT_SIGN_IN_ISSUER": f"{ISSUER}?x=1"}, "issuer"),
        ({"LTT_SIGN_IN_ISSUER": f"{ISSUER}/a\nb"}, "issuer"),
        ({"LTT_SIGN_IN_LOG": "."}, "log"),
        ({"LTT_SIGN_IN_ISSUER": "http://login.example.org"}, "not encrypted"),
        ({"LTT_SIGN_IN_ISSUER": "login"}, "issuer"),
        ({"LTT_SIGN_IN_HOURS": "0"}, "hours"),
        ({"LTT_SIGN_IN_HOURS": "ever"}, "hours"),
        ({"LTT_SIGN_IN_LOG": "release/partner/access.log"}, "log"),
        ({"LTT_SIGN_IN": "/nowhere/sign-in.toml"}, "sign-in.toml"),
    ],
)
def test_settings_that_cannot_be_are_named(changed: Mapping[str, str], named: str) -> None:
    with pytest.raises(ServeError, match=named) as refused:
        read({**GIVEN, **changed})
    assert SECRET not in str(refused.value) and "between us" not in str(refused.value)


def test_without_an_address_there_is_no_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LTT_ADDRESS")
    with pytest.raises(ServeError, match="LTT_ADDRESS"):
        read(GIVEN)


def test_settings_of_a_file_are_its_own_and_a_variable_wins(tmp_path: Path) -> None:
    file = tmp_path / "sign-in.toml"
    lines = {
        "issuer": ISSUER,
        "client_id": CLIENT,
        "client_secret": "in the file",
        "cookie_secret": SECRET,
        "claim": "groups",
        "release": "partner",
    }
    text = "\n".join(f'{key} = "{value}"' for key, value in lines.items())
    file.write_text(f'[sign_in]\n{text}\nvalues = ["partners"]\nhours = 2\n', "utf-8")
    found = read({"LTT_SIGN_IN": str(file), "LTT_SIGN_IN_CLIENT_SECRET": "by variable"})
    assert found is not None
    assert found.client_secret == "by variable" and found.hours == 2
    assert found.release == tmp_path / "partner" and found.audience == CLIENT
    assert found.for_streamlit()["auth"]["redirect_uri"] == "https://trends.example.org/oauth2callback"


@pytest.mark.parametrize("text", ["[sign_in", "x = 1", "[sign_in]\nissue = 'x'", "[sign_in]\nvalues = 3"])
def test_a_file_that_says_nothing_usable_is_named_without_its_lines(tmp_path: Path, text: str) -> None:
    file = tmp_path / "sign-in.toml"
    file.write_text(f"{text}\n# {SECRET}\n", "utf-8")
    with pytest.raises(ServeError, match=r"sign-in\.toml") as refused:
        read({"LTT_SIGN_IN": str(file)})
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("key", ["claim", "client_id", "cookie_secret", "release"])
def test_a_key_of_blanks_is_a_key_that_is_missing(tmp_path: Path, key: str) -> None:
    file = tmp_path / "sign-in.toml"
    file.write_text(f'[sign_in]\n{key} = "{" " * 40}"\n', "utf-8")
    given = {name: text for name, text in GIVEN.items() if name != f"LTT_SIGN_IN_{key.upper()}"}
    with pytest.raises(ServeError, match=f"{key} missing"):
        read({**given, "LTT_SIGN_IN": str(file)})


def test_no_variables_no_sign_in() -> None:
    assert read({}) is None


# The token of a program ---------------------------------------------------------------------------------


KEY, OTHER_KEY = (RSAKey.generate_key(2048, {"kid": name}) for name in ("now", "other"))


def token(changed: Mapping[str, Any] | None = None, key: Any = KEY, **header: str) -> str:
    claims = {**CLAIMS, "iat": NOW - 60, "exp": NOW + 240, **(changed or {})}
    return jwt.encode({"alg": "RS256", "kid": key.kid or "now", **header}, claims, key)


class Known(Tokens):
    """Tokens whose provider answers from here, and counts how often it is asked."""

    asked = 0
    is_down = False

    async def _fetch(self) -> KeySet:
        self.asked += 1
        if self.is_down:
            raise httpx.ConnectError("down")
        return KeySet.import_key_set({"keys": [KEY.as_dict(private=False)]})


def visitor_by(tokens: Tokens, text: str) -> Any:
    return awaited(tokens.visitor_of(text, NOW))


def test_a_partners_token_opens(known: SignIn) -> None:
    visitor = visitor_by(Known(known), token())
    assert visitor.is_partner and visitor.name == "pat@partner.example"


SHARED = OctKey.import_key("between us, long enough to be taken", {"kid": "now"})


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (token({"exp": NOW - 1}), 401),
        (token({"exp": None}), 401),
        (token({"nbf": NOW + 3600}), 401),
        (token({"iss": "https://evil.example"}), 401),
        (token({"aud": "another"}), 401),
        (token({"groups": ["others"]}), 403),
        (token({"groups": None}), 403),
        (token(key=OTHER_KEY), 401),
        (token(key=OTHER_KEY, kid="now"), 401),
        (token()[:-4] + "AAAA", 401),
        (jwt.encode({"alg": "HS256", "kid": "now"}, {**CLAIMS}, SHARED, algorithms=["HS256"]), 401),
        ("eyJhbGciOiJub25lIn0.eyJncm91cHMiOiJwYXJ0bmVycyJ9.", 401),
        ("", 401),
        ("x" * 20_000, 401),
        ("a.b.c", 401),
        ("☃", 401),
    ],
)
def test_every_other_token_is_refused_in_words(known: SignIn, text: str, status: int) -> None:
    with pytest.raises(TokenRefusedError) as refused:
        visitor_by(Known(known), text)
    assert refused.value.status == status
    assert text not in refused.value.words or not text


def test_a_provider_that_is_down_opens_nothing_but_known_keys_go_on(known: SignIn) -> None:
    down = Known(known)
    down.is_down = True
    with pytest.raises(TokenRefusedError) as refused:
        visitor_by(down, token())
    assert refused.value.status == 503
    tokens = Known(known)
    assert visitor_by(tokens, token()).is_partner
    tokens.is_down = True
    tokens._fetched = time.monotonic() - 10_000
    assert visitor_by(tokens, token()).is_partner


def test_a_flood_of_made_up_keys_does_not_reach_the_provider(known: SignIn) -> None:
    tokens = Known(known)
    for _ in range(20):
        with pytest.raises(TokenRefusedError):
            visitor_by(tokens, token(key=OTHER_KEY))
    assert tokens.asked <= 2


def test_many_tokens_at_once_ask_the_provider_once(known: SignIn) -> None:
    async def flood(tokens: Tokens) -> list[Any]:
        calls = (tokens.visitor_of(token(key=OTHER_KEY), NOW) for _ in range(20))
        return await asyncio.gather(*calls, return_exceptions=True)

    class Slow(Known):
        async def _fetch(self) -> KeySet:
            await asyncio.sleep(0)
            return await super()._fetch()

    for is_down, status in ((False, 401), (True, 503)):
        tokens = Slow(known)
        tokens.is_down = is_down
        refused = awaited(flood(tokens))
        assert {one.status for one in refused} == {status}
        assert tokens.asked == 1


def test_the_token_of_a_sign_in_that_ended_opens_nothing(known: SignIn) -> None:
    claims = {**CLAIMS, "sub": "who signs out", "iat": NOW - 60, "exp": NOW + 240}
    ended.end(gate.sign_in_of(claims))
    with pytest.raises(TokenRefusedError) as refused:
        visitor_by(Known(known), token({"sub": "who signs out"}))
    assert refused.value.status == 401


# What travels -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:x", "", "/a\nb", "/\\/x", "x"],
)
def test_a_sign_in_leads_nowhere_else(target: str) -> None:
    assert gate._safe(target) == "/"


def test_a_sign_in_leads_back_to_the_page() -> None:
    assert gate._safe("/trends?form=forced_labour&area=C1") == "/trends?form=forced_labour&area=C1"


def test_what_is_said_again_has_no_click_and_no_fragment() -> None:
    message = BackMsg()
    message.rerun_script.page_script_hash = "page"
    message.rerun_script.query_string = "form=x"
    message.rerun_script.fragment_id = "part"
    message.rerun_script.cached_message_hashes.append("old")
    message.rerun_script.widget_states.widgets.add(id="button", trigger_value=True)
    said = BackMsg.FromString(sockets.again(message.SerializeToString())).rerun_script
    assert (said.page_script_hash, said.query_string, said.fragment_id) == ("page", "form=x", "")
    assert not said.widget_states.widgets and not said.cached_message_hashes
    other = BackMsg()
    other.app_heartbeat = True
    assert sockets.again(other.SerializeToString()) == sockets.again(b"\xff no message") == b""


def test_a_message_that_is_none_passes_unchanged() -> None:
    assert without_folder(b"\xff no message") == b"\xff no message"


@pytest.mark.parametrize(
    "text",
    [
        "trends.example.org",
        "http://trends.example.org",
        "https://",
        "https://x/path",
        "https://x y",
        "https://x;script-src *",
        "https://a@b",
        "ftp://x",
        "https://x:99999",
        "https://[::1",
        "https://x,y",
    ],
)
def test_an_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ServeError):
        origin_of(text, "LTT_ADDRESS")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://trends.example.org:443/", "https://trends.example.org"),
        ("https://Trends.example.org.", "https://trends.example.org"),
        ("https://trends.example.org:8443", "https://trends.example.org:8443"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("https://[::1]:443", "https://[::1]"),
    ],
)
def test_an_address_is_written_as_a_browser_writes_it(text: str, address: str) -> None:
    assert str(origin_of(text, "LTT_ADDRESS")) == address


def test_a_server_answers_to_its_own_names() -> None:
    assert allowed_hosts("127.0.0.1") == ["127.0.0.1", "::1", "localhost", "trends.example.org"]
    assert allowed_hosts("0.0.0.0") == ["127.0.0.1", "::1", "localhost", "trends.example.org"]


def test_without_an_address_a_network_server_answers_to_every_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LTT_ADDRESS")
    assert allowed_hosts("0.0.0.0") == []
    assert "trends.example.org" not in allowed_hosts("127.0.0.1")


def test_a_file_of_secrets_that_others_can_read_is_told_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "sign-in.toml"
    file.write_text("[sign_in]\n", "utf-8")
    file.chmod(0o644)
    told = read_by_others({"LTT_SIGN_IN": str(file)})
    assert "chmod 600 sign-in.toml" in told and str(tmp_path) not in told
    file.chmod(0o600)
    assert read_by_others({"LTT_SIGN_IN": str(file)}) == read_by_others({}) == ""
