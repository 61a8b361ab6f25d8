"""TOML that would take minutes, or all of the stack, is refused in a moment and in words."""

import time
from pathlib import Path

import pytest

from analysis.catalog.table import LARGEST_BYTES, read_table
from analysis.errors import CatalogError

HOSTILE = {
    "a key of many parts": f"a{'.b' * 20_000} = 1",
    "a header of many parts": f"[{'.'.join(['a'] * 20_000)}]",
    "quoted parts": "a" + '."b"' * 5_000 + " = 1",
    "parts with blanks": "a" + " . b" * 5_000 + " = 1",
    "parts inside a value": f"x = {{ a{'.b' * 5_000} = 1 }}",
    "lists in lists": f"a = {'[' * 100_000}{']' * 100_000}",
    "tables in tables": "x = {" * 50_000,
    "many headers": "\n".join(f"[a{n}.b.c]" for n in range(100_000)),
    "one long text": f'x = "{"a" * 5_000_000}"',
    "one long word": "a" * (LARGEST_BYTES - 10),
    "not UTF-8": b"x = '\xff'",
}


@pytest.mark.parametrize("kind", list(HOSTILE))
def test_it_is_refused_in_a_moment(tmp_path: Path, kind: str) -> None:
    text = HOSTILE[kind]
    (tmp_path / "one.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    started = time.process_time()
    with pytest.raises(CatalogError) as raised:
        read_table(tmp_path, "one.toml")
    assert time.process_time() - started < 2
    assert "one.toml" in raised.value.message
    assert len(raised.value.message) < 400


def test_what_people_write_is_read(tmp_path: Path) -> None:
    sentence = "Counted at www.example.org/a.b.c. " + " ".join(f"Point {n}." for n in range(200))
    (tmp_path / "one.toml").write_text(f'[a.b.c]\ntext = "{sentence}"\n"d.e" = [[1.5, 2.5], [3]]\n', "utf-8")
    table = read_table(tmp_path, "one.toml").values
    assert table["a"]["b"]["c"]["text"] == sentence
