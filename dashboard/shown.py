"""What a run shows: every figure on the page, with the metric and the question behind it.

Tiles, tables and charts note here what they draw, so that a test can walk all numbers of all pages
and ask the terminal for the same. The record lasts for one run of one visitor's page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from queries.catalogue import Metric
from queries.measure import Answer
from queries.question import Question

RECORD = "figures shown"
_BUCKETS = ("bucket", "bucket_2")


@dataclass(frozen=True)
class Shown:
    """One figure: `buckets` name its place in the answer to the question, none if uncut."""

    metric: str
    question: Question
    buckets: tuple[str, ...]
    value: float | None


def start() -> None:
    """Forget what the last run showed."""
    st.session_state[RECORD] = []


def note(metric: Metric, question: Question, row: Mapping[str, Any]) -> None:
    """A row of an answer is shown: that of a question cut by nothing, or one of its buckets."""
    buckets = tuple(row[name] for name in _BUCKETS[: len(question.by)])
    shown = Shown(metric.name, question, buckets, row["value"])
    st.session_state.setdefault(RECORD, []).append(shown)


def note_all(answer: Answer) -> None:
    """Every row of an answer is shown, as in a trend."""
    for row in answer.rows.iter_rows(named=True):
        note(answer.metric, answer.question, row)


def figures() -> list[Shown]:
    """What this run has shown so far."""
    return list(st.session_state.get(RECORD, ()))
