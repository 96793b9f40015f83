"""What a run shows: every figure on the page, with the metric and the question behind it.

Every answer that a page is given is noted here, so that a test can walk all numbers of all pages
and ask the terminal for the same. The record lasts for one run of one visitor's page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
    """A row is shown as the answer to a question cut by nothing."""
    _record().append(Shown(metric.name, question, (), row["value"]))


def note_answer(answer: Answer) -> None:
    """A page was given this answer, all of whose rows it may show."""
    _record().append(answer)


def _record() -> list[Shown | Answer]:
    return st.session_state.setdefault(RECORD, [])


def figures(record: Iterable[Shown | Answer]) -> Iterator[Shown]:
    """Every figure of a record."""
    for each in record:
        if isinstance(each, Shown):
            yield each
        else:
            yield from _rows(each)


def _rows(answer: Answer) -> Iterator[Shown]:
    question = answer.question
    for row in answer.rows.iter_rows(named=True):
        buckets = tuple(row[name] for name in _BUCKETS[: len(question.by)])
        yield Shown(answer.metric.name, question, buckets, row["value"])
