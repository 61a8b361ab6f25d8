"""Starting the dashboard: which address, which port, and what is refused."""

import json
import socket

import pytest

from analysis.release.access_log import LOG_VARIABLE, beside
from ui.app.serve import ServeError, check_free, check_host, chosen_port, environment_of


@pytest.mark.parametrize("text", ["", "80", "99999", "8501; ls", "-1", "8_501"])
def test_a_port_that_cannot_be_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ServeError, match="1024 to 65535"):
        chosen_port(text)


def test_a_port_in_use_is_named_with_the_next_command() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ServeError, match=f"PORT={port + 1}"):
            check_free("127.0.0.1", port)


def test_exact_numbers_are_never_served_to_a_network(tmp_path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"profile": "steward"}))
    check_host("127.0.0.1", tmp_path)
    for host in ("0.0.0.0", "192.168.1.20", "::", "example.org"):
        with pytest.raises(ServeError, match="this machine only"):
            check_host(host, tmp_path)


def test_a_public_release_may_be_served_where_the_owner_says(tmp_path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"profile": "public"}))
    check_host("0.0.0.0", tmp_path)


def test_a_serving_process_solves_with_one_thread_unless_its_keeper_says_otherwise(tmp_path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"profile": "public"}))
    served = environment_of(tmp_path, "", {"PATH": "/bin"})
    assert served["OPENBLAS_NUM_THREADS"] == "1" and served["PATH"] == "/bin"
    assert served["LTT_RELEASE"] == str(tmp_path) and LOG_VARIABLE not in served
    assert environment_of(tmp_path, "", {"OPENBLAS_NUM_THREADS": "4"})["OPENBLAS_NUM_THREADS"] == "4"


def test_looks_at_exact_numbers_are_written_down_beside_them(tmp_path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"profile": "steward"}))
    assert environment_of(tmp_path, "key", {})[LOG_VARIABLE] == str(beside(tmp_path))
    assert environment_of(tmp_path, "key", {LOG_VARIABLE: "elsewhere"})[LOG_VARIABLE] == "elsewhere"
