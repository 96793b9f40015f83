"""The tickets themselves, without a metric: those opened in a period, filtered."""

from __future__ import annotations

import duckdb
import polars as pl

from policies.model import Policy
from policies.refusal import Refused
from policies.zones import day_start
from queries.fetching import fetch
from queries.filters import quoted
from queries.question import NONE, Question, check
from queries.selection import described


def all_tickets(
    connection: duckdb.DuckDBPyConnection, question: Question, policy: Policy
) -> pl.DataFrame:
    """Every contract column of the tickets opened in the period, newest first.

    Trial and merged tickets are among them: this is what was loaded, not what is counted.
    Raises Refused for a column that tickets do not have.
    """
    check(question)
    with connection.cursor() as cursor:
        columns = described(cursor, "tickets")
        tests, values = ["true"], {}
        if question.from_on:
            tests.append("opened_at >= $from_at")
            values["from_at"] = day_start(question.from_on, policy.timezone)
        if question.to_on:
            tests.append("opened_at < $to_at")
            values["to_at"] = day_start(question.to_on, policy.timezone)
        for place, (name, wanted) in enumerate(question.where.items()):
            if name not in columns:
                raise Refused(f"tickets have no column {name}: see `meantime tickets`.")
            tests.append(
                f"list_contains($wanted_{place}, coalesce({quoted(name)}::varchar, $none))"
            )
            values[f"wanted_{place}"] = list(wanted)
            values["none"] = NONE
        query = f"""
        select *
        from tickets
        where {" and ".join(tests)}
        order by opened_at desc, ticket_id
        """
        return fetch(cursor, query, values)
