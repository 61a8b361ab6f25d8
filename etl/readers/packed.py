"""Unpacks .gz and .xlsx while counting bytes, so that a small file cannot fill the memory."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from etl.errors import EtlError
from etl.readers.limits import MB, Limits

_STEP = 1 << 20
_BLOCK = 8 << 20  # bytes of a text read at once


def _bomb(name: str, limits: Limits) -> EtlError:
    return EtlError(
        f"{name}: unpacked, this file is larger than allowed ({limits.unpacked_bytes // MB:,} MB, or "
        f"{limits.ratio} times its packed size). It was not read.",
        "If the file is honest, unpack it and split it by year, and load the parts.",
    )


def _too_large(unpacked: int, packed: int, limits: Limits) -> bool:
    if unpacked > limits.unpacked_bytes:
        return True
    return unpacked > limits.ratio_from_bytes and unpacked > limits.ratio * max(packed, 1)


def unpack_gzip(path: Path, limits: Limits) -> Iterator[bytes]:
    """Yield the content of a .gz file, block by block.

    Raises
    ------
    EtlError
        Damaged, or larger than ``limits`` once unpacked.
    """
    packed = path.stat().st_size
    total = 0
    is_whole = False
    unpacker = zlib.decompressobj(wbits=31)
    try:
        with path.open("rb") as stream:
            data = stream.read(_STEP)
            while data:
                part = unpacker.decompress(data, _STEP)
                total += len(part)
                if _too_large(total, packed, limits):
                    raise _bomb(path.name, limits)
                yield part
                is_whole = unpacker.eof
                if is_whole:  # a .gz may hold several members one after the other
                    data = unpacker.unused_data or stream.read(_STEP)
                    unpacker = zlib.decompressobj(wbits=31)
                else:
                    data = unpacker.unconsumed_tail or stream.read(_STEP)
    except zlib.error:
        raise _damaged(path.name) from None
    if not is_whole:
        raise _damaged(path.name)


def read_blocks(path: Path) -> Iterator[bytes]:
    """Yield the content of a file, block by block."""
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            yield block


def _damaged(name: str) -> EtlError:
    return EtlError(
        f"{name}: the file is damaged and cannot be unpacked.", "Copy or export it again and load it again."
    )


def open_workbook(path: Path, limits: Limits) -> zipfile.ZipFile:
    """Open an .xlsx as a zip after counting what every part really unpacks to.

    The sizes a zip states about itself are not trusted: each part is unpacked once, in steps, and counted.

    Raises
    ------
    EtlError
        Damaged, not a workbook, with macros, or larger than ``limits`` once unpacked.
    """
    packed = path.stat().st_size
    try:
        book = zipfile.ZipFile(path)
        parts = book.infolist()
        if sum(part.compress_size for part in parts) > packed:
            raise _bomb(path.name, limits)  # parts that overlap: the known way to build a bomb
        if sum(part.file_size for part in parts) > limits.unpacked_bytes:
            raise _bomb(path.name, limits)
        total = 0
        with path.open("rb") as stream:
            for part in parts:
                total = _count(stream, part, total, path=path, limits=limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise _damaged(path.name) from None
    names = {part.filename.lower() for part in parts}
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) or "macrosheets/" in name for name in names):
        raise EtlError(
            f"{path.name}: the workbook holds macros. Workbooks with macros are not opened.",
            "In the spreadsheet program choose Save as, Excel workbook (.xlsx), and load that file.",
        )
    if "xl/workbook.xml" not in names:
        raise EtlError(
            f"{path.name}: this zip file is not an Excel workbook.",
            "Unpack it and load the tables inside, or save the table as .xlsx.",
        )
    return book


def _count(stream: BinaryIO, part: zipfile.ZipInfo, total: int, *, path: Path, limits: Limits) -> int:
    """Add the unpacked size of one part, read straight from the file, to ``total``."""
    read, seek, packed = stream.read, stream.seek, path.stat().st_size
    seek(part.header_offset + 26)
    lengths = read(4)
    if len(lengths) < 4:
        raise zipfile.BadZipFile
    skip = int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
    seek(part.header_offset + 30 + skip)
    left = part.compress_size
    if part.compress_type == zipfile.ZIP_STORED:
        return total + left
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile
    unpacker = zlib.decompressobj(wbits=-15)
    while left > 0 and not unpacker.eof:
        data = read(min(_STEP, left))
        if not data:
            raise zipfile.BadZipFile
        left -= len(data)
        while data:
            total += len(unpacker.decompress(data, _STEP))
            if _too_large(total, packed, limits):
                raise _bomb(path.name, limits)
            data = unpacker.unconsumed_tail
    return total


def zip_members(path: Path, endings: tuple[str, ...], limits: Limits) -> list[str]:
    """Return the files of a .zip that end in a certain way, in their order.

    Raises
    ------
    EtlError
        Damaged, or by its own word larger than ``limits`` once unpacked.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            every = [one for one in archive.infolist() if not one.is_dir()]
    except (zipfile.BadZipFile, OSError):
        raise _damaged(path.name) from None
    if _too_large(sum(one.file_size for one in every), path.stat().st_size, limits):
        raise _bomb(path.name, limits)
    names = [one.filename for one in every if not one.filename.startswith("__MACOSX/")]
    return [name for name in names if name.lower().endswith(endings)]


def zip_member(path: Path, name: str, limits: Limits) -> bytes:
    """Return one file of a .zip, counted while it is unpacked.

    Raises
    ------
    EtlError
        Damaged, or larger than ``limits`` once unpacked.
    """
    packed, parts, total = path.stat().st_size, [], 0
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as stream:
            while part := stream.read(_STEP):
                total += len(part)
                if _too_large(total, packed, limits):
                    raise _bomb(path.name, limits)
                parts.append(part)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise _damaged(path.name) from None
    return b"".join(parts)
