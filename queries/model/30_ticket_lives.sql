-- One row per ticket that counts (no test, not merged into another): where its life stands.
-- An open state wins over a resolution left from an earlier cycle; without a state that says
-- something, a ticket with neither resolution nor closure is open.
create or replace table ticket_lives as
with counted as (
    select
        tickets.ticket_id,
        coalesce(kind, 'incident') as kind,
        state,
        opened_at,
        coalesce(
            tickets.resolved_at,
            case when definitions.resolved_from_events then event_facts.resolved_at end
        ) as resolved_at,
        closed_at,
        coalesce(updated_at, exported_at, opened_at) as seen_at
    from tickets
    cross join definitions
    left join event_facts on event_facts.ticket_id = tickets.ticket_id
    where is_test is not true
        and merged_into is null
),
judged as (
    select
        *,
        case
            when state in ('new', 'in_progress', 'on_hold') then true
            when state in ('resolved', 'closed', 'cancelled') then false
            else resolved_at is null and closed_at is null
        end as is_open
    from counted
)
select
    ticket_id,
    kind,
    opened_at,
    is_open,
    not is_open and state is distinct from 'cancelled' as is_finished,
    case when not is_open then resolved_at end as resolved_at,
    case when not is_open then closed_at end as closed_at,
    case when not is_open then coalesce(resolved_at, closed_at, seen_at) end as finished_at
from judged;
