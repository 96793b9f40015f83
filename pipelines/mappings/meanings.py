"""What the words of a file's columns are in ours: states, priorities, kinds."""

from __future__ import annotations

import re

from pipelines.conform import BOOLEANS
from pipelines.contract import Column
from pipelines.mappings.content import Content
from pipelines.mappings.likeness import names, plain_words, tells_breaches
from pipelines.scales import RANKED, counts_upwards
from pipelines.sources import generic

_LEVEL = re.compile(r"^\s*p?\s*([1-5])\b")


def known(column: Column, word: str) -> str | None:
    """What every source makes of a word."""
    if column.type == "boolean":
        answer = BOOLEANS.get(word.lower())
        return None if answer is None else str(answer).lower()
    words = generic.VALUES.get(column.name, {})
    return words.get(word.lower()) or words.get(word.split(" - ", maxsplit=1)[0].strip().lower())


def choices(column: Column) -> tuple[str, ...]:
    """What a column's words can become; nothing where they are kept as they are."""
    return ("true", "false") if column.type == "boolean" else column.choices


def is_upwards(column: Column, content: Content) -> bool:
    """Whether the words of a scale grow worse as the numbers before them rise."""
    if column.name not in RANKED:
        return False
    words = [word for word, _ in content.words]
    return counts_upwards(column, words, lambda bare: meant(column, bare))


def said(column: Column, content: Content, word: str) -> str | None:
    """What a word of a column becomes; None where it means nothing to us."""
    if is_upwards(column, content):
        return meant(column, word)
    if is_inverse(column, content) and (answer := known(column, word)):
        return "false" if answer == "true" else "true"
    return known(column, word) or meant(column, word)


def is_inverse(column: Column, content: Content) -> bool:
    """Whether yes means no: "SLA breached" says of a promise when it was not kept."""
    return column.name == "tool_sla_met" and tells_breaches(content.name)


def share_understood(column: Column, content: Content) -> float:
    """The share of a column's rows whose word means one of the contract's choices."""
    rows = sum(count for _, count in content.words)
    understood = sum(
        count for word, count in content.words if known(column, word) or meant(column, word)
    )
    return understood / rows if rows else 0.0


def meant(column: Column, word: str) -> str | None:
    """Our word for the file's; None where it means nothing to us."""
    plain = plain_words(word)
    words = generic.VALUES.get(column.name, {})
    if plain in words:
        return words[plain]
    for ours, theirs in names()["words"].get(column.name, {}).items():
        if plain in theirs:
            return ours
    bare = " ".join(part for part in plain.split() if not part.isdigit())
    if bare and bare != plain and (ours := meant(column, bare)):
        return ours  # before the number: some tools count the other way, "5 very high"
    if column.name == "priority" and (match := _LEVEL.match(word.lower())):
        return f"P{match[1]}"
    # "Pendiente proveedor" waits, as "Pendiente" does
    parts = plain.split()
    return meant(column, " ".join(parts[:-1])) if len(parts) > 1 else None
