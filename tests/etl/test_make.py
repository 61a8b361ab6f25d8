"""What `make` says and passes on; the environment is made by a Python that only writes lines."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import PROJECT

PACKAGES = 60
PIP = f"""#!{sys.executable}
import os, sys
from pathlib import Path
if "venv" in sys.argv:
    made = Path(sys.argv[-1], "bin", "python")
    made.parent.mkdir(parents=True)
    made.write_text(Path(__file__).read_text())
    made.chmod(0o755)
elif "pip" in sys.argv:
    assert "--require-hashes" in sys.argv
    for number in range({PACKAGES}):
        print("Collecting a==", number)
        print("  Downloading a", number)
    print("Installing collected packages: a, b")
    sys.exit(int(os.environ["ENDS"]))
"""


def make(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    return subprocess.run(
        ["make", *words], cwd=PROJECT, env=kept | environment, capture_output=True, text=True, check=False
    )


@pytest.mark.command
def test_the_desk_is_given_the_port_that_somebody_says_and_no_other(tmp_path: Path) -> None:
    venv = f"VENV={tmp_path}"
    (tmp_path / ".installed").touch()
    assert '--port "8700"' in make("-n", "desk", "PORT=8700", venv).stdout
    assert '--port "8701"' in make("-n", "desk", venv, PORT="8701").stdout
    assert "etl desk" in make("-n", "desk", venv).stdout and "--port" not in make("-n", "desk", venv).stdout


@pytest.mark.command
@pytest.mark.parametrize("ends", ["0", "1"])
def test_the_first_minutes_say_what_happens_and_a_failure_is_none(tmp_path: Path, ends: str) -> None:
    python, venv = tmp_path / "python", tmp_path / "venv"
    python.write_text(PIP)
    python.chmod(0o755)
    done = make(f"{venv}/.installed", f"PYTHON={python}", f"VENV={venv}", ENDS=ends)
    assert "minutes in all" in done.stdout and "being installed" in done.stdout, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines() if "packages fetched" in line] == [
        "25",
        "50",
    ]
    assert (venv / ".installed").exists() is (ends == "0") is (done.returncode == 0)
    assert ("ready" in done.stdout) is (ends == "0")


@pytest.mark.command
def test_a_first_build_is_told_and_a_later_one_is_not(tmp_path: Path) -> None:
    (tmp_path / ".installed").touch()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text("#!/bin/sh\n")
    (tmp_path / "bin" / "python").chmod(0o755)
    words = ("build", f"VENV={tmp_path}", f"DATA={tmp_path}/home")
    assert "Making the first release" in make(*words).stdout
    (tmp_path / "home" / "release" / "public").mkdir(parents=True)
    (tmp_path / "home" / "release" / "public" / "manifest.json").touch()
    assert "first release" not in make(*words).stdout
