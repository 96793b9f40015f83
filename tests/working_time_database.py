"""A database with nothing but what working time needs, for asking it about instants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from pipelines.contract import TABLES, TICKETS
from policies.read import read_policy
from queries.model.working_time import write_calendars

ASK = """
select
    question.number,
    open_seconds_until(end_day, question.end_at)
        - open_seconds_until(start_day, question.start_at) as elapsed_seconds,
    open_seconds_until(start_day, question.start_at) + question.target_seconds as until,
    deadline_at(deadline, until) as due_at
from questions as question
join calendars on calendars.calendar = question.calendar
left join calendar_days as start_day
    on start_day.calendar_day = day_key(calendars.day_offset, question.start_at)
left join calendar_days as end_day
    on end_day.calendar_day = day_key(calendars.day_offset, question.end_at)
left join calendar_deadlines as deadline
    on deadline.deadline_step = deadline_key(
        calendars,
        open_seconds_until(start_day, question.start_at) + question.target_seconds
    )
order by question.number
"""

Question = tuple[str, datetime, datetime, int]
Answer = tuple[int, datetime | None]


def ask(policy_file: Path, questions: Sequence[Question]) -> list[Answer]:
    """Elapsed seconds and deadline of (calendar, start, end, target seconds), naive UTC."""
    with duckdb.connect() as connection:
        for table in TABLES:
            connection.execute(table.create_sql)
        frame = pl.DataFrame(
            [(number, *question) for number, question in enumerate(questions)],
            schema={
                "number": pl.Int64,
                "calendar": pl.String,
                "start_at": pl.Datetime,
                "end_at": pl.Datetime,
                "target_seconds": pl.Int64,
            },
            orient="row",
        )
        connection.register("asked", frame.to_arrow())
        connection.execute("create table questions as select * from asked")
        connection.execute(
            "insert into tickets (ticket_id, opened_at, exported_at) "
            "select number, least(start_at, end_at), greatest(start_at, end_at) from questions"
        )
        write_calendars(connection, read_policy(policy_file, TICKETS.names))
        rows = connection.execute(ASK).fetchall()
        return [(elapsed, due) for _, elapsed, _, due in rows]
