"""Packed files: gzip, and zip of several files, with limits on what unpacks.

What a packing claims about itself is not believed: bytes are counted while they come out. Nothing
is written under a name that the archive chose.
"""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from policies.refusal import Refused

GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
CHUNK_BYTES = 1 << 22
MAX_MEMBERS = 1_000
MAX_UNPACKED_BYTES = 50 << 30
# Text packs some 5 to 50 times; what packs far better than that was made to unpack.
MAX_RATIO = 250
FREE_BYTES = 64 << 20


class PackedTwice(Refused):
    """An archive within an archive: beside files that can be read it is told and left."""


@dataclass(frozen=True)
class Member:
    """One file of an archive: its name there, and where it was unpacked to."""

    name: str
    plain: Path


class Readable(Protocol):
    """What bytes can be read from."""

    def read(self, size: int, /) -> bytes: ...


class Counted:
    """Counts what comes out of one packed file; Refused where that is beyond reason."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.packed_bytes = max(path.stat().st_size, 1)
        self.unpacked_bytes = 0

    def copy(self, source: Readable, target: Path) -> None:
        with target.open("wb") as copy:
            while chunk := source.read(CHUNK_BYTES):
                self.add(len(chunk))
                copy.write(chunk)

    def add(self, count: int) -> None:
        self.unpacked_bytes += count
        ratio = self.unpacked_bytes / self.packed_bytes
        if self.unpacked_bytes > MAX_UNPACKED_BYTES or (
            self.unpacked_bytes > FREE_BYTES and ratio > MAX_RATIO
        ):
            raise Refused(
                f"{self.path} unpacks to more than an export would (over "
                f"{self.unpacked_bytes >> 20:,} MB from {self.packed_bytes >> 10:,} kB); if it is "
                "one, unpack it yourself and load what is inside."
            )


@contextmanager
def damage_is_refused(path: Path, packing: str) -> Generator[None]:
    """Turns what the unpackers raise for damaged bytes into one sentence."""
    try:
        yield
    except (
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        zlib.error,
        gzip.BadGzipFile,
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
    ) as error:
        raise Refused(
            f"{path} is cut or damaged: its {packing} packing cannot be read to the end; "
            "export or copy it again."
        ) from error


def ungzip(path: Path, target: Path) -> None:
    """Unpack a gzip file into `target`."""
    with damage_is_refused(path, "gzip"), gzip.open(path) as raw:
        Counted(path).copy(raw, target)


def unzip(path: Path, plain: Path, scratch: Path) -> list[Member]:
    """Unpack the files of the zip archive `plain` into `scratch`, under numbers, in their order.

    `path` is what the user gave. Refused for archives with a password, with archives inside, or
    that unpack to more than an export would.
    """
    with damage_is_refused(path, "zip"), zipfile.ZipFile(plain) as archive:
        infos = [info for info in archive.infolist() if _is_file(info)]
        if not infos:
            raise Refused(f"{path} holds no file: export it again.")
        if len(infos) > MAX_MEMBERS:
            raise Refused(
                f"{path} holds {len(infos):,} files: Meantime unpacks at most {MAX_MEMBERS:,}; "
                "unpack it yourself and load the folder."
            )
        if any(info.flag_bits & 1 for info in infos):
            raise Refused(
                f"{path} is protected by a password: unpack it yourself and load what is inside."
            )
        counted = Counted(plain)
        members: list[Member] = []
        for place, info in enumerate(infos):
            target = scratch / f"{place} of {path.name}"
            with archive.open(info) as source:
                counted.copy(source, target)
            members.append(Member(info.filename, target))
    return members


def unpacked_size_is_sane(path: Path, plain: Path) -> None:
    """Refused for a workbook (a zip archive of its own) that unpacks to more than one would."""
    with damage_is_refused(path, "zip"), zipfile.ZipFile(plain) as archive:
        counted = Counted(plain)
        for info in archive.infolist():
            counted.add(info.file_size)


def zip_names(plain: Path) -> set[str]:
    """The names inside a zip archive; none where it is damaged."""
    try:
        with zipfile.ZipFile(plain) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return set()


def _is_file(info: zipfile.ZipInfo) -> bool:
    """Whether a member is a file that somebody put there, not what a system leaves beside it."""
    parts = info.filename.replace("\\", "/").split("/")
    return not info.is_dir() and parts[0] != "__MACOSX" and not parts[-1].startswith(".")
