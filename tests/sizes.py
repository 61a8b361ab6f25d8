"""How much a test tries: a seeded part in `make test`, everything in the long form (`make bench`)."""

import os

LONG = os.environ.get("LTT_LONG_TESTS") == "1"


def size(part: int, everything: int) -> int:
    """Return how many cases to try: a part of them, or everything where the long form was asked for."""
    return everything if LONG else part
