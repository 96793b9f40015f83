"""What is known of problem candidates: cost, spread, trend, who handled them and how, and whether a
problem record follows them."""

from __future__ import annotations

import duckdb
import polars as pl

TREND_DAYS = 90

EVIDENCE = """
with facts as (
    select
        members.candidate_id,
        opened_at,
        resolve_working_seconds,
        caller,
        service,
        problem_id,
        resolver_group,
        resolution_code
    from {members} as members
    join counted_tickets on counted_tickets.ticket_id = members.ticket_id
),

totals as (
    select
        candidate_id,
        count(*) as tickets,
        min(opened_at) as first_at,
        max(opened_at) as last_at,
        sum(resolve_working_seconds) as working_seconds,
        count(distinct caller) as callers,
        mode(service order by service) as service,
        count(problem_id) / count(*) as share_with_problem,
        count(*) filter (where opened_at > data_at - to_days($trend_days)) as recent_tickets,
        count(*) filter (
            where opened_at <= data_at - to_days($trend_days)
                and opened_at > data_at - to_days(2 * $trend_days)
        ) as earlier_tickets
    from facts
    cross join data_span
    group by candidate_id
),

handled as (
    select
        candidate_id,
        string_agg(told, ', ' order by tickets desc, told) as resolver_groups
    from (
        select
            candidate_id,
            count(*) as tickets,
            cast(resolver_group as varchar) || ' ' || count(*) as told
        from facts
        where resolver_group is not null
        group by candidate_id, resolver_group
        qualify row_number() over (
            partition by candidate_id
            order by count(*) desc, cast(resolver_group as varchar)
        ) <= 3
    )
    group by candidate_id
),

resolved as (
    select
        candidate_id,
        string_agg(told, ', ' order by tickets desc, told) as resolutions
    from (
        select
            candidate_id,
            count(*) as tickets,
            cast(resolution_code as varchar) || ' ' || count(*) || ' of '
                || sum(count(*)) over (partition by candidate_id) as told
        from facts
        where resolution_code is not null
        group by candidate_id, resolution_code
        qualify row_number() over (
            partition by candidate_id
            order by count(*) desc, cast(resolution_code as varchar)
        ) <= 3
    )
    group by candidate_id
),

followed as (
    select candidate_id, problem_id
    from facts
    where problem_id is not null
    union
    select
        linked.candidate_id,
        coalesce(problem_records.problem_id, linked.problem_number) as problem_id
    from linked
    left join problem_records on problem_records.number = linked.problem_number
),

problem_states as (
    select
        followed.candidate_id,
        string_agg(
            coalesce(number, followed.problem_id),
            ', '
            order by opened_at, number, followed.problem_id
        ) as problems,
        bool_or(ended_at is null) as has_open,
        bool_or(ended_at is null and is_known_error) as has_known_error,
        max(ended_at) as fixed_at
    from followed
    left join problem_records on problem_records.problem_id = followed.problem_id
    group by followed.candidate_id
)

select
    totals.candidate_id,
    totals.tickets,
    first_at,
    last_at,
    working_seconds / 3600 as working_hours,
    working_seconds / 3600 * $cost_per_hour as cost,
    callers,
    cast(service as varchar) as service,
    recent_tickets,
    earlier_tickets,
    case
        when abs(recent_tickets - earlier_tickets)
            <= 1.96 * sqrt(recent_tickets + earlier_tickets) then 'steady'
        when recent_tickets > earlier_tickets then 'rising'
        else 'falling'
    end as trend,
    share_with_problem,
    resolver_groups,
    resolutions,
    problems,
    problem_state(problems, has_known_error, has_open, fixed_at, last_at) as problem_state
from totals
left join handled on handled.candidate_id = totals.candidate_id
left join resolved on resolved.candidate_id = totals.candidate_id
left join problem_states on problem_states.candidate_id = totals.candidate_id
order by totals.candidate_id"""


def evidence_of(
    cursor: duckdb.DuckDBPyConnection,
    members: pl.DataFrame | str,
    cost_per_hour: float | None,
    linked: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """One row per candidate of `members` (candidate_id, ticket_id), a frame or a table's name.

    `linked` (candidate_id, problem_number) are problem records that people named; a record that
    no export tells more of counts as open. Columns:
    tickets, first_at, last_at, working_hours (opened to resolved, of the default calendar), cost
    (null without a price of an hour), callers, service, recent_tickets and earlier_tickets (of the
    last 90 days and the 90 before), trend, share_with_problem, resolver_groups, resolutions,
    problems, problem_state.
    """
    if linked is None:
        linked = pl.DataFrame(schema={"candidate_id": pl.String, "problem_number": pl.String})
    table = members if isinstance(members, str) else "members"
    if not isinstance(members, str):
        cursor.register("members", members)
    cursor.register("linked", linked)
    rows = cursor.sql(
        EVIDENCE.format(members=table),
        params={"trend_days": TREND_DAYS, "cost_per_hour": cost_per_hour},
    ).pl()
    cursor.unregister("members")
    cursor.unregister("linked")
    return rows
