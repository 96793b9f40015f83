"""What is doubtful about the data, what that does to the figures, and the tickets behind it."""

# ruff: noqa: ARG001 - the first arguments of what is kept are there to tell one answer from another

from __future__ import annotations

from functools import partial

import polars as pl
import streamlit as st

from dashboard import wording
from dashboard.session import Data
from dashboard.ticket_rows import long_list
from queries.bounds import Bound, bounds_of
from queries.checking import Check, Finding, evidence_of, findings_of, read_checks

PARAMETER = "doubt"
KEPT = 40
MODES = {
    "excluded": "with and without them",
    "values": "each at its shortest, each at its longest",
    "either": "none of them met or counted, each of them",
    "better": "as it stands, each met",
    "missing": "as many more, missed or met",
    "unknown": "nothing bounds it",
}
EVIDENCE = ("number", "title", "state", "priority", "opened_at", "detail")
Key = tuple[str, int, str]


def doubts(data: Data) -> None:
    """One row a check; a chosen one shows its figures and its tickets."""
    st.subheader("What is doubtful", anchor=False)
    limits = tuple(sorted(data.policy.checks.items()))
    found = [each for each in _found(data.key, limits, data) if each.count]
    found.sort(key=lambda each: (not each.is_over, -(each.share or 0.0)))
    if not found:
        st.caption("None of the checks found anything.")
        return
    over = sum(each.is_over for each in found)
    st.caption(
        f"{len(found)} of {len(read_checks())} checks found something, {over} more than the policy "
        "lets pass. Choose a row for its figures and its tickets."
    )
    column = st.column_config
    st.dataframe(
        pl.DataFrame([_row(each) for each in found]),
        hide_index=True,
        height="content",
        on_select=partial(_choose, [each.check.name for each in found]),
        selection_mode="single-row",
        column_config={
            "check": column.TextColumn("Doubt", width="large"),
            "count": column.NumberColumn("Found", format="localized", width="small"),
            "share": column.TextColumn("Share", width="small", alignment="right"),
            "among": column.TextColumn("Of", width="small"),
            "limit": column.TextColumn("Lets pass", width="small", alignment="right"),
            "verdict": column.TextColumn("Verdict", width="small"),
        },
        key="doubts",
    )
    asked = st.query_params.get(PARAMETER)
    for each in found:
        if each.check.name == asked:
            _opened(data, each)


def _choose(names: list[str]) -> None:
    """The address bar names the doubt that is open."""
    if chosen := st.session_state["doubts"]["selection"]["rows"]:
        st.query_params[PARAMETER] = names[chosen[0]]
    else:
        st.query_params.pop(PARAMETER, None)


def _row(found: Finding) -> dict[str, object]:
    limit = found.limit
    return {
        "check": found.check.label,
        "count": found.count,
        "share": wording.DASH if found.share is None else wording.share(found.share),
        "among": found.check.among,
        "limit": wording.DASH if limit is None else _limit(limit),
        "verdict": "too many" if found.is_over else "passes",
    }


def _limit(limit: float) -> str:
    return wording.count(limit) if isinstance(limit, int) else wording.share(limit)


def _opened(data: Data, found: Finding) -> None:
    """The figures that one doubt touches, with their bounds, and its tickets."""
    check = found.check
    with st.container(border=True, key="doubt"):
        st.markdown(f"**{wording.plain(check.label)}**")
        st.caption(wording.plain(" ".join(check.explanation.split())))
        with st.spinner("Working out the bounds …"):
            bounds = _bounds(data.key, check.name, data, check)
        if bounds:
            _figures(bounds)
        rows = _evidence(data.key, check.name, data, check)
        if rows.height < found.count:
            st.caption(f"The {rows.height:,} newest of {found.count:,}.")
        if rows["ticket_id"].null_count() == rows.height:
            st.dataframe(rows.select("detail"), hide_index=True, key="doubtful_rows")
        else:
            long_list(data, rows, EVIDENCE, "doubtful_tickets")


def _figures(bounds: list[Bound]) -> None:
    st.dataframe(
        pl.DataFrame(
            [
                {
                    "figure": bound.metric.label,
                    "value": _told(bound, bound.value),
                    "lowest": _told(bound, bound.lowest),
                    "highest": _told(bound, bound.highest),
                    "touched": bound.touched,
                    "tried": MODES[bound.mode],
                }
                for bound in bounds
            ]
        ),
        hide_index=True,
        height="content",
        column_config={
            "figure": st.column_config.TextColumn("Figure", width="medium"),
            "value": st.column_config.TextColumn("As it stands", width="small", alignment="right"),
            "lowest": st.column_config.TextColumn("At least", width="small", alignment="right"),
            "highest": st.column_config.TextColumn("At most", width="small", alignment="right"),
            "touched": st.column_config.NumberColumn("Rows", format="localized", width="small"),
            "tried": st.column_config.TextColumn("What was tried", width="medium"),
        },
        key="doubt_figures",
    )


def _told(bound: Bound, value: float | None) -> str:
    return wording.DASH if value is None else wording.figure(bound.metric, value)


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _found(key: Key, limits: tuple[tuple[str, float], ...], _data: Data) -> list[Finding]:
    return findings_of(_data.connection, read_checks(), _data.policy)


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _bounds(key: Key, name: str, _data: Data, _check: Check) -> list[Bound]:
    return bounds_of(_data.connection, _check, _data.metrics, _data.policy)


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _evidence(key: Key, name: str, _data: Data, _check: Check) -> pl.DataFrame:
    return evidence_of(_data.connection, _check)
