"""The load page: what files are, what would become of their rows, and the load itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
import streamlit as st

from dashboard import mapping_editor, uploads, wording
from dashboard.session import policy_in_force, warehouse
from dashboard.uploads import Upload
from pipelines.findings import Finding
from pipelines.ledger import LoadOptions
from pipelines.load import LoadReport, load
from pipelines.mappings.trial import Table, Trial
from pipelines.progress import Step
from policies.refusal import Refused
from policies.zones import zone_names

ORDERS = {
    "As the dates prove": None,
    "Day first: 31/12/2026": "dmy",
    "Month first: 12/31/2026": "mdy",
}
ORDER_NAMES = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
MOST_FINDINGS = 6


@dataclass(frozen=True)
class Choices:
    """What the visitor says of times and dates that the files leave open."""

    timezone: str | None
    date_order: str | None


@dataclass(frozen=True)
class Ready:
    """A file with the options that it would be loaded with; None where it cannot be yet."""

    upload: Upload
    options: LoadOptions | None = None
    is_mapped: bool = False


def heading() -> None:
    st.title("Which export shall Meantime read?", anchor=False)
    st.caption(
        "A file of any tool: lists, logs, workbooks, JSON, packed or not. It stays on this "
        "machine, and nothing is loaded before you say so."
    )


def outcome() -> None:
    """What became of the files that were loaded last on this visit."""
    reports: list[LoadReport] = st.session_state.get("loaded", [])
    if not reports:
        return
    with st.container(border=True, key="outcome"):
        if all(file.known for report in reports for file in report.files):
            st.markdown("**Nothing changed:** the warehouse knows this already.")
        else:
            st.markdown(f"**Loaded.** Every page shows it now: build {reports[-1].build}.")
        numbers = ("Rows", "Rejected", "New", "Updated", "Unchanged", "New events")
        st.dataframe(
            _loaded_files(reports),
            hide_index=True,
            column_config={
                name: st.column_config.NumberColumn(name, format="localized", width="small")
                for name in numbers
            },
            key="loaded_files",
        )
        for report in reports:
            for each in report.files:
                _findings(each.findings)
        st.page_link("pages/monthly_review.py", label="**Open the monthly review**")


def _loaded_files(reports: list[LoadReport]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "File": Path(each.file).name,
                "Read as": f"{each.source}: {each.form}",
                "Rows": each.rows,
                "Rejected": each.rows_rejected,
                "New": each.tickets_new,
                "Updated": each.tickets_updated,
                "Unchanged": each.tickets_unchanged,
                "New events": each.events_new,
            }
            for report in reports
            for each in report.files
        ]
    )


def files() -> list[Upload]:
    """The files that the visitor chose."""
    uploaded = st.file_uploader(
        "Files",
        accept_multiple_files=True,
        type=uploads.TYPES,
        key=f"upload_{st.session_state.get('loads_done', 0)}",
        help=f"Up to {uploads.MOST_FILES} files. `meantime load` in a terminal takes larger ones.",
    )
    if len(uploaded) > uploads.MOST_FILES:
        st.warning(f"Only the first {uploads.MOST_FILES} files are looked at.")
    if not uploaded:
        return []
    st.session_state.pop("loaded", None)
    with st.spinner("Reading the files …"):
        return uploads.kept(uploaded)


def choices() -> Choices:
    """The zone of times that carry none, and the order of dates that fit two."""
    zone = str(policy_in_force().timezone)
    left, right = st.columns(2)
    chosen = left.selectbox(
        "Times that carry no zone are in",
        [zone, *sorted(zone_names() - {zone})],
        index=None,
        placeholder="Choose a zone, where a file needs it",
        key="load_zone",
    )
    order = right.selectbox("Dates are written", list(ORDERS), key="load_order")
    return Choices(chosen, ORDERS[order])


def file(upload: Upload, chosen: Choices) -> Ready:
    """One file: what it is, its first rows, and what a load would make of it."""
    with st.container(border=True, key=f"card_{upload.key}"):
        st.subheader(wording.plain(upload.name), anchor=False)
        if upload.refused is not None:
            st.error(wording.plain(upload.refused))
            return Ready(upload)
        known = [table for table in upload.tables if table.form is not None]
        tables = known or [_tickets_among(upload)]
        results = [_table(upload, table, chosen) for table in tables]
        read = [each.opened.label for each in tables]
        beside = [each.opened.part or "" for each in upload.tables if each.opened.label not in read]
        if beside:
            told = f"Not read: {', '.join(beside)}."
            st.caption(wording.plain(told))
        if not all(results):
            return Ready(upload, is_mapped=not known)
        return Ready(upload, results[0] if len(results) == 1 else _given(chosen), not known)


def _tickets_among(upload: Upload) -> Table:
    """Of tables that no source knows the one that holds the tickets, as the visitor says."""
    if len(upload.tables) == 1:
        return upload.tables[0]
    place = st.selectbox(
        "Which table holds the tickets?",
        range(len(upload.tables)),
        index=uploads.likely(upload),
        format_func=lambda each: upload.tables[each].opened.part or "",
        key=f"part_{upload.key}",
    )
    return upload.tables[place]


def _given(chosen: Choices) -> LoadOptions:
    """The options of a file with several tables: each finds its own source or mapping."""
    return LoadOptions(timezone=chosen.timezone, date_order=chosen.date_order)


def _table(upload: Upload, table: Table, chosen: Choices) -> LoadOptions | None:
    """The options that a table is loaded with; None where it cannot be yet."""
    options = replace(
        table.options,
        timezone=chosen.timezone or table.options.timezone,
        date_order=chosen.date_order or table.options.date_order,
    )
    if table.form is not None:
        named = f"**{wording.plain(table.form.source)}**, {wording.plain(table.form.title)}"
        st.markdown(f"Recognised as {named} :small[:gray[{_spelling(table)}]]")
    else:
        st.markdown(
            "**No source knows these columns.** Below is what each may be: correct what is wrong. "
            f":small[:gray[{_spelling(table)}]]"
        )
    with st.expander("First rows", expanded=False):
        st.dataframe(table.preview, hide_index=True, key=f"rows_{upload.key}_{table.opened.part}")
    if table.form is None:
        edited = mapping_editor.edited(upload, table, options)
        if edited is None:
            return None
        options = edited
    with st.spinner("Trying it out …"):
        trial = uploads.trial(table, options)
    _result(upload, table, trial)
    return None if trial.refused else options


def _spelling(table: Table) -> str:
    """How the file is written: "utf-8, semicolons"."""
    opened = table.opened
    words = [
        opened.part,
        opened.kind if opened.kind != "csv" else None,
        opened.encoding,
        DELIMITERS.get(opened.delimiter or ""),
        opened.packing,
    ]
    return wording.plain(", ".join(word for word in words if word))


def _result(upload: Upload, table: Table, trial: Trial) -> None:
    """How many rows would be accepted, and why the others would not."""
    if trial.refused is not None:
        st.warning(wording.plain(_as_seen_here(upload.told(trial.refused))))
    if trial.rows:
        with st.grid(3, min_column_width=160, gap="xsmall"):
            st.metric("Rows accepted", wording.count(trial.accepted))
            st.metric("Rows rejected", wording.count(trial.rejected))
            order = trial.detected.get("date_order") or ""
            st.metric("Dates", ORDER_NAMES.get(order, order or wording.DASH))
    if not trial.reasons.is_empty():
        column = st.column_config
        st.dataframe(
            trial.reasons.select("column", "value", "reason", "rows"),
            hide_index=True,
            column_config={
                "column": column.TextColumn("Column"),
                "value": column.TextColumn("For example"),
                "reason": column.TextColumn("Why it would be rejected", width="large"),
                "rows": column.NumberColumn("Rows", format="localized", width="small"),
            },
            key=f"reasons_{upload.key}_{table.opened.part}",
        )
    _findings(trial.findings)


def _as_seen_here(sentence: str) -> str:
    """What flags settle in a terminal is settled above, with two boxes."""
    what = sentence.split("; say which", maxsplit=1)[0]
    if "--timezone" in sentence:
        return f"{what}: choose their zone above."
    if "--date-order" in sentence:
        return f"{what}: choose above how dates are written."
    return sentence


def _findings(found: Sequence[Finding]) -> None:
    for finding in found[:MOST_FINDINGS]:
        st.markdown(f":small[{wording.plain(finding['message'])}]")


def load_button(ready: list[Ready]) -> None:
    """Load all of them, or say what is still missing."""
    waiting = [each.upload.name for each in ready if each.options is None]
    what = "the file" if len(ready) == 1 else f"{len(ready)} files"
    is_mapped = any(each.is_mapped for each in ready)
    label = f"Save mapping and load {what}" if is_mapped else f"Load {what}"
    if waiting:
        names = ", ".join(waiting)
        st.caption(wording.plain(f"Not ready yet: {names}. Take out what is not to be loaded."))
    if st.button(label, type="primary", disabled=bool(waiting), key="load_now"):
        _load(ready)


def _load(ready: list[Ready]) -> None:
    """Load together what is read alike, then show what became of it."""
    groups: dict[str, list[Path]] = {}
    options: dict[str, LoadOptions] = {}
    for each in ready:
        if each.options is not None:
            groups.setdefault(each.options.as_json, []).append(each.upload.path)
            options[each.options.as_json] = each.options
    bar = st.progress(0.0, "Waiting for other loads to finish")

    def progress(step: Step) -> None:
        bar.progress(min(step.done / max(step.total, 1), 1.0), wording.plain(step.what))

    reports: list[LoadReport] = []
    try:
        for name, paths in groups.items():
            reports.append(
                load(
                    paths,
                    warehouse(),
                    policy_in_force(),
                    options[name],
                    progress=progress,
                    folder=uploads.scratch(),
                )
            )
    except Refused as refused:
        bar.empty()
        sentence = str(refused)
        for each in ready:
            sentence = each.upload.told(sentence)
        st.error(wording.plain(sentence))
        return
    st.session_state["loaded"] = reports
    st.session_state["loads_done"] = st.session_state.get("loads_done", 0) + 1
    uploads.forget()
    st.rerun()
