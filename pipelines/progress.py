"""How far work is that a user waits for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One step of progress: what is done, and how many steps of how many are behind it."""

    what: str
    done: int
    total: int


Progress = Callable[[Step], None]


def in_silence(_: object) -> None:
    """Tell nobody."""
