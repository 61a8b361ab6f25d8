"""The long form of tests/quick/api/test_schemathesis.py: all phases, against a server of a demonstration.

python -m tests.benchmarks.bench_schemathesis
EXAMPLES=200 LTT_RELEASE=release/public python -m tests.benchmarks.bench_schemathesis

Ends with 1 where anything was found. `LTT_RELEASE` names a release; without it one is built.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.asking import API, asking, served
from tests.benchmarks.measuring import say, say_load
from tests.quick.api.test_schemathesis import MEANT
from tests.support import PROJECT

EXAMPLES = os.environ.get("EXAMPLES", "100")
SEED = os.environ.get("SEED", "12")
_SETTINGS = """
[checks.positive_data_acceptance]
expected-statuses = [{statuses}]
"""


def built(folder: Path) -> Path:
    """Build a demonstration and return its public release."""
    command = [sys.executable, "-m", "etl", "build", "--demo", "--home", str(folder)]
    subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
    return folder / "release" / "public"


def main() -> int:
    """Try everything; return 1 when something was found."""
    say_load()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = folder / "schemathesis.toml"
        settings.write_text(_SETTINGS.format(statuses=", ".join(f'"{one}"' for one in MEANT)))
        given = os.environ.get("LTT_RELEASE")
        with asking(Path(given) if given else built(folder / "home")) as ask, served(ask) as root:
            began = time.monotonic()
            command = [str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(settings)]
            command += ["run", f"{root}{API}/openapi.json", "--max-examples", EXAMPLES, "--seed", SEED]
            ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            say("seconds", time.monotonic() - began, "s")
    print(
        ran.stdout[ran.stdout.find("=== ") :] if ran.returncode else "\n".join(ran.stdout.splitlines()[-25:])
    )
    tried = re.search(r"(\d[\d,]*) generated", ran.stdout)
    say("requests made up", int(tried[1].replace(",", "")) if tried else 0, "")
    return int(ran.returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
