-- One row per ticket and hold: from_at, to_at (null while held), reason.
-- A hold lasts until the next state that is not a hold, at most until the ticket's end.
create or replace table holds as
with turns as (
    select
        ticket_id,
        changed_at,
        position,
        state = 'on_hold' as is_hold
    from state_events
    where (state = 'on_hold') <> (coalesce(previous_state, 'new') = 'on_hold')
),
spans as (
    select
        ticket_id,
        is_hold,
        changed_at as from_at,
        lead(changed_at) over (partition by ticket_id order by position) as to_at
    from turns
),
clipped as (
    select
        spans.ticket_id,
        greatest(spans.from_at, opened_at) as from_at,
        case
            when spans.to_at is null then finished_at
            when finished_at is null then spans.to_at
            else least(spans.to_at, finished_at)
        end as to_at
    from spans
    join ticket_lives on ticket_lives.ticket_id = spans.ticket_id
    where is_hold
),
reasons as (
    select
        clipped.ticket_id,
        clipped.from_at,
        arg_min(new, ("at", sequence)) as reason
    from clipped
    join ticket_events
        on ticket_events.ticket_id = clipped.ticket_id
        and field = 'hold_reason'
        and new is not null
        and "at" >= clipped.from_at
        and (clipped.to_at is null or "at" < clipped.to_at)
    group by clipped.ticket_id, clipped.from_at
)
select
    clipped.ticket_id,
    clipped.from_at,
    clipped.to_at,
    reasons.reason
from clipped
left join reasons
    on reasons.ticket_id = clipped.ticket_id
    and reasons.from_at = clipped.from_at
where clipped.to_at is null or clipped.to_at > clipped.from_at;
