"""The keeper's desk in a browser, steps 5 to 7: a small sheet is loaded, looked at, released and told of.

The sheet names no area, so that no boundaries are loaded: what is waited for are a load and a release, a few
seconds each. A machine may be slow: only what is wrong is waited for to the end.
"""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from etl.desk.steps.load import DONE
from etl.desk.steps.release import MEANT
from tests.browser.conftest import DESK, PATIENCE_MS, Watch
from tests.browser.test_keepers_desk import heading, serving_desk, there

ROWS = 24
HOME = 'place = "Harbour"\ngeography = "harbour"\nas_of = 2025-12-31\n'
#: For a load, and for a release of two profiles.
WORK_MS = 5 * PATIENCE_MS


def sheet(path: Path) -> Path:
    """Two people a month, made up."""
    rows = [f"HH-{1000 + n},2025-{1 + n % 12:02d},{'FM'[n % 2]}" for n in range(ROWS)]
    path.write_text("\n".join(["Client ID,Month,Gender", *rows]) + "\n", "utf-8")
    return path


def press(page: Page, name: str) -> None:
    """Press a button once it can be pressed."""
    button = page.get_by_role("button", name=name, exact=True)
    expect(button).to_be_enabled(timeout=PATIENCE_MS)
    button.click()


def done(page: Page, text: str) -> None:
    """Wait until the work that a button began says that it has ended."""
    expect(page.get_by_text(text, exact=True).first).to_be_visible(timeout=WORK_MS)
    assert "HH-10" not in page.inner_text("body"), "no cell of the sheet is shown"


def test_a_sheet_is_loaded_looked_at_released_and_told_of(chromium: Browser, tmp_path: Path) -> None:
    with serving_desk(tmp_path, HOME) as desk:
        context = chromium.new_context(**DESK)
        context.set_default_timeout(PATIENCE_MS)
        watch = Watch(context)
        page = context.new_page()
        page.goto(desk.address)
        heading(page, "Choose")
        page.locator("input[type=file]").set_input_files(sheet(tmp_path / "small.csv"))
        there(page.get_by_text("Open: small.csv"))
        for step in ("Look", "Match", "Check"):
            press(page, f"Next: {step}")
            heading(page, step)
        there(page.get_by_text(f"{ROWS} accepted, 0 rejected"))
        press(page, "Next: Load")
        heading(page, "Load")
        press(page, "Load")
        done(page, DONE)
        assert list(desk.copies.glob("ltt-desk-*")) == [], "the copy goes once the file is loaded"
        press(page, "Next: Release")
        heading(page, "Release")
        press(page, "Look at what would be published")
        done(page, "How much of it can be shown")
        there(page.get_by_text("These months close for good"))
        begin = page.get_by_role("button", name="Release for the public and for partners")
        expect(begin).to_be_disabled()
        page.get_by_text(MEANT).click()
        press(page, "Release for the public and for partners")
        done(page, "Released.")
        there(page.get_by_role("button", name="Open the dashboard"))
        press(page, "Next: History")
        heading(page, "History")
        loaded = page.get_by_role("row").filter(has_text="small.csv")
        there(loaded.filter(has_text=f"{ROWS} of {ROWS}"))
        for profile in ("public", "partner"):
            there(page.get_by_role("row").filter(has_text=profile).filter(has_text="offered to readers"))
        assert "HH-10" not in page.inner_text("body")
        assert (watch.outside, watch.failed, watch.complaints) == ([], [], [])
        context.close()
