"""What can go wrong around a load and is nobody's bug: a full disk, a file still being written."""

from __future__ import annotations

import errno
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.warehouse import Warehouse
from policies.refusal import Refused

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# DuckDB hands over the sentence of the system, and has its own where it cannot spill any more.
NO_ROOM_SENTENCES = (
    "No space left on device",
    "Disk quota exceeded",
    "File too large",
    "failed to offload data block",
)


@contextmanager
def sentence_when_full(warehouse: Warehouse) -> Generator[None]:
    """Raise Refused instead of the many errors of a disk without room."""
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise _full(warehouse) from error
    except duckdb.Error as error:
        if not any(sentence in str(error) for sentence in NO_ROOM_SENTENCES):
            raise
        raise _full(warehouse) from error


def _full(warehouse: Warehouse) -> Refused:
    return Refused(
        f"{warehouse.folder} has no room left to write the next build, so nothing was changed: "
        "free some of its disk and load again."
    )


@contextmanager
def unchanged(path: Path) -> Generator[None]:
    """Raise Refused where a file is not what it was when its reading began.

    An export that is still being written, or copied, would be read in half without a word.
    """
    before = _seen(path)
    try:
        yield
    except (Refused, duckdb.Error, OSError):
        if _seen(path) != before:
            raise _changed(path) from None
        raise
    if _seen(path) != before:
        raise _changed(path)


def _seen(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_size, stat.st_mtime_ns


def _changed(path: Path) -> Refused:
    return Refused(
        f"{path} changed while it was read: load it again once its export or copy is complete."
    )
