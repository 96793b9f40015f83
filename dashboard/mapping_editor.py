"""What the columns of an unknown file are, proposed, and corrected by the visitor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl
import streamlit as st

from dashboard import uploads, wording
from dashboard.uploads import Upload
from pipelines.contract import Column
from pipelines.ledger import LoadOptions
from pipelines.mappings.kept_mappings import recognised
from pipelines.mappings.mapping import GivenMapping, Rows, columns_of, parse_mapping
from pipelines.mappings.proposal import (
    NEEDED,
    NEEDED_OF_CHANGES,
    Proposal,
    hint_of,
    with_column,
    with_rows,
    with_values,
    words_of,
)
from pipelines.mappings.proposal_text import proposal_text, source_name
from pipelines.mappings.trial import Table
from policies.refusal import Refused

ROWS: dict[Rows, str] = {
    "tickets": "a ticket",
    "changes": "a change of a ticket",
    "history": "a change of a ticket that a list tells of",
}
NOTHING = "(kept, but no figure uses it)"
ACROSS = 3
TALLEST = 420


def edited(upload: Upload, table: Table, options: LoadOptions) -> LoadOptions | None:
    """The options with the mapping as it stands; None while something that is needed is missing."""
    proposed = uploads.proposal(table)
    proposed = _rows(upload, proposed, table.opened.part or "")
    chosen = _columns(upload, proposed, table.opened.part or "")
    missing = [
        what
        for column, what in (NEEDED_OF_CHANGES if chosen.is_log else NEEDED).items()
        if not any(each.column == column for each in chosen.columns)
    ]
    if missing:
        st.warning(f"Still to be said: {', and '.join(missing)}.")
        return None
    chosen = _durations(upload, chosen, table.opened.part or "")
    hint = hint_of(chosen)
    if hint is not None:
        st.info(wording.plain(f"Consider: {hint}."))
    chosen = with_values(chosen, _words(upload, chosen))
    source = st.text_input(
        "A name for the tool",
        value=source_name(upload.name),
        max_chars=40,
        key=f"source_{upload.key}",
        help="Its tickets carry this name. The next file with these columns is recognised.",
    )
    order = options.date_order
    text = proposal_text(chosen, upload.name, source.strip(), options.timezone, order)
    try:
        given = GivenMapping(parse_mapping(text, upload.path), text)
    except Refused as refused:
        st.warning(wording.plain(upload.told(str(refused))))
        return None
    with st.expander("The mapping, as `meantime load --map` takes it"):
        st.code(text, language="toml", height=TALLEST)
    return recognised([], table.opened.header, replace(options, mapping=given))


def _rows(upload: Upload, proposed: Proposal, part: str) -> Proposal:
    """The proposal with its rows as what the visitor says they are."""
    said = st.segmented_control(
        "Each row is",
        ROWS,
        default=proposed.rows_are,
        required=True,
        format_func=ROWS.__getitem__,
        key=f"rows_are_{upload.key}_{part}",
        help="In a log a ticket has a row each time it changed. When it was opened, resolved and "
        "closed is read from all of them, or told by a list: then give the log the name of the "
        "list's tool.",
    )
    return with_rows(proposed, said)


def _columns(upload: Upload, proposed: Proposal, part: str) -> Proposal:
    """One row a column of the file: what it holds, what it means, and why that is proposed."""
    titles = {name: _title(column) for name, column in columns_of("tickets").items()}
    names = {title: name for name, title in titles.items()}
    rows = pl.DataFrame(
        [
            {
                "column": each.content.name or f"column {each.content.place + 1}",
                "means": titles.get(each.column or "", NOTHING),
                "example": ", ".join(each.content.examples),
                "why": each.reason,
            }
            for each in proposed.columns
        ]
    )
    key = f"columns_{upload.key}_{part}_{proposed.is_log}"
    column = st.column_config
    st.data_editor(
        rows,
        hide_index=True,
        disabled=["column", "example", "why"],
        height="content" if rows.height <= ACROSS * 5 else TALLEST,
        column_config={
            "column": column.TextColumn("Column of the file", width=150, pinned=True),
            "means": column.SelectboxColumn(
                "What it is", options=[NOTHING, *titles.values()], required=True, width=270
            ),
            "example": column.TextColumn("For example", width=170),
            "why": column.TextColumn("Why", width=330),
        },
        key=key,
    )
    chosen = proposed
    for place, change in _edits(key).items():
        if "means" in change:
            chosen = with_column(chosen, place, names.get(change["means"] or ""))
    return chosen


def _durations(upload: Upload, chosen: Proposal, part: str) -> Proposal:
    """The proposal with those instants told by a length of time that the user leaves ticked."""
    kept = {}
    for column, each in chosen.durations.items():
        counted = f"{each.unit} after" if each.unit else "a length of time after"
        told = f"{column} is {each.column!r}: {counted} {each.since}, around the clock"
        if st.checkbox(wording.plain(told), value=True, key=f"time_{upload.key}_{part}_{column}"):
            kept[column] = each
    return replace(chosen, durations=kept)


def _words(upload: Upload, chosen: Proposal) -> dict[str, dict[str, str | None]]:
    """What the visitor says of words: states, priorities and other choices."""
    found = {name: words for name, words in words_of(chosen.columns).items() if words}
    if not found:
        return {}
    valid = columns_of("tickets")
    st.markdown("**Their words, and what they are here**")
    parts = st.columns(ACROSS)
    said: dict[str, dict[str, str | None]] = {}
    for number, (name, words) in enumerate(found.items()):
        place = next(each.content.place for each in chosen.columns if each.column == name)
        key = f"words_{upload.key}_{name}_{place}"
        parts[number % ACROSS].data_editor(
            pl.DataFrame(
                words, schema={"word": pl.String, "rows": pl.Int64, "ours": pl.String}, orient="row"
            ),
            hide_index=True,
            disabled=["word", "rows"],
            column_config={
                "word": st.column_config.TextColumn(wording.column(name)),
                "rows": st.column_config.NumberColumn("Rows", format="localized", width=60),
                "ours": st.column_config.SelectboxColumn(
                    "Here", options=list(valid[name].choices), width=110
                ),
            },
            placeholder="choose",
            key=key,
        )
        said[name] = {
            words[row][0]: change["ours"] for row, change in _edits(key).items() if "ours" in change
        }
    return said


def _edits(key: str) -> Mapping[int, Mapping[str, Any]]:
    """What was changed in an editor: row -> column -> value."""
    return st.session_state.get(key, {}).get("edited_rows", {})


def _title(column: Column) -> str:
    """A contract column as people say it: "Opened: when the ticket was opened for its caller"."""
    return f"{wording.column(column.name)}: {wording.cell(column.meaning)}"
