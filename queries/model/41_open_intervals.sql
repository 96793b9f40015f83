-- One row per ticket and cycle of being open: from_at, to_at (null while open).
-- A cycle after the first begins where a resolved, closed or cancelled ticket left that state.
create or replace table open_intervals as
with turns as (
    select
        ticket_id,
        changed_at,
        position,
        state in ('resolved', 'closed', 'cancelled') as is_end
    from state_events
    where (state in ('resolved', 'closed', 'cancelled'))
        <> (coalesce(previous_state, 'new') in ('resolved', 'closed', 'cancelled'))
),
reopenings as (
    select
        ticket_id,
        changed_at as reopened_at,
        -- where the history lost the end, the cycle before ends as the next begins
        coalesce(lag(changed_at) over life, changed_at) as ended_at,
        is_end
    from turns
    window life as (partition by ticket_id order by position)
),
cycles as (
    select
        ticket_id,
        opened_at as from_at,
        1 as cycle
    from ticket_lives
    union all
    select
        reopenings.ticket_id,
        greatest(reopened_at, opened_at),
        1 + row_number() over (partition by reopenings.ticket_id order by reopened_at)
    from reopenings
    join ticket_lives on ticket_lives.ticket_id = reopenings.ticket_id
    where not is_end
),
ends as (
    select
        ticket_id,
        row_number() over (partition by ticket_id order by reopened_at) as cycle,
        ended_at
    from reopenings
    where not is_end
)
select
    cycles.ticket_id,
    cycles.cycle,
    cycles.from_at,
    case
        when ended_at is not null then greatest(ended_at, cycles.from_at)
        when is_open then null
        when resolved_at >= cycles.from_at then resolved_at
        when closed_at >= cycles.from_at then closed_at
        else greatest(finished_at, cycles.from_at)
    end as to_at
from cycles
join ticket_lives on ticket_lives.ticket_id = cycles.ticket_id
left join ends
    on ends.ticket_id = cycles.ticket_id
    and ends.cycle = cycles.cycle;
