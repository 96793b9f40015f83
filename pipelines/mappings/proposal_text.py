"""A proposal as the TOML of a mapping, with the reasons as comments."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import tomlkit
from tomlkit.items import Table

from pipelines.mappings.mapping import columns_of
from pipelines.mappings.meanings import choices
from pipelines.mappings.proposal import Proposal, hint_of
from pipelines.sources import NULL_MARKERS, source_names

LONGEST_COMMENT = 120


def source_name(file_name: str) -> str:
    """A name for the tickets of a file, from its name without numbers: "incidents"."""
    stem = re.sub(
        r"\.(csv|tsv|txt|xlsx?|json|ndjson|jsonl|parquet|gz|zip)\b", "", file_name.lower()
    )
    bare = "".join(c for c in unicodedata.normalize("NFKD", stem) if not unicodedata.combining(c))
    name = "-".join(re.findall(r"[a-z]+", bare))[:40].strip("-") or "export"
    return f"{name}-export" if name in source_names() else name


def proposal_text(
    proposal: Proposal, name: str, source: str, timezone: str | None, date_order: str | None
) -> str:
    """The mapping as TOML: loadable as it stands where number and opening were found."""
    document = tomlkit.document()
    document.add(
        tomlkit.comment(f"Proposed from {proposal.rows:,} rows of {_told(name)}: read every line.")
    )
    for question in proposal.open_questions:
        document.add(tomlkit.comment(_told(f"To be settled: {question}.")))
    hint = hint_of(proposal)
    if hint is not None:
        document.add(tomlkit.comment(_told(f"Consider: {hint}.", longest=400)))
    document["name"] = name
    document["source"] = source
    document["source"].comment("the name that the tickets carry")
    if proposal.is_log:
        document["rows"] = proposal.rows_are
        document["rows"].comment(
            'each is a change; "history" where a list of this source tells of the tickets'
        )
    if timezone is not None:
        document["timezone"] = timezone
        document["timezone"].comment("of times that carry none")
    else:
        document.add(tomlkit.comment('timezone = "Europe/Madrid"  # of times that carry none'))
    order = date_order or proposal.date_order
    if order is not None:
        document["date_order"] = order
        if proposal.date_order == order:
            document["date_order"].comment(_told(proposal.date_reason))
    else:
        document.add(
            tomlkit.comment('date_order = "dmy"  # for columns whose dates fit day and month first')
        )
    if proposal.null_markers != NULL_MARKERS:
        document["null_markers"] = list(proposal.null_markers)
        document["null_markers"].comment("what stands for nothing")
    header = tomlkit.array()
    header.extend(proposal.header)
    header.multiline(len(proposal.header) > 4)
    document["header"] = header
    document["columns"] = _columns(proposal)
    if proposal.durations:
        document["durations"] = _durations(proposal)
    values = tomlkit.table(is_super_table=True)
    for column, words in proposal.values.items():
        values[column] = _words(proposal, column, words)
    if proposal.values:
        document["values"] = values
    return tomlkit.dumps(document)


def _columns(proposal: Proposal) -> Table:
    """Contract order first, then what is not mapped, as comments."""
    table = tomlkit.table()
    told_by_time = {each.column for each in proposal.durations.values()}
    for column in columns_of("tickets"):
        found = [each for each in proposal.columns if each.column == column]
        if found:
            names = list(dict.fromkeys(each.content.name for each in found))
            table.add(column, names[0] if len(names) == 1 else names)
            table[column].comment(_told(found[0].reason))
    for each in proposal.columns:
        if each.column is None and each.content.name not in told_by_time:
            table.add(
                tomlkit.comment(_told(f"kept in extra: {each.content.name!r} ({each.reason})"))
            )
    return table


def _durations(proposal: Proposal) -> Table:
    table = tomlkit.table()
    for column, each in proposal.durations.items():
        told = tomlkit.inline_table()
        told["column"] = each.column
        if each.unit is not None:
            told["unit"] = each.unit
        told["since"] = each.since
        table.add(column, told)
        table[column].comment(_told(each.reason))
    return table


def _words(proposal: Proposal, column: str, words: Mapping[str, str | None]) -> Table:
    table = tomlkit.table()
    place = proposal.place_of(column)
    rows = dict(place.content.words) if place else {}
    ours_are = choices(columns_of("tickets")[column])
    for word, ours in words.items():
        if ours is not None:
            table.add(word, ours)
            table[word].comment(f"{rows.get(word, 0):,} rows")
    for word, ours in words.items():
        if ours is None:
            hint = f"{rows.get(word, 0):,} rows; which of {', '.join(ours_are)}?"
            table.add(tomlkit.comment(_told(f'{tomlkit.string(word).as_string()} = "" # {hint}')))
    return table


def _told(text: str, longest: int = LONGEST_COMMENT) -> str:
    """One line without control characters: what a cell says stays a comment."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
