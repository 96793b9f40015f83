-- One row per cycle of being open of a ticket that was reopened: from_at, to_at (null while open).
-- A cycle after the first begins where a resolved, closed or cancelled ticket left that state.
create or replace table cycles as
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
ordered as (
    select
        ticket_id,
        changed_at as reopened_at,
        -- where the history lost the end, the cycle before ends as the next begins
        coalesce(lag(changed_at) over life, changed_at) as ended_at,
        is_end
    from turns
    window life as (partition by ticket_id order by position)
),
reopenings as (
    select
        ordered.ticket_id,
        row_number() over (partition by ordered.ticket_id order by reopened_at) as reopening,
        reopened_at,
        ended_at
    from ordered
    where not is_end
),
reopened as (
    select
        ticket_id,
        opened_at,
        is_open,
        resolved_at,
        closed_at,
        finished_at
    from ticket_lives
    where ticket_id in (select ticket_id from reopenings)
),
begun as (
    select
        ticket_id,
        1 as cycle,
        opened_at as from_at
    from reopened
    union all
    select
        reopenings.ticket_id,
        1 + reopening,
        greatest(reopened_at, opened_at)
    from reopenings
    join reopened on reopened.ticket_id = reopenings.ticket_id
)
select
    begun.ticket_id,
    begun.cycle,
    begun.from_at,
    case
        when ended_at is not null then greatest(ended_at, begun.from_at)
        when is_open then null
        when resolved_at >= begun.from_at then resolved_at
        when closed_at >= begun.from_at then closed_at
        else greatest(finished_at, begun.from_at)
    end as to_at
from begun
join reopened on reopened.ticket_id = begun.ticket_id
left join reopenings
    on reopenings.ticket_id = begun.ticket_id
    and reopenings.reopening = begun.cycle;
