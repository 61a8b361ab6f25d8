"""No restricted file leaves without a line in the log."""

import hashlib
import json
import stat
from pathlib import Path

import pytest

from analysis.errors import LttError
from analysis.exports import ExportItem, deliver
from analysis.release.access_log import LOG_VARIABLE

from .conftest import make_context


def test_a_restricted_export_is_logged_before_it_is_handed_over(
    made_item: ExportItem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "access.log"
    monkeypatch.setenv(LOG_VARIABLE, str(log))
    context = make_context(profile="steward", threshold=0)
    content = deliver([made_item], context, "csv")
    deliver([made_item], context, "xlsx")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert len(lines) == 2
    assert lines[0]["sha256"] == hashlib.sha256(content).hexdigest()
    assert lines[0]["name"].startswith("RESTRICTED_")
    assert lines[0]["question"].startswith("People identified by area and gender")
    assert "112" not in log.read_text().replace(lines[0]["sha256"], "").replace(lines[1]["sha256"], "")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


@pytest.mark.parametrize("target", ["", "missing/folder/access.log"])
def test_without_a_log_nothing_restricted_leaves(
    target: str, made_item: ExportItem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(LOG_VARIABLE, target)
    with pytest.raises(LttError, match="log"):
        deliver([made_item], make_context(profile="steward"), "csv")


def test_a_public_export_needs_no_log(made_item: ExportItem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(LOG_VARIABLE, raising=False)
    assert deliver([made_item], make_context(), "csv")[:2] == b"PK"
