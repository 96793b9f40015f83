"""Files as they come: unpack, decode, find the delimiter and the header.

Everything after this page sees UTF-8 CSV or Parquet, with every cell as text.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.binding import Bindings, quoted
from policies.refusal import Refused

SUFFIXES = (".csv", ".tsv", ".parquet", ".csv.gz", ".tsv.gz", ".parquet.gz")
DELIMITERS = (",", ";", "\t", "|")
CHUNK_BYTES = 1 << 22
MAX_CELL_BYTES = 1 << 24
GZIP_MAGIC = b"\x1f\x8b"
PARQUET_MAGIC = b"PAR1"
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class OpenedFile:
    """One file, ready to be read as text.

    `path` is what the user gave, `readable` the UTF-8 CSV or Parquet behind it; `header` has the
    names as the file spells them, in order, repeats included. Cells are columns `c0`, `c1` ...
    """

    path: Path
    readable: Path
    format: Literal["csv", "parquet"]
    content_digest: str
    header: tuple[str, ...]
    encoding: str | None = None
    delimiter: str | None = None
    packing: str | None = None

    def relation(
        self, bind: Bindings, null_markers: tuple[str, ...], *, keep_broken: bool = False
    ) -> str:
        """SQL for all rows, every cell as text, in file order.

        Lines that are no rows are left out; `keep_broken` notes them in the temporary tables
        `reject_errors` and `reject_scans`, which one scan of a session may do.
        """
        if self.format == "parquet":
            columns = ", ".join(
                f"cast({quoted(name)} as varchar) as c{i}" for i, name in enumerate(self.header)
            )
            cells = ", ".join(
                f"case when c{i} in ({bind.all(null_markers)}) then null else c{i} end as c{i}"
                for i in range(len(self.header))
            )
            path = bind(str(self.readable))
            return f"(select {cells} from (select {columns} from read_parquet({path})))"
        columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(self.header)))
        broken = "store_rejects = true" if keep_broken else "ignore_errors = true"
        return (
            f"read_csv({bind(str(self.readable))}, header = true, auto_detect = false, "
            f"delim = {bind(self.delimiter)}, quote = '\"', escape = '\"', "
            f"columns = {{{columns}}}, nullstr = [{bind.all(('', *null_markers))}], "
            f"max_line_size = {MAX_CELL_BYTES}, {broken}, strict_mode = true)"
        )


def files_in(path: Path) -> list[Path]:
    """A file itself, or the exports in a folder, in order of name; refused where there is none."""
    if not path.exists():
        raise Refused(f"{path} does not exist: give the path of an export file or a folder.")
    if path.is_file():
        return [path]
    found = sorted(
        file for file in path.iterdir() if file.is_file() and file.name.lower().endswith(SUFFIXES)
    )
    if not found:
        raise Refused(
            f"{path} holds no export: Meantime reads files that end in {', '.join(SUFFIXES)}."
        )
    return found


def open_file(path: Path, scratch: Path) -> OpenedFile:
    """Make `path` readable: unpacked and decoded into `scratch` where it has to be.

    Raises Refused for a file that is empty, cut, binary or without rows.
    """
    try:
        with path.open("rb") as head:
            magic = head.read(4)
        packing = "gzip" if magic.startswith(GZIP_MAGIC) else None
        plain, digest, encoding = _unpack(path, scratch, packing)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Refused(
            f"{path} is cut or damaged: its gzip packing cannot be read to the end; "
            "export or copy it again."
        ) from error
    except OSError as error:
        raise Refused(f"{path} cannot be read ({error.strerror}): check the file.") from error
    if encoding is None:
        return _opened_parquet(path, plain, digest, packing)
    return _opened_csv(path, plain, digest, encoding, packing)


def _unpack(path: Path, scratch: Path, packing: str | None) -> tuple[Path, str, str | None]:
    """Read every byte once: SHA-256, encoding, and a plain UTF-8 copy where one is needed."""
    with path.open("rb") as file, gzip.open(file) if packing else nullcontext(file) as raw:
        first = raw.read(CHUNK_BYTES)
        if not first.strip():
            raise Refused(f"{path} is empty: export it again.")
        is_parquet = first.startswith(PARQUET_MAGIC)
        marked = next((name for mark, name in BYTE_ORDER_MARKS if first.startswith(mark)), None)
        if not is_parquet and marked != "utf-16" and b"\0" in first:
            raise Refused(
                f"{path} is not an export: it is neither CSV nor Parquet but a binary file."
            )
        plain = path if packing is None else scratch / f"{path.name}.plain"
        digest, is_utf8 = _digest_and_copy(raw, first, plain if packing else None)
    if is_parquet:
        return plain, digest, None
    encoding = marked or ("utf-8" if is_utf8 else "windows-1252")
    if encoding == "utf-8" or (encoding == "utf-8-sig" and is_utf8):
        return plain, digest, encoding
    return _as_utf8(path, plain, scratch, encoding), digest, encoding


def _digest_and_copy(
    raw: io.BufferedIOBase, first: bytes, copy_to: Path | None
) -> tuple[str, bool]:
    """SHA-256 of the whole content and whether it is valid UTF-8, copying it on the way."""
    sha = hashlib.sha256()
    is_utf8, cut = True, b""
    with copy_to.open("wb") if copy_to else nullcontext() as target:
        chunk = first
        while chunk:
            sha.update(chunk)
            if target:
                target.write(chunk)
            if is_utf8:
                text = cut + chunk
                end = _last_character(text)
                is_utf8, cut = _is_utf8(text[:end]), text[end:]
            chunk = raw.read(CHUNK_BYTES)
    return sha.hexdigest(), is_utf8 and _is_utf8(cut)


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


def _as_utf8(path: Path, plain: Path, scratch: Path, encoding: str) -> Path:
    """A UTF-8 copy. Windows-1252 leaves five bytes undefined: they become visible marks."""
    target = scratch / f"{path.name}.utf8"
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


def _opened_parquet(path: Path, plain: Path, digest: str, packing: str | None) -> OpenedFile:
    try:
        parquet = pq.ParquetFile(plain)
        names = tuple(parquet.schema_arrow.names)
        rows = parquet.metadata.num_rows
    except (pa.ArrowException, OSError) as error:
        raise Refused(f"{path} is a damaged Parquet file: export or copy it again.") from error
    if not rows:
        raise Refused(f"{path} has a header and no rows: check the filter of the export.")
    return OpenedFile(path, plain, "parquet", digest, names, packing=packing)


def _opened_csv(
    path: Path, plain: Path, digest: str, encoding: str, packing: str | None
) -> OpenedFile:
    delimiter = _delimiter(plain)
    records = csv_records(plain, delimiter)
    header = next((cells for _, cells in records if any(c.strip() for c in cells)), [])
    if next((cells for _, cells in records if any(c.strip() for c in cells)), None) is None:
        raise Refused(
            f"{path} has a header and no rows, or is no table: check the filter of the export."
        )
    return OpenedFile(
        path=path,
        readable=plain,
        format="csv",
        content_digest=digest,
        header=tuple(name.strip().lstrip("\ufeff") for name in header),
        encoding=encoding,
        delimiter=delimiter,
        packing=packing,
    )


def _delimiter(plain: Path) -> str:
    """The delimiter that cuts the first records into the most cells, equally in each."""
    with plain.open(encoding="utf-8-sig", errors="replace", newline="") as text:
        sample = text.read(1 << 16)
    lines = list(io.StringIO(sample, newline=""))
    if len(sample) == 1 << 16:
        lines = lines[:-1]

    def evenness(delimiter: str) -> tuple[int, int]:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        width = len(rows[0]) if rows else 0
        even = sum(len(row) == width for row in rows[:200])
        return (even if width > 1 else 0, width)

    return max(DELIMITERS, key=evenness)


def csv_records(plain: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record of a UTF-8 CSV with the physical line on which it begins (1 = the first)."""
    csv.field_size_limit(MAX_CELL_BYTES)
    with plain.open(encoding="utf-8-sig", errors="replace", newline="") as text:
        reader = csv.reader(text, delimiter=delimiter)
        line = 1
        try:
            for cells in reader:
                yield line, cells
                line = reader.line_num + 1
        except csv.Error:
            return


def line_at_byte(plain: Path, position: int) -> int:
    """The physical line (1 = the first) that holds the byte at `position`."""
    line, left = 1, position
    with plain.open("rb") as raw:
        while left > 0 and (chunk := raw.read(min(CHUNK_BYTES, left))):
            line += chunk.count(b"\n")
            left -= len(chunk)
    return line
