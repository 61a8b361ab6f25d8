"""Schemathesis asks the API what its own description allows and forbids; it must find nothing.

Few examples here; `tests/benchmarks/bench_schemathesis.py` is the long form.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from analysis import Release
from analysis.api.addresses import ADDRESSES
from analysis.api.openapi import document
from analysis.release.catalog_of_release import catalog_for
from tests.asking import API, Asking, asking
from tests.support import examples

#: A question that is well written and that the protection refuses is answered with 422; figures of partners,
#: without a right to them, with 403.
NEEDED = {"measure": "child_share", "question": "measure=child_share"}
MEANT = ["2xx", "304", "403", "404", "422"]


def read_by_schemathesis(ask: Asking) -> Any:
    """Return the description as Schemathesis reads it, with the statuses that a good request may meet."""
    found = schemathesis.openapi.from_asgi(f"{API}/openapi.json", ask.app)
    found.config.checks.positive_data_acceptance.expected_statuses = MEANT
    return found


@pytest.fixture(scope="module")
def described(folder: Path) -> Iterator[Any]:
    with asking(folder) as ask:
        yield read_by_schemathesis(ask)


def ways() -> Iterator[Any]:
    """Yield each address with requests as it describes them, and with others where it takes parameters."""
    for address in ADDRESSES:
        modes = list(GenerationMode) if address.parameters else [GenerationMode.POSITIVE]
        for mode in modes:
            yield pytest.param(address.path, mode, id=f"{address.name}-{mode.value}")


@pytest.mark.parametrize(("path", "mode"), list(ways()))
def test_nothing_is_found(described: Any, path: str, mode: GenerationMode) -> None:
    operation = described[path]["GET"]

    # Not by its plugin of pytest, which splits tests in a way that pytest 9 does not know any more.
    @settings(
        max_examples=examples(10), derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask_and_check(case: Any) -> None:
        case.call_and_validate()

    ask_and_check()


def test_the_description_is_made_from_what_requests_are_read_by(ask: Asking, release: Release) -> None:
    served = ask("/openapi.json").json()
    assert served == json.loads(json.dumps(document(catalog_for(release))))
    assert served["openapi"].startswith("3.1.")
    # Every parameter that is described is read by its own declaration.
    for path, item in served["paths"].items():
        names = {one["name"] for one in item["get"]["parameters"] if one["in"] == "query"}
        needed = {name: text for name, text in NEEDED.items() if name in names}
        for parameter in item["get"]["parameters"]:
            if parameter["in"] != "query":
                continue
            wrong = ask(
                path.format(measure="child_share", level="1", register="law_provision"),
                params={**needed, parameter["name"]: "\x01"},
            )
            assert wrong.status_code == 400 and parameter["name"] in wrong.json()["detail"], parameter
