"""Tickets found by words, state and filters: the list behind the Tickets page."""

from __future__ import annotations

from typing import Literal

import duckdb
import polars as pl

from policies.model import Policy
from policies.refusal import Refused
from policies.zones import day_start
from queries.fetching import fetch
from queries.filters import Rows, filters
from queries.known import Known
from queries.listing import LISTS_FOLDER
from queries.question import Question, check
from queries.selection import columns_of

Which = Literal["opened", "open", "all"]

_SEARCHED = ("told.number", "told.title", "told.description")


def find_tickets(
    connection: duckdb.DuckDBPyConnection,
    question: Question,
    policy: Policy,
    *,
    words: str = "",
    which: Which = "opened",
    known: Known | None = None,
) -> pl.DataFrame:
    """The tickets that count: ticket_id, number, title, state, priority, service, resolver_group,
    opened_at, resolved_at (UTC), kind, category, customer, location, channel, assignee.

    `which` keeps those opened in the question's period, those that are open now (the oldest first),
    or all. Each of the `words` has to stand in number, title or description, in any case. Raises
    Refused for a filter by a column that tickets do not have.
    """
    check(question)
    known = known or Known()
    sql = (LISTS_FOLDER / "found_tickets.sql").read_text(encoding="utf-8")
    with connection.cursor() as cursor:
        tests, values = _filters(cursor, question, known)
        if which == "open":
            tests.append("ticket.is_open")
        elif which == "opened":
            for name, sign, day in (("from", ">=", question.from_on), ("to", "<", question.to_on)):
                if day:
                    tests.append(f"ticket.opened_at {sign} ${name}_at")
                    values[f"{name}_at"] = day_start(day, policy.timezone)
        for place, word in enumerate(words.split()):
            values[f"word_{place}"] = word.lower()
            anywhere = " or ".join(f"contains(lower({name}), $word_{place})" for name in _SEARCHED)
            tests.append(f"coalesce({anywhere}, false)")
        order = "asc" if which == "open" else "desc"
        query = sql.format(conditions="\n    and ".join(["true", *tests]), order=order)
        return fetch(cursor, query, values)


def _filters(
    cursor: duckdb.DuckDBPyConnection, question: Question, known: Known
) -> tuple[list[str], dict[str, object]]:
    columns = columns_of(cursor, "counted_tickets", known)
    for name in question.where:
        if name not in columns:
            raise Refused(f"Tickets have no column {name}: choose one of theirs.")
    rows = Rows("counted_tickets", "ticket", columns)
    return filters(cursor, question.where, lambda _: rows, known)
