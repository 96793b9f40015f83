-- One row per ticket with a history and cycle of being open: start_at, stop_at (null while open)
-- and the state that ended it. Leaving a state that ends a ticket starts the next cycle.
create or replace table clock_cycles as
with turns as (
    select
        ticket_id,
        position,
        from_at,
        state,
        is_done,
        coalesce(lag(is_done) over life, false) as was_done
    from state_timeline
    window life as (partition by ticket_id order by position)
),
numbered as (
    select
        *,
        1 + count(case when was_done and not is_done then 1 end) over (
            partition by ticket_id
            order by position
            rows between unbounded preceding and current row
        ) as cycle
    from turns
),
ends as (
    select
        ticket_id,
        cycle,
        min(from_at) filter (not is_done) as reopened_at,
        min(from_at) filter (is_done) as stop_at,
        arg_min(state, position) filter (is_done) as stop_state,
        cycle = max(cycle) over (partition by ticket_id) as is_last
    from numbered
    group by ticket_id, cycle
)
select
    ends.ticket_id,
    cycle,
    case when cycle = 1 then opened_at else greatest(reopened_at, opened_at) end as start_at,
    -- a closure straight from work is often automatic: the resolution came before it
    case
        when is_last and stop_state = 'closed' and resolved_at <= stop_at
            and resolved_at >= case when cycle = 1 then opened_at else reopened_at end
            then resolved_at
        else stop_at
    end as stop_at,
    stop_state
from ends
join tickets on tickets.ticket_id = ends.ticket_id;
