"""Money is told in the currency of the release's own awards and spending."""

from pathlib import Path

import pytest

from analysis import Question, answer, load_catalog, open_release
from analysis.findings.groups import standard
from analysis.findings.scope import Scope
from analysis.findings.sentences import say
from analysis.release.catalog_of_release import catalog_for
from analysis.words import with_unit
from tests.demonstration import demonstration_release
from tests.release_states import changed

MONEY = "'public_funding', 'private_funding', 'expenditure'"


@pytest.fixture(scope="module")
def pounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    change = [f"UPDATE observation SET unit = 'pounds' WHERE measure IN ({MONEY})"]
    return changed(demonstration_release(), tmp_path_factory.mktemp("pounds") / "public", change)


def test_pounds_are_not_called_dollars(pounds: Path) -> None:
    release = open_release(pounds)
    assert release.currency == "pounds"
    catalog = catalog_for(release)
    units = [one.unit for one in (*catalog.measures.values(), *catalog.derived.values())]
    assert not [unit for unit in units if "dollar" in unit]
    asked = [Question(code, ["period"]) for code in ("public_funding", "cost_per_accepted_referral")]
    public, per_referral = answer(asked, release)
    assert (public.unit, per_referral.unit) == (
        "pounds, not adjusted for inflation",
        "pounds per referral, not adjusted for inflation",
    )
    assert " pounds" in say(standard(public, Scope()))


def test_without_money_and_with_dollars_the_catalog_is_as_it_is_written(tmp_path: Path) -> None:
    release = open_release(demonstration_release())
    assert catalog_for(release) is load_catalog()
    none = changed(demonstration_release(), tmp_path / "none", ["DROP TABLE observation"])
    assert open_release(none).currency == "dollars"


def test_a_value_says_what_its_label_does_not() -> None:
    measures = load_catalog().measures
    assert with_unit(measures["public_funding"], 1_200_000.0) == "1.2 million dollars"
    assert with_unit(measures["service_wait_median"], 21.0) == "21 days"
    assert with_unit(measures["tips_response_median"], 3.8) == "3.8 hours"
    assert with_unit(measures["detected_persons"], 1_223.0) == "1,223"
    assert with_unit(measures["form_share"], 61.0) == "61%"
    assert with_unit(measures["public_funding"], None) == "not shown"
