"""What a load says on a terminal when it is done, and what is known of sources and loads."""

from __future__ import annotations

import json

import polars as pl

from pipelines.contract import LOADS
from pipelines.ledger import LoadedFile
from pipelines.load import LoadReport, undo
from pipelines.mappings.kept_mappings import newest_kept
from pipelines.sources import forms
from pipelines.warehouse import Warehouse
from policies.model import Policy
from queries.model.connection import connect


def told_load(report: LoadReport) -> str:
    """A load in words, file by file, findings included."""
    lines = [line for file in report.files for line in _told_file(file)]
    return "\n".join([*lines, f"build {report.build} is served"])


def _told_file(file: LoadedFile) -> list[str]:
    detected = ", ".join(f"{key} {value}" for key, value in file.detected.items() if value)
    known = ", known already: nothing to do" if file.known else ""
    lines = [
        f"{file.file}: {file.source}, {file.form} ({detected}), exported {file.exported_at}{known}",
        f"  rows     {file.rows:,} = {file.rows_accepted:,} accepted"
        f" + {file.rows_rejected:,} rejected",
    ]
    counts = (file.tickets_new, file.tickets_updated, file.tickets_unchanged)
    if any(counts):
        lines.append(
            f"  tickets  {counts[0]:,} new, {counts[1]:,} updated, {counts[2]:,} unchanged"
        )
    if file.events_new or file.events_known:
        lines.append(f"  events   {file.events_new:,} new, {file.events_known:,} known")
    lines += [f"  finding  {finding['message']}" for finding in file.findings]
    return lines


def source_rows(warehouse: Warehouse) -> pl.DataFrame:
    """One row per form: source, form, table, what its header is told by, what it cannot give.

    The mappings that the warehouse keeps come last; they are told by their whole header.
    """
    kept = [each.mapping.form for each in newest_kept(warehouse)]
    return pl.DataFrame(
        [
            {
                "source": form.source,
                "form": form.name,
                "table": form.table,
                "title": form.title,
                "told_by": " + ".join(" | ".join(group) for group in form.recognised_by),
                "cannot_give": form.cannot_give,
            }
            for form in (*forms(), *kept)
        ]
    )


def undone_load(load_id: int, warehouse: Warehouse, policy: Policy) -> str:
    """Take a load back, and say what that did."""
    undone, build = undo(load_id, warehouse, policy)
    return (
        f"load {load_id} is undone ({undone.files:,} files): {undone.tickets_removed:,} tickets "
        f"removed, {undone.tickets_restored:,} as the other loads have them, "
        f"{undone.events_removed:,} events removed\nbuild {build} is served"
    )


def told_interruptions(warehouse: Warehouse) -> list[str]:
    """A sentence for every loader that died and was not followed by a load."""
    return [
        f"{each.what}, begun {each.since_at:%Y-%m-%d %H:%M} UTC, was interrupted and nothing of it "
        "was kept: run it again."
        for each in warehouse.interrupted()
    ]


def ledger_rows(warehouse: Warehouse) -> pl.DataFrame:
    """The ledger, newest first; `findings` as the sentences that were found."""
    with connect(warehouse.current_path(), read_only=True) as connection:
        ledger = connection.sql("select * from loads order by load_id desc, file").pl()
    sentences = [
        "; ".join(finding["message"] for finding in json.loads(text)) for text in ledger["findings"]
    ]
    return ledger.select(LOADS.names).with_columns(
        pl.Series("findings", sentences, dtype=pl.String)
    )
