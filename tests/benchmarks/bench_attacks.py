"""The attacks and random paths of the tests in their long form: every target, not a seeded part.

python -m tests.benchmarks.bench_attacks
"""

import os
import subprocess
import sys

from tests.benchmarks.measuring import say, timed
from tests.support import PROJECT

LONG_FORMS = (
    "tests/security/test_every_subject.py",
    "tests/security/test_differencing.py",
    "tests/security/test_asking_again.py",
    "tests/security/test_integer_programme.py",
    "tests/security/test_api.py",
    "tests/security/test_hidden_population.py",
    "tests/browser/test_walking.py",
    "tests/pages/test_matrix.py",
    "tests/pages/test_two_hundred_paths.py",
    "tests/quick/answers/test_two_hundred_paths.py",
)


def main() -> int:
    """Run them; return pytest's exit code."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", *LONG_FORMS]
    with timed("long forms"):
        done = subprocess.run(command, cwd=PROJECT, env={**os.environ, "LTT_LONG_TESTS": "1"}, check=False)
    say("exit code", done.returncode)
    return done.returncode


if __name__ == "__main__":
    raise SystemExit(main())
