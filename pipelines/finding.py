"""One oddity of a file, as it is written into the ledger."""

from __future__ import annotations

from typing import TypedDict


class Finding(TypedDict):
    """One oddity: a stable code, how often, where, an example, and one sentence."""

    code: str
    count: int
    column: str | None
    example: str | None
    message: str


def finding(
    code: str, count: int, message: str, column: str | None = None, example: str | None = None
) -> Finding:
    return Finding(code=code, count=count, column=column, example=example, message=message)
