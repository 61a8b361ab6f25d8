"""A hub of partner releases, of parts with months and quarters, and one whose release is withdrawn."""

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from analysis import Question, answer, load_catalog, open_release
from analysis.release.archive import read_archive
from analysis.release.manifest import read_manifest
from etl.release.publishing.writer_process import quoted
from tests.counties import COUNTIES, PLACE, write_county
from tests.etl.made_home import Ran, command_line, snapshot

#: Totals of months, quarters and years and the split by form: enough to add, and little to write.
FEW = "DELETE FROM observation WHERE period_level <> 'year'; " + "".join(
    f"DELETE FROM cell_{code} WHERE coalesce({', '.join((*others, 'NULL', 'NULL'))}) IS NOT NULL; "
    for code, one in load_catalog().subjects.items()
    for others in [[name for name in one.dimensions if name != "form"]]
)
PARTS = tuple(
    replace(one, profile="partner", changes=FEW, is_light=False, size=size, last=last)
    for one, size, last in zip(COUNTIES[:2], (1.0, 0.4), ("2025-12", "2025-06"), strict=True)
)
CODES = tuple(one.code for one in PARTS)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two partner releases with months and the hub made of them; nothing may be written there."""
    root = tmp_path_factory.mktemp("partners")
    for one in PARTS:
        write_county(root / one.code, one)
    assert hub(root, "--place", PLACE).code == 0
    return root


@pytest.fixture
def own(made: Path, tmp_path: Path) -> Path:
    """The same, in a folder that the test may write in."""
    return Path(shutil.copytree(made, tmp_path / "own"))


def hub(root: Path, *more: str, profile: str = "partner") -> Ran:
    folders = [root / code for code in CODES]
    return command_line(root / "state").plain(
        "hub", *folders, "--out", root / "state", "--profile", profile, "--json", *more
    )


def release_of(root: Path, profile: str = "partner") -> Path:
    return root / "state" / "release" / profile


def shown(folder: Path, level: str, first: str, last: str, **more: object) -> dict[str, tuple[object, ...]]:
    """Return value, numbers shown and numbers asked for of each period of the whole."""
    question = Question("detected_persons", by=("period",), periods=(first, last), period_level=level, **more)
    [told] = answer([question], open_release(folder))
    return {
        row["period"]: (row["value"], row["cells_shown"], row["cells_total"])
        for row in told.frame.iter_rows(named=True)
    }


def test_a_hub_of_partners_holds_their_numbers_and_is_theirs_alone(made: Path) -> None:
    manifest = read_manifest(release_of(made))
    assert manifest.profile == "partner"
    assert not release_of(made, "public").exists()
    whole = shown(release_of(made), "year", "2022", "2023")
    parts = [shown(made / code, "year", "2022", "2023") for code in CODES]
    assert whole == {year: (sum(part[year][0] for part in parts), 2, 2) for year in ("2022", "2023")}


def test_partner_releases_are_in_no_public_hub(own: Path) -> None:
    before = snapshot(own / "state")
    ran = hub(own, "--place", PLACE, profile="public")
    assert ran.code in (1, 2) and "public" in ran.values["error"] and "partner" in ran.values["error"]
    assert snapshot(own / "state") == before
    assert not release_of(own, "public").exists()


@pytest.mark.parametrize(
    ("level", "first", "last"), [("month", "2025-01", "2025-12"), ("quarter", "2024-Q1", "2025-Q4")]
)
def test_months_and_quarters_are_added_until_a_part_ends(
    made: Path, level: str, first: str, last: str
) -> None:
    whole = shown(release_of(made), level, first, last)
    one, other = (shown(made / code, level, first, last) for code in CODES)
    both = [period for period in whole if one[period][0] and other.get(period, (None,))[0]]
    alone = [period for period in whole if one[period][0] and period not in both]
    assert both and alone
    for period in both:
        assert whole[period] == (one[period][0] + other[period][0], 2, 2)
    for period in alone:
        assert whole[period] == (one[period][0], 1, 2), "at least: one part has no figure of it"


def test_a_series_by_form_is_the_sum_of_what_the_parts_show(made: Path) -> None:
    """Taken off the sum of a month, the numbers of one part leave nothing that the other part hides."""
    with duckdb.connect() as opened:
        for name, folder in {"hub": release_of(made), **{code: made / code for code in CODES}}.items():
            opened.execute(f"ATTACH {quoted(folder / read_manifest(folder).file)} AS {name} (READ_ONLY)")
        listed = " UNION ALL ".join(
            f"SELECT period, form, value FROM {code}.cell_person WHERE area IS NULL AND source IS NULL"
            for code in CODES
        )
        expected = (
            "SELECT period, form, sum(value)::INTEGER, count(*)::INTEGER AS parts "
            f"FROM ({listed}) GROUP BY ALL"
        )
        held = "SELECT period, form, value, parts FROM hub.cell_person WHERE area IS NULL AND source IS NULL"
        assert opened.execute(f"SELECT max(parts), min(parts) FROM ({held})").fetchone() == (2, 1)
        [(smallest,)] = opened.execute(f"SELECT min(value) FROM ({held})").fetchall()
        threshold = load_catalog().protection.threshold
        assert threshold["partner"] <= smallest < threshold["public"], "partners see more, and no less"
        for left, right in ((held, expected), (expected, held)):
            assert not opened.execute(f"({left}) EXCEPT ({right})").fetchall()


def test_a_withdrawn_release_of_a_hub_does_not_come_back(own: Path) -> None:
    home, first = own / "state", read_manifest(release_of(own)).release_id
    ran = command_line(home)("withdraw", first)
    assert ran.code == 0 and ran.values["changed"]
    assert not list(release_of(own).glob("release-*"))
    before = snapshot(home)
    ran = hub(own)
    assert ran.code == 1 and "which was withdrawn" in ran.values["error"]
    assert "Ask the task force" in ran.values["next_step"]
    assert snapshot(home) == before
    write_county(
        own / "KV",
        replace(PARTS[1], size=1, changes="UPDATE cell_person SET value = value + 3; "),
        own / "KV",
    )
    assert hub(own).code == 0
    second = read_manifest(release_of(own)).release_id
    assert second != first
    assert first not in {one.release_id for one in read_archive(release_of(own)).offered}
