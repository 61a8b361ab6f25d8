"""What is open in one session of the desk: a private copy of a file, and the mapping for it.

The copy is there because files are read from a disk. It lies in a folder of its own that only this user may
open, outside the home, so that no backup takes it along; it goes with the session, with the next file, and
with the program. No row of it is kept in the session.
"""

import os
import re
import shutil
import tempfile
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from etl.cli import Refusal
from etl.config import PRIVATE_FILE, PRIVATE_FOLDER
from etl.drafting.toml_text import contributor
from etl.errors import EtlError, harmless
from etl.load.check import Loaded
from etl.store.warehouse import sha256

_FOLDER = "ltt-desk-"
_LONGEST_NAME, _LONGEST_ENDING = 180, 12  # bytes of the name of a file, letters behind its last dot


class Upload:
    """A private copy of a file that was chosen; deleted with this object at the latest.

    Attributes
    ----------
    name : str
        As the file was called.
    path : pathlib.Path
        The copy, mode 0600 in a folder of mode 0700.
    sha256 : str
        Of its bytes.
    """

    def __init__(self, name: str, data: bytes) -> None:
        self.name = _short(harmless(Path(name.replace("\\", "/")).name).strip(". ") or "sheet")
        folder = tempfile.mkdtemp(prefix=prefix())
        # Also when the session is thrown away without a word, and when the program ends.
        self.forget = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self.path = Path(folder) / self.name
        try:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
        except OSError:
            self.forget()
            raise
        self.sha256 = sha256(self.path)

    def same(self) -> Path:
        """Return the path of the copy, if it is still the file that was chosen.

        Raises
        ------
        EtlError
            When it is gone or holds something else.
        """
        try:
            if sha256(self.path) == self.sha256:
                return self.path
        except OSError:
            pass
        raise EtlError(
            f"{self.name}: the desk's copy is no longer the file that was chosen. Nothing was loaded.",
            "Choose the file again in step 1.",
        )


def prefix() -> str:
    """Return how temporary folders of this program begin; once it is gone, `sweep` deletes them."""
    return f"{_FOLDER}{os.getpid()}-"


def _short(name: str) -> str:
    """Return the name of a file, no longer than a disk takes; what kind it is stays."""
    ending = Path(name).suffix if len(Path(name).suffix) < _LONGEST_ENDING else ""
    stem = name.removesuffix(ending).encode("utf-8", "replace")
    return f"{stem[:_LONGEST_NAME].decode('utf-8', 'ignore')}{ending}"


def without_copy(text: str) -> str:
    """Return a message without the folder of the private copy, which is nobody's file."""
    return re.sub(rf"[^\s'\"]*{_FOLDER}[^\s/\\'\"]*[/\\]?", "", text)


def sweep() -> None:
    """Delete copies that were left by a desk that was ended by force."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*-*"):
        owner = folder.name.removeprefix(_FOLDER).split("-", 1)[0]
        if owner.isdigit() and not _runs(int(owner)) and not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)


def _runs(number: int) -> bool:
    if os.name == "nt":  # there the question itself would end the program asked about
        return True
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # somebody else's: none of ours
    return True


@dataclass(frozen=True)
class Checked:
    """What the last check found.

    Attributes
    ----------
    found : tuple of Loaded
        What a load would make of the file; empty when it was refused.
    refusal : Refusal or None
        Why it was refused as a whole.
    """

    found: tuple[Loaded, ...] = ()
    refusal: Refusal | None = None

    @property
    def is_good(self) -> bool:
        """Whether a load would take something of the file."""
        return self.refusal is None and any(one.rows.taken for one in self.found)


@dataclass
class Desk:
    """What one session has open.

    Attributes
    ----------
    home : pathlib.Path
        Folder of the deployment.
    upload : Upload or None
        The file that was chosen.
    draft : str
        The mapping for it, as TOML; empty before there is one.
    table : str
        What its rows are, as chosen or found.
    questions : list of str
        What the draft leaves open, in words without values.
    why : Refusal or None
        Why there is no draft of the file.
    sure : mapping of str to float
        Column of the file → how sure its match is, 0 to 1.
    accepted : set of str
        What looks like a loss and is meant (``--accept``), of this file with this mapping.
    checked : Checked or None
        What the last check of this file with this mapping found; None after either has changed.
    looked : dict
        What is known of the file without a value of it (`etl.drafting.looking`), by how it was looked at.
    closed : str
        SHA-256 of the file that was open before.
    """

    home: Path
    upload: Upload | None = None
    draft: str = ""
    table: str = ""
    questions: list[str] = field(default_factory=list)
    why: Refusal | None = None
    sure: Mapping[str, float] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    checked: Checked | None = None
    looked: dict[Any, Any] = field(default_factory=dict)
    closed: str = ""

    def take(self, name: str, data: bytes) -> None:
        """Open a file in place of the one before, which is deleted; the same file keeps its mapping."""
        upload = Upload(name, data)
        self.close()
        if upload.sha256 != self.closed:
            self.let_go()
        self.upload = upload

    def write(self, draft: str) -> None:
        """Put another mapping in place; what was checked, and meant, of the one before holds no longer."""
        if draft != self.draft:
            self.draft, self.checked, self.accepted = draft, None, set()

    def close(self) -> None:
        """Delete the copy of the file; what was said of it stays for when it is chosen again."""
        if self.upload is not None:
            self.closed = self.upload.sha256
            self.upload.forget()
        self.upload, self.checked, self.looked = None, None, {}

    def let_go(self) -> None:
        """Close the file, and forget what was said of it."""
        self.close()
        self.draft, self.table, self.closed = "", "", ""
        self.questions, self.why, self.sure, self.accepted = [], None, {}, set()

    @property
    def mapping(self) -> Path:
        """The mapping as a file beside the copy, for the commands; written anew each time it is asked for.

        Raises
        ------
        EtlError
            When no file is open.
        """
        if self.upload is None:
            raise EtlError("No file is open.", "Choose one in step 1.")
        path = self.upload.path.with_name(f"{contributor(self.draft)}.toml")
        if path == self.upload.path:
            path = path.with_name("mapping.toml")
        path.write_text(self.draft, "utf-8")
        path.chmod(PRIVATE_FILE)
        return path

    def save(self) -> Path:
        """Keep the mapping in the home, where the command line finds it; one that says other is kept beside.

        Returns
        -------
        pathlib.Path
            The file.
        """
        folder = mappings(self.home)
        folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
        for kept, mode in ((folder, PRIVATE_FOLDER), *((one, PRIVATE_FILE) for one in folder.iterdir())):
            kept.chmod(mode)  # also what an earlier version left open: words of sheets stand in it
        path = folder / f"{contributor(self.draft)}.toml"
        if path.exists() and path.read_bytes() == self.draft.encode():
            return path
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        aside.unlink(missing_ok=True)
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(self.draft)
        if path.exists():
            numbers = (number for number in range(1, 10_000))
            earlier = (path.with_name(f"{path.stem}-before-{number}.toml") for number in numbers)
            path.replace(next(one for one in earlier if not one.exists()))
        aside.replace(path)
        return path


def mappings(home: Path) -> Path:
    """Return the folder of a home that the desk keeps mappings in; the command line reads them there."""
    return home / "mappings"
