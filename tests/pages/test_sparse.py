"""Regions of which little is known: one area, nothing that is shown, two years. Pages say why, in words."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests import release_states
from tests.pages.conftest import headlines
from tests.pages.opening import OpenPage

_FIRST = "(SELECT min(code) FROM area WHERE level = 1)"
ONE_AREA = [
    *(
        f"DELETE FROM cell_{subject} WHERE area_level = 2 OR (area_level = 1 AND area <> {_FIRST})"
        for subject in ("person", "referral")
    ),
    f"DELETE FROM area WHERE level > 0 AND code <> {_FIRST}",
]
ALL_HIDDEN = ["DELETE FROM cell_person", "DELETE FROM cell_referral"]
TWO_YEARS = [
    "DELETE FROM cell_person WHERE left(period, 4) < '2024'",
    "DELETE FROM cell_referral WHERE left(period, 4) < '2024'",
    "UPDATE collection SET first_period = '2024-01'",
]
CASES: dict[str, tuple[Sequence[str], str, dict[str, str]]] = {
    "one area, overview": (ONE_AREA, "overview", {"warnings": "Nothing above what is usual"}),
    "nothing shown, pathway": (ALL_HIDDEN, "pathway", {"hand_offs": "Nothing can be shown here"}),
    "two years, overview": (TWO_YEARS, "overview", {"warnings": "There are too few earlier years"}),
}


@pytest.mark.parametrize("case", CASES)
def test_where_little_is_known_pages_say_why(
    case: str, open_page: OpenPage, folder: Path, tmp_path: Path
) -> None:
    statements, page, wanted = CASES[case]
    made = release_states.changed(folder, tmp_path / "sparse", statements)
    found = headlines(open_page(page, release_folder=made, every_card=True))
    for key, words in wanted.items():
        assert found[key].startswith(words), found
    assert not any(bad in words for words in found.values() for bad in ("nan", "inf ", "None"))
