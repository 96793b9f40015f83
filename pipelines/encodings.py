"""Which encoding a file is written in: decided over all of its bytes, never over a sample."""

from __future__ import annotations

import codecs
import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from pipelines.opened import CHUNK_BYTES, Unusable
from policies.refusal import Refused

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Scanned:
    """What one reading of all bytes tells: SHA-256, whether they are UTF-8, how they begin."""

    digest: str
    is_utf8: bool
    first: bytes


def scan(plain: Path) -> Scanned:
    """Read every byte of a file once."""
    sha = hashlib.sha256()
    is_utf8, cut = True, b""
    with plain.open("rb") as raw:
        first = chunk = raw.read(CHUNK_BYTES)
        while chunk:
            sha.update(chunk)
            if is_utf8:
                text = cut + chunk
                end = _last_character(text)
                is_utf8, cut = _is_utf8(text[:end]), text[end:]
            chunk = raw.read(CHUNK_BYTES)
    return Scanned(sha.hexdigest(), is_utf8 and _is_utf8(cut), first)


def text_encoding(path: Path, scanned: Scanned) -> str:
    """The name of the encoding; Refused for a file that is no text."""
    marked = next((name for mark, name in BYTE_ORDER_MARKS if scanned.first.startswith(mark)), None)
    if marked == "utf-16":
        return marked
    if b"\0" in scanned.first:
        raise Unusable(
            f"{path} is not an export: it is neither a table nor JSON but a binary file."
        )
    if scanned.is_utf8:
        return marked or "utf-8"
    return marked or "windows-1252"


def as_utf8(path: Path, plain: Path, scratch: Path, encoding: str) -> Path:
    """A UTF-8 copy. Windows-1252 leaves five bytes undefined: they become visible marks."""
    target = scratch / f"{plain.name}.utf8"
    try:
        with (
            plain.open(encoding=encoding, errors="replace", newline="") as source,
            target.open("w", encoding="utf-8", newline="") as copy,
        ):
            while block := source.read(CHUNK_BYTES):
                copy.write(block)
    except UnicodeError as error:
        raise Refused(
            f"{path} starts as {encoding} and does not go on as such: export it as UTF-8."
        ) from error
    return target


def _last_character(text: bytes) -> int:
    """Where a last character begins that the end of a chunk may have cut; else the end."""
    for back in range(1, min(len(text), 4) + 1):
        if text[-back] < 0x80:
            break
        if text[-back] >= 0xC0:
            return len(text) - back
    return len(text)


def _is_utf8(text: bytes) -> bool:
    """Arrow looks at it five times as fast as a decoder that makes a text of it."""
    offsets = pa.py_buffer(struct.pack("=2i", 0, len(text)))
    try:
        pa.Array.from_buffers(pa.string(), 1, [None, offsets, pa.py_buffer(text)]).validate(
            full=True
        )
    except pa.ArrowInvalid:
        return False
    return True
