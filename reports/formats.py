"""The formats and the papers of a report."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, get_args

from policies.refusal import Refused

Format = Literal["pdf", "xlsx", "html"]
Paper = Literal["a4", "letter"]
FORMATS: tuple[Format, ...] = get_args(Format)

READ_AS_PAGES: frozenset[Format] = frozenset({"pdf", "html"})


def is_read_as_pages(formats: Collection[str]) -> bool:
    """Whether one of them shows pages with charts, which have to be drawn."""
    return not READ_AS_PAGES.isdisjoint(formats)


def formats_of(text: str) -> tuple[Format, ...]:
    """The formats of "pdf,xlsx,html"; Refused for another one."""
    names = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise Refused(f"--format {text}: choose from {', '.join(FORMATS)}, divided by commas.")
    return tuple(name for name in FORMATS if name in names)
