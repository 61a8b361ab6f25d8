"""Checking a home, copying it away, bringing it back, and putting a lost manifest together again.

What is not known is not thrown away: without a manifest nothing of a home is removed, and each fault names
the command that recovers from it.
"""

import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analysis.errors import LttError
from analysis.release import archive
from analysis.release.index import file as index_file
from analysis.release.manifest import read_manifest as read_release_manifest
from etl.config import PRIVATE_FILE, PRIVATE_FOLDER, PROJECT, Home, home_at, secret, secure
from etl.errors import EtlError
from etl.store import confirmed, released, warehouse
from etl.store.locking import LOCKS
from etl.surroundings import cure, reason

LIST = "backup.json"
BESIDE = "restricted.before"  # where `restore` keeps what it took the place of
_PROFILES = ("public", "partner", "steward")
_NEVER_COPIED = (*LOCKS, "manifest.json.tmp")


@dataclass(frozen=True)
class Check:
    """One thing that was checked: what it is, what is wrong (empty: nothing), and the command that helps."""

    what: str
    fault: str = ""
    next_step: str = ""


def verify(home: Home) -> list[Check]:
    """Check the manifest, every kept warehouse, the frozen months, the secret and every release.

    Returns
    -------
    list of Check
        In the order in which they are needed; never a value of a record.
    """
    return list(_checks(home))


def _checks(home: Home) -> Iterator[Check]:
    at = f"--home {home.root}"
    try:
        manifest = warehouse.parse_manifest(home)
    except EtlError as error:
        yield Check("restricted/manifest.json", error.message, f"python -m etl verify --repair {at}")
        manifest = None
    if manifest is not None:
        yield Check("restricted/manifest.json")
        for version in manifest.versions:
            is_current = version.number == manifest.current
            later = f"python -m etl restore FOLDER {at} (only needed to go back to it)"
            yield Check(
                f"restricted/{version.file}",
                warehouse.fault(home, version),
                warehouse.way_back(home, manifest) if is_current else later,
            )
        if any(not version.is_synthetic for version in manifest.versions):
            fault = _secret_fault(home)
            yield Check("restricted/secret", fault, f"python -m etl restore FOLDER {at}, or set LTT_SECRET")
    for is_synthetic in (True, False):
        yield from _frozen_checks(home, is_synthetic, f"python -m etl restore FOLDER --replace {at}")
    yield from _texts_check(home, at)
    for profile in _PROFILES:
        folder = home.release(profile)
        if not (folder / "manifest.json").exists() and not any(folder.glob("release-*.duckdb")):
            continue
        what = f"{folder.relative_to(home.root).as_posix()}/manifest.json"
        again = f"python -m etl release --profile {profile} {at}"
        try:
            says = read_release_manifest(folder)
        except LttError as error:
            yield Check(what, error.message, again)
        else:
            yield Check(
                f"{folder.relative_to(home.root).as_posix()}/{says.file}",
                _fault(folder / says.file, says.sha256),
                again,
            )
            yield from _index_check(home, folder / says.file, says.sha256, again)
        yield from _archive_checks(home, profile, at)


def _archive_checks(home: Home, profile: str, at: str) -> Iterator[Check]:
    """Check the releases that the archive of a profile offers besides the newest."""
    folder = home.release(profile)
    withdrawn = archive.withdrawn_ids(folder)
    for path in sorted((folder / archive.ARCHIVE).glob("*.json")):
        if not archive.is_id(path.stem) or path.stem in withdrawn:
            continue
        entry = archive.read_entry(path)
        fault = _fault(entry.file, entry.manifest.sha256) if entry else "damaged: it is not offered"
        what = (entry.file if entry else path).relative_to(home.root).as_posix()
        yield Check(what, fault, f"python -m etl restore FOLDER {at}, or: etl withdraw {path.stem} {at}")
        if entry:
            yield from _index_check(
                home, entry.file, entry.manifest.sha256, f"python -m etl restore FOLDER {at}, or remove it"
            )


def _index_check(home: Home, file: Path, sha256: str, next_step: str) -> Iterator[Check]:
    """Check the index of a release; one that is not there is no fault: earlier versions made none."""
    index, fault = index_file.beside(file), ""
    if not index.is_file():
        return
    try:
        index_file.read(index, sha256)
    except index_file.IndexFaultError as found:
        fault = f"{found} Pages make it anew in memory, each time".removeprefix(f"{index.name} ")
    yield Check(index.relative_to(home.root).as_posix(), fault, next_step)


def _frozen_checks(home: Home, is_synthetic: bool, back: str) -> Iterator[Check]:
    """Check the frozen records, and the record of what was released of them."""
    frozen, record = home.frozen(is_synthetic), home.released(is_synthetic)
    if record.exists() and released.stored(record) is None:
        yield Check(f"restricted/{record.name}", "damaged: it cannot be read", back)
    try:
        released.refuse_lost(home, is_synthetic)
    except EtlError as error:
        yield Check(f"restricted/{frozen.name}", error.message.rstrip("."), back)
    else:
        if frozen.exists():
            yield Check(f"restricted/{frozen.name}", _unreadable(frozen), back)


def _texts_check(home: Home, at: str) -> Iterator[Check]:
    """Check the list of texts that the keeper has confirmed, where there is one."""
    path = home.restricted / confirmed.FILE
    if not path.exists():
        return
    fault = ""
    try:
        confirmed.read(home)
    except EtlError:
        fault = "damaged: which texts were confirmed is not known"
    back = f"python -m etl restore FOLDER {at}, or remove it and confirm again: python -m etl texts {at}"
    yield Check(f"restricted/{path.name}", fault, back)


def _secret_fault(home: Home) -> str:
    if not (home.restricted / "secret").is_file() and not warehouse.has_secret_outside():
        return "not there"
    try:
        secret(home, is_synthetic=False)
    except EtlError as error:
        return error.message.rstrip(".")
    return ""


def _fault(path: Path, sha256: str) -> str:
    if not path.is_file():
        return "not there"
    return "" if warehouse.sha256(path) == sha256 else "damaged: its content is not what was written"


def _unreadable(path: Path) -> str:
    try:
        with warehouse.connect(path) as connection:
            tables = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
            for (table,) in tables:
                connection.execute(f'SELECT count(*) FROM "{table}"').fetchall()
    except (EtlError, duckdb.Error):
        return "damaged: it cannot be read"
    return ""


def repair(home: Home) -> warehouse.Manifest:
    """Make the manifest anew from the warehouses that are there; nothing is removed. The caller has the lock.

    Raises
    ------
    EtlError
        When the manifest is whole, or no warehouse can be read.
    """
    try:
        if warehouse.parse_manifest(home) is not None:
            raise EtlError("restricted/manifest.json is whole: there is nothing to repair.")
    except warehouse.ManifestError:
        pass
    versions: list[warehouse.Version] = []
    for path in sorted(home.restricted.glob("warehouse-*.duckdb"), key=_number):
        facts = _facts(path)
        if _number(path) < 0 or facts is None:
            continue
        versions.append(
            warehouse.Version(
                number=_number(path),
                file=path.name,
                sha256=warehouse.sha256(path),
                parent=versions[-1].number if versions else None,
                made_at=facts.get("as_of", ""),
                what="verify --repair",
                is_synthetic=facts.get("is_synthetic") == "true",
            )
        )
    if not versions:
        raise EtlError(
            f"No warehouse in {home.restricted} can be read.",
            f"python -m etl restore FOLDER --home {home.root}",
        )
    manifest = warehouse.Manifest(versions[-1].number, tuple(versions))
    warehouse.write_manifest(home, manifest)
    return manifest


def _number(path: Path) -> int:
    text = path.stem.removeprefix("warehouse-")
    return int(text) if text.isdigit() else -1


def _facts(path: Path) -> dict[str, str] | None:
    """Return what a warehouse says about itself; None when it cannot be read."""
    try:
        with warehouse.connect(path) as connection:
            return dict(connection.execute("SELECT key, value FROM meta.info").fetchall())
    except (EtlError, duckdb.Error):
        return None


def back_up(home: Home, folder: Path) -> int:
    """Copy a home to an empty folder and check the copy; return the number of files. The caller has the lock.

    Raises
    ------
    EtlError
        When something of the home is damaged, the folder is not empty, or the copy is not the same.
    """
    broken = [one for one in verify(home) if one.fault]
    if broken:
        raise EtlError(f"{broken[0].what}: {broken[0].fault}. Nothing was copied.", broken[0].next_step)
    _refuse_folder(home, folder)
    names = {
        path.relative_to(home.root).as_posix(): path
        for path in sorted([*home.restricted.rglob("*"), *(home.root / "release").rglob("*")])
        if path.is_file()
        and not path.is_symlink()
        and path.name not in _NEVER_COPIED
        and not path.name.startswith(warehouse.ASIDE)
    }
    deployment = home.root / "deployment.toml"
    if deployment.is_file():
        names["deployment.toml"] = deployment
    hashes = {}
    folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    folder.chmod(PRIVATE_FOLDER)
    try:
        for name, path in names.items():
            hashes[name] = _copy(path, folder / name)
            if warehouse.sha256(path) != hashes[name]:
                raise EtlError(
                    f"{name}: the copy is not the same as the file.", "Look at the disk; copy again."
                )
    except EtlError:
        _empty(folder)  # half a copy is none, and would keep the next one from this folder
        raise
    (folder / LIST).write_text(json.dumps({"files": hashes}, indent=1), "utf-8")
    (folder / LIST).chmod(PRIVATE_FILE)
    return len(names)


def _refuse_folder(home: Home, folder: Path) -> None:
    if folder.resolve().is_relative_to(home.root):
        raise EtlError(
            f"{folder} lies inside the home: a copy there is lost with it.", "Name a folder on another disk."
        )
    if folder.resolve().is_relative_to(PROJECT):
        raise EtlError(
            f"{folder} lies in the program's own folder: records would go along where that is copied.",
            "Name a folder on another disk.",
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise EtlError(f"{folder} is not an empty folder.", "Name a new folder for each copy.")


def _copy(source: Path, target: Path) -> str:
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
        shutil.copyfile(source, target)
        target.chmod(PRIVATE_FILE)
        warehouse.flush(target)
        return warehouse.sha256(target)
    except OSError as error:  # the system names the file that is read, also where the other one is full
        raise EtlError(
            f"{source.name} could not be copied to {target.parent}: {reason(error)}.",
            cure(error, target.parent),
        ) from error


def restore(home: Home, folder: Path, *, replace: bool) -> int:
    """Bring a copy back; return the number of files. The caller has the lock.

    Parameters
    ----------
    replace
        Whether what the home holds now may give way. It is kept beside, in `BESIDE`.

    Raises
    ------
    EtlError
        When the copy is damaged, or the home holds records and ``replace`` is False. Nothing has changed.
    """
    hashes = _listed(folder)
    for name, sha256 in hashes.items():
        fault = _fault(folder / name, sha256)
        if fault:
            raise EtlError(f"{folder.name}/{name}: {fault}. Nothing was changed.", "Take an earlier copy.")
    if not replace and warehouse.holds_something(home):
        raise EtlError(
            f"{home.root} holds records of its own. Nothing was changed.",
            f"To put the copy in their place (they are kept beside): python -m etl restore {folder} "
            f"--replace --home {home.root}",
        )
    beside = home.root / BESIDE
    if warehouse.holds_something(home) and beside.exists():
        raise EtlError(f"{beside} is still there from an earlier restore.", "Move it away, then repeat.")
    # All is copied beside first: a disk that is full ends here, and the home is as it was.
    arriving = home.root / "restoring"
    shutil.rmtree(arriving, ignore_errors=True)
    arriving.mkdir(parents=True, mode=PRIVATE_FOLDER)
    try:
        for name, sha256 in hashes.items():
            if _copy(folder / name, arriving / name) != sha256:
                raise EtlError(
                    f"{name}: the copy is not the same as the file.", "Look at the disk, then repeat."
                )
        before = released.stored(home.released(is_synthetic=False))
        _put_in_place(home, arriving, hashes, beside)
    finally:
        shutil.rmtree(arriving, ignore_errors=True)
    if before is not None and before.spans:
        _keep_what_was_released(home, beside, before)
    secure(home)
    return len(hashes)


def _put_in_place(home: Home, arriving: Path, names: Iterable[str], beside: Path) -> None:
    """Let what the home holds give way to what was copied beside it."""
    secure(home)
    if warehouse.holds_something(home):
        beside.mkdir(mode=PRIVATE_FOLDER)
        for path in sorted(home.restricted.iterdir()):
            if path.name not in LOCKS:
                path.rename(beside / path.name)
    # Manifests last: until they are there, nothing is current.
    for name in sorted(names, key=lambda name: name.endswith("manifest.json")):
        target = home.root / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
        (arriving / name).replace(target)
        if name.startswith("release/"):
            target.chmod(0o644)
            target.parent.chmod(0o755)


def _keep_what_was_released(home: Home, beside: Path, before: released.Released) -> None:
    """Keep the frozen records of releases that were made after the copy: what was read once stays as it was.

    Records go back to the day of the copy. Months that were released since cannot: they would be frozen anew,
    and two releases of the same months would differ by a few people. Where the newer frozen records are
    damaged, that they were released is remembered, and `release` refuses.
    """
    frozen = home.frozen(is_synthetic=False)
    secrets_ = [
        path.read_bytes() for path in (beside / "secret", home.restricted / "secret") if path.is_file()
    ]
    if len(set(secrets_)) > 1:
        return  # a copy of another series, which has other months
    kept = beside / frozen.name
    if kept.is_file() and warehouse.sha256(kept) in before.frozen:
        _copy(kept, frozen)
        released.write(home, False, before)
        return
    now = released.stored(home.released(is_synthetic=False)) or released.Released()
    now.cover(before.spans)
    now.releases += [one for one in before.releases if one not in now.releases]
    now.withdrawn |= before.withdrawn
    released.write(home, False, now)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _listed(folder: Path) -> dict[str, str]:
    try:
        files = json.loads((folder / LIST).read_text("utf-8"))["files"]
        hashes = {str(name): str(sha256) for name, sha256 in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EtlError(
            f"{folder} is no copy of a home: {LIST} is not there or damaged.",
            "Name the folder that was given to: python -m etl backup FOLDER",
        ) from error
    root = home_at(folder).root
    if any(not (root / name).resolve().is_relative_to(root) for name in hashes):
        raise EtlError(f"{folder / LIST} names files outside the copy.", "Take an earlier copy.")
    return hashes
