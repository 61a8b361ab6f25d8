"""The examples of docs/api.md are asked, and what it says of addresses, names and statuses is so."""

import re
import shlex
import subprocess
import sys
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from analysis.api.openapi import EVERY
from analysis.api.parameters import QUESTION
from tests.asking import Asking, served
from tests.support import PROJECT

TEXT = (PROJECT / "docs" / "api.md").read_text("utf-8")
SITE = "https://trends.example.org"
CALLS = re.findall(r"^    (curl .+?)(?: +# (\d+))?$", TEXT, re.MULTILINE)


@pytest.mark.parametrize(("command", "status"), CALLS, ids=[command for command, _ in CALLS])
def test_every_call_is_answered_as_it_says(ask: Asking, command: str, status: str) -> None:
    words = shlex.split(command)
    headers = {}
    for name, value in pairwise(words):
        if name == "-H":
            kind, _, text = value.partition(": ")
            headers[kind.lower()] = text
    parts = urlsplit(words[-1])
    assert f"{parts.scheme}://{parts.netloc}" == SITE
    found = ask(f"{parts.path}?{parts.query}", headers=headers)
    assert found.status_code == int(status or 200), found.text
    if not status:
        assert found.content


def test_the_python_lines_run(ask: Asking) -> None:
    [code] = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    with served(ask) as address:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code.replace(SITE, address)],
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0 and "2025" in done.stdout, done.stderr


def test_every_address_and_every_parameter_stands_in_the_text() -> None:
    for address in EVERY:
        assert f"`{address.path}`" in TEXT, address.path
    for parameter in QUESTION:
        shared = parameter.name in ("age_group", "age_band", "citizenship_group", "status", "source")
        assert shared or f"`{parameter.name}`" in TEXT, parameter.name
