"""Which encoding a file is written in: decided over all of its bytes, never over a sample."""

from __future__ import annotations

import codecs
import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from pipelines.reading.older_encodings import contexts, is_mostly_utf8, older_encoding
from pipelines.reading.opened import CHUNK_BYTES, Unusable
from policies.refusal import Refused

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MIXED = "utf-8 with windows-1252 bytes"
MAX_NULL_SHARE = 0.002
SAMPLE_BYTES = 1 << 16


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


def text_encoding(path: Path, plain: Path, scanned: Scanned) -> str:
    """The name of the encoding; Unusable for a file that is no text."""
    marked = next((name for mark, name in BYTE_ORDER_MARKS if scanned.first.startswith(mark)), None)
    if marked == "utf-16":
        return marked
    if scanned.first.count(0) > MAX_NULL_SHARE * len(scanned.first):
        if (wide := _utf16_without_mark(scanned.first)) is not None:
            return wide
        raise Unusable(
            f"{path} is not an export: it is neither a table nor JSON but a binary file."
        )
    if scanned.is_utf8:
        return marked or "utf-8"
    found = contexts(plain)
    if marked or is_mostly_utf8(found):
        return MIXED
    return older_encoding(plain, found)


def _utf16_without_mark(first: bytes) -> str | None:
    """Latin text in two bytes a character has a zero in every other place, and nowhere else."""
    low, high = first[0:SAMPLE_BYTES:2], first[1:SAMPLE_BYTES:2]
    zeros_low, zeros_high = low.count(0) / len(low), high.count(0) / max(len(high), 1)
    if zeros_high > 0.6 and zeros_low < 0.01:
        return "utf-16-le"
    if zeros_low > 0.6 and zeros_high < 0.01:
        return "utf-16-be"
    return None


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """A byte that is no UTF-8, as Windows-1252 reads it; the five it leaves undefined as they are.

    A byte is never lost: it becomes the control character of its number, as in browsers.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    odd = error.object[error.start : error.end]
    text = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in odd)
    return text, error.end


codecs.register_error("as-windows-1252", _as_windows)


def as_utf8(path: Path, plain: Path, scratch: Path, encoding: str) -> Path:
    """A UTF-8 copy, in which no byte is lost for an encoding that leaves it undefined."""
    target = scratch / f"{plain.name}.utf8"
    errors = "replace" if encoding.startswith("utf-16") else "as-windows-1252"
    codec = "utf-8-sig" if encoding == MIXED else encoding
    try:
        with (
            plain.open(encoding=codec, errors=errors, newline="") as source,
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
