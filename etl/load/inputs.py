"""From a path on the command line, or ``deployment.toml``, to files that are ready to be read."""

from dataclasses import replace
from pathlib import Path

from etl import sources
from etl.config import DEPLOYMENT, Deployment
from etl.errors import EtlError
from etl.incoming import Incoming, ReadOptions
from etl.load.delivery import Delivery, file_id

# Notes, mappings and the companions of a Shapefile are left alone.
DATA = {
    *(".csv", ".tsv", ".tab", ".gz", ".xlsx", ".xls", ".xlsm", ".ods"),
    *(".json", ".geojson", ".topojson", ".gpkg", ".shp", ".zip"),
}


def of_path(path: Path, source_name: str, mapping: Path | None, options: ReadOptions) -> list[Delivery]:
    """Return one delivery for a file, or one for each data file of a folder, in name order.

    Raises
    ------
    EtlError
        A path that is not there, an empty folder, a mapping that is not a file.
    """
    source = sources.find(source_name)
    if mapping is not None and not mapping.is_file():
        raise EtlError(f"The mapping {mapping} is not a file.", "Check the path after --mapping.")
    if not path.exists():
        raise EtlError(f"There is no file {path}.", "Check the path; the command takes a file or a folder.")
    if path.is_file() or getattr(source, "READS_FOLDERS", False):
        return [_delivery(path, source_name, mapping, options)]
    if not path.is_dir():
        raise EtlError(f"{path} is neither a file nor a folder.", "Give a file or a folder.")
    return [_delivery(file, source_name, mapping, options) for file in data_files(path)]


def of_deployment(deployment: Deployment, options: ReadOptions) -> list[Delivery]:
    """Return the inputs of ``deployment.toml`` in their order; without any, the files that are recognised.

    Raises
    ------
    EtlError
        A file that is not there, or files that no source recognises.
    """
    path = deployment.folder / DEPLOYMENT
    if not deployment.inputs:
        return _recognised(deployment.folder, options)
    found: list[Delivery] = []
    for entry in deployment.inputs:
        if not entry.file.exists():
            raise EtlError(
                f"{path}: the input {entry.file} is not there.", "Correct file = in its [[input]]."
            )
        if entry.mapping is not None and not entry.mapping.is_file():
            raise EtlError(
                f"{path}: the mapping {entry.mapping} is not there.", "Correct mapping = in its [[input]]."
            )
        found += of_path(entry.file, entry.source, entry.mapping, options)
    return found


def data_files(folder: Path) -> list[Path]:
    """Return the data files of a folder in name order; notes, mappings and hidden files are left alone.

    Raises
    ------
    EtlError
        When there is none, or one is a link that leads out of the folder.
    """
    files = sorted(
        path for path in folder.iterdir() if path.suffix.lower() in DATA and not path.name.startswith(".")
    )
    for file in files:
        if not file.resolve().is_relative_to(folder.resolve()):
            raise EtlError(f"{file} is a link that leads out of its folder.", "Put the file itself there.")
    files = [file for file in files if file.is_file()]
    if not files:
        raise EtlError(
            f"There is no data file in the folder {folder}.",
            f"Files that are read end in: {', '.join(sorted(DATA))}",
        )
    return files


def _recognised(folder: Path, options: ReadOptions) -> list[Delivery]:
    """Recognise every data file of a folder, or say what to write for those that are not."""
    found, strange = [], []
    for file in data_files(folder):
        names = sources.recognise(file)
        if len(names) == 1:
            found.append(_delivery(file, names[0], None, options))
        else:
            strange.append(file.name)
    if strange:
        raise EtlError(
            f"{folder}: it is not clear how to read {', '.join(strange[:5])}"
            + (f" and {len(strange) - 5} more." if len(strange) > 5 else "."),
            f"Write {folder / DEPLOYMENT} with one [[input]] for each file, such as: "
            f'file = "{strange[0]}", source = "own", mapping = "FILE.toml" (see docs/adding.md).',
        )
    return found


def _delivery(path: Path, source_name: str, mapping: Path | None, options: ReadOptions) -> Delivery:
    source = sources.find(source_name)
    base = path if path.is_dir() else path.parent
    here = replace(options, mapping=mapping, folder=mapping.parent if mapping else base)

    def read() -> Incoming:
        return source.read(path, here)

    return Delivery(file_id(path, mapping), source_name, read)
