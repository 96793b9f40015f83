"""What managers say about a period: `kept/comments.ndjson` of the warehouse, only ever added to.

One line a comment. The newest of a period is shown, all of them stay.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from filelock import FileLock

from pipelines.warehouse import Warehouse
from policies.refusal import Refused

FILE = "comments.ndjson"
LONGEST = 4_000


@dataclass(frozen=True)
class Comment:
    """`period` is the name of its bucket (2026-10, 2026-Q3 ...), `written_at` UTC with a Z."""

    period: str
    text: str
    who: str
    written_at: str


def comments(warehouse: Warehouse, period: str) -> list[Comment]:
    """The comments on a period, oldest first."""
    path = warehouse.kept / FILE
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [_read(line, number) for number, line in enumerate(lines, 1) if line.strip()]
    return [comment for comment in found if comment.period == period]


def _read(line: str, number: int) -> Comment:
    try:
        told = json.loads(line)
        return Comment(*(str(told[name]) for name in ("period", "text", "who", "written_at")))
    except (ValueError, KeyError, TypeError):
        raise Refused(
            f"Line {number} of kept/{FILE} is no comment: repair it or take it away."
        ) from None


def add_comment(warehouse: Warehouse, period: str, text: str, who: str) -> Comment:
    """Keep a comment; Refused without words, without a name, or where it is too long."""
    text, who = text.strip(), " ".join(who.split())
    if not text or not who:
        raise Refused("A comment needs words and the name of who says them.")
    if len(text) > LONGEST:
        raise Refused(f"A comment has {LONGEST:,} letters at most, not {len(text):,}.")
    written_at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    comment = Comment(period, text, who[:200], written_at)
    folder = warehouse.kept
    folder.mkdir(parents=True, exist_ok=True)
    with (
        FileLock(folder / f".{FILE}.lock"),
        (folder / FILE).open("a", encoding="utf-8") as file,
    ):
        file.write(json.dumps(asdict(comment), ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return comment
