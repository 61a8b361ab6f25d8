"""Small made-up inputs of a task force, and the command line run on them in this process."""

import contextlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from etl.cli import main
from etl.config import Home, home_at
from etl.store import warehouse

AREAS = """\
code,name,level,kind,lies_in
R,Riverland,0,region,
R1,Upper,1,county,R
R2,Lower,1,county,R
R11,Alder Vale,2,district,R1
R12,Birch End,2,district,R1
R21,Ash Mouth,2,district,R2
"""
AREAS_MAPPING = """\
[source]
id = "own_areas"
label = "Areas"
geography = "riverland"
unit = "areas"
synthetic = {synthetic}
[[table]]
name = "area"
[table.columns]
code = "code"
name = "name"
level = "level"
level_name = "kind"
parent = "lies_in"
[table.constants]
geography = "riverland"
"""
PERSONS_MAPPING = """\
period = "{first}..{last}"
[source]
id = "{source}"
label = "{source}"
collection = "{collection}"
collection_label = "Joint register"
geography = "riverland"
synthetic = {synthetic}
[[table]]
name = "person"
[table.columns]
person_ref = "client"
period = "month"
area = "place"
age = "age"
gender = "gender"
status = "status"
form = {{ column = "forms", split = ";" }}
"""
HEADER = "client,month,place,age,gender,status,forms"
PLACES = ("R11", "Birch End", "ash mouth", "R1")
GENDERS = ("female", "male", "other", "")
STATUSES = ("presumed", "confirmed", "")
FORMS = ("sexual_exploitation", "forced_labour;domestic_servitude", "")


def person_row(number: int, month: str, **changed: str) -> str:
    """Return one row; the number decides everything that is not given."""
    values = {
        "client": f"C{number:05d}",
        "month": month,
        "place": PLACES[number % 4],
        "age": str(5 + number % 60),
        "gender": GENDERS[number % 4],
        "status": STATUSES[number % 3],
        "forms": FORMS[number % 3],
    }
    return ",".join({**values, **changed}.values())


@dataclass
class Deliverer:
    """Writes files of persons with their mapping into a folder."""

    folder: Path
    synthetic: bool = False

    def areas(self) -> tuple[Path, Path]:
        return self._write("areas", AREAS, AREAS_MAPPING.format(synthetic=str(self.synthetic).lower()))

    def persons(
        self,
        name: str,
        first: str,
        last: str,
        rows: Sequence[str],
        source: str = "shelter",
        *,
        collection: str = "register",
    ) -> tuple[Path, Path]:
        mapping = PERSONS_MAPPING.format(
            first=first,
            last=last,
            source=source,
            collection=collection,
            synthetic=str(self.synthetic).lower(),
        )
        return self._write(name, "\n".join([HEADER, *rows]) + "\n", mapping)

    def quarter(self, name: str, year: int, number: int, count: int, start: int = 0, **changed: str) -> Any:
        months = [f"{year}-{month:02d}" for month in range(3 * number - 2, 3 * number + 1)]
        rows = [person_row(start + i, months[i % 3], **changed) for i in range(count)]
        return self.persons(name, months[0], months[-1], rows)

    def _write(self, name: str, text: str, mapping: str) -> tuple[Path, Path]:
        data, toml = self.folder / f"{name}.csv", self.folder / f"{name}.toml"
        data.write_text(text, "utf-8")
        toml.write_text(mapping, "utf-8")
        return data, toml


@dataclass
class Ran:
    """What a command left: exit code, stdout, stderr, and stdout as JSON where it is."""

    code: int
    out: str
    err: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass
class CommandLine:
    """Runs commands on one home."""

    home: Home

    def __call__(self, *words: object, as_json: bool = True) -> Ran:
        """Run a command; the home is added."""
        given = [*map(str, words), "--home", str(self.home.root)]
        return self.plain(*given, *(["--json"] if as_json else []))

    def plain(self, *words: object) -> Ran:
        """Run a command as it is given."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = main(list(map(str, words)))
            except SystemExit as stopped:  # argparse
                code = int(stopped.code or 0)
        said = out.getvalue()
        values = json.loads(said) if said.lstrip().startswith("{") else {}
        return Ran(code, said, err.getvalue(), values)

    def load(self, files: tuple[Path, Path], *more: object) -> Ran:
        """Load a file with its mapping."""
        return self("load", files[0], "--source", "own", "--mapping", files[1], *more)

    def query(self, text: str) -> list[tuple[Any, ...]]:
        """Ask the current warehouse."""
        with warehouse.connect(warehouse.current(self.home)) as connection:
            return connection.execute(text).fetchall()


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder but the lock: to see that nothing has changed."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "lock"
    }


def command_line(root: Path) -> CommandLine:
    return CommandLine(home_at(root))
