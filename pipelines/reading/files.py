"""Files as they come: unpack, decode, and find the tables in them.

Everything after this page sees UTF-8 CSV or Parquet, with every cell as text.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.reading.delimited import open_csv
from pipelines.reading.documents import open_json
from pipelines.reading.encodings import Scanned, as_utf8, scan, text_encoding
from pipelines.reading.markup import markup_of, open_xml, stated_encoding
from pipelines.reading.opened import OpenedFile, Unusable
from pipelines.reading.packing import (
    GZIP_MAGIC,
    ZIP_MAGICS,
    Member,
    PackedTwice,
    ungzip,
    unpacked_size_is_sane,
    unzip,
    zip_names,
)
from pipelines.reading.page_tables import open_page
from pipelines.reading.times_of_day import with_times_of_day
from pipelines.reading.workbooks import OLE_MAGIC, is_workbook, open_workbook
from policies.refusal import Refused

TABLE_SUFFIXES = (".csv", ".tsv", ".txt", ".json", ".ndjson", ".jsonl", ".xml", ".xes", ".parquet")
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
SUFFIXES = (
    *TABLE_SUFFIXES,
    *(f"{suffix}.gz" for suffix in TABLE_SUFFIXES),
    *WORKBOOK_SUFFIXES,
    ".zip",
)
PARQUET_MAGIC = b"PAR1"
PDF_MAGIC = b"%PDF"


def open_parts(path: Path, scratch: Path) -> list[OpenedFile]:
    """The tables of a file, at least one: unpacked and decoded into `scratch` where they must be.

    Raises Refused for a file that is empty, cut, binary, locked or without rows.
    """
    try:
        return [with_times_of_day(each) for each in _open(path, path, scratch, None)]
    except OSError as error:
        raise Refused(f"{path} cannot be read ({error.strerror}): check the file.") from error


def _open(path: Path, plain: Path, scratch: Path, packing: str | None) -> list[OpenedFile]:
    """The tables of `plain`, told by its content whatever its name says."""
    with plain.open("rb") as head:
        magic = head.read(8)
    if packing is not None and magic.startswith(GZIP_MAGIC):
        raise PackedTwice(f"{path} is packed twice: unpack it once and load what is inside.")
    if magic.startswith(GZIP_MAGIC):
        target = scratch / f"{path.name}.plain"
        ungzip(path, target)
        return _open(path, target, scratch, "gzip")
    if magic.startswith(ZIP_MAGICS):
        names = zip_names(plain)
        if is_workbook(names):
            unpacked_size_is_sane(path, plain)
            return open_workbook(path, plain, scan(plain).digest, packing, scratch)
        if packing is not None:
            raise PackedTwice(f"{path} is packed twice: unpack it once and load what is inside.")
        return _open_members(path, unzip(path, plain, scratch), scratch)
    if magic.startswith(OLE_MAGIC):
        return open_workbook(path, plain, scan(plain).digest, packing, scratch)
    if magic.startswith(PDF_MAGIC):
        raise Refused(
            f"{path} is a PDF, a picture of a table: export the list as CSV, Excel or JSON."
        )
    scanned = scan(plain)
    if not scanned.first.strip():
        raise Unusable(f"{path} is empty: export it again.")
    if magic.startswith(PARQUET_MAGIC):
        return [_open_parquet(path, plain, scanned.digest, packing)]
    return _open_text(path, plain, scanned, scratch, packing)


def _open_text(
    path: Path, plain: Path, scanned: Scanned, scratch: Path, packing: str | None
) -> list[OpenedFile]:
    markup = markup_of(path, scanned.first)
    stated = stated_encoding(scanned.first) if markup == "xml" else None
    encoding = stated or text_encoding(path, plain, scanned)
    if not (scanned.is_utf8 and encoding.startswith("utf-8")):
        plain = as_utf8(path, plain, scratch, encoding)
    if markup == "xml":
        opened = open_xml(path, plain, scanned.digest, packing, scratch)
        return [replace(each, encoding=encoding) for each in opened]
    if markup == "page":
        return [open_page(path, plain, scanned.digest, encoding, packing, scratch)]
    if _is_json(plain):
        opened = open_json(path, plain, scanned.digest, packing, scratch)
        return [replace(each, encoding=encoding) for each in opened]
    return [open_csv(path, plain, scanned.digest, encoding, packing, scratch)]


def _is_json(plain: Path) -> bool:
    """Whether a UTF-8 text begins as a JSON object or as a list of them."""
    with plain.open(encoding="utf-8-sig", errors="replace") as text:
        first = "".join(text.read(4096).split())
    return first.startswith(("{", "[{", "[]"))


def _open_members(path: Path, members: list[Member], scratch: Path) -> list[OpenedFile]:
    """The tables of an archive's files; those that hold none are told, unless no file holds one."""
    opened: list[OpenedFile] = []
    beside: list[Unusable | PackedTwice] = []
    for member in members:
        shown = Path(f"{path}: {member.name}")
        try:
            parts = _open(shown, member.plain, scratch, "zip")
        except (Unusable, PackedTwice) as unusable:
            beside.append(unusable)
            continue
        for part in parts:
            name = member.name if part.part is None else f"{member.name}: {part.part}"
            opened.append(replace(part, path=path, part=name))
    if not opened:
        raise beside[0]
    return [opened[0].with_beside([str(each) for each in beside]), *opened[1:]]


def _open_parquet(path: Path, plain: Path, digest: str, packing: str | None) -> OpenedFile:
    try:
        parquet = pq.ParquetFile(plain)
        names = tuple(parquet.schema_arrow.names)
        rows = parquet.metadata.num_rows
    except (pa.ArrowException, OSError) as error:
        raise Refused(f"{path} is a damaged Parquet file: export or copy it again.") from error
    if not rows:
        raise Unusable(f"{path} has a header and no rows: check the filter of the export.")
    return OpenedFile(path, plain, "parquet", digest, names, packing=packing, kind="parquet")
