-- One row per ticket that counts (no test, not merged into another): what its last export says, in
-- words that compress, and where its life stands. An open state wins over a resolution left from
-- an earlier cycle; without a state that says something, a ticket with neither resolution nor
-- closure is open.
create or replace view ticket_lives as
with counted as (
    select
        worded_tickets.* exclude (resolved_at),
        coalesce(
            worded_tickets.resolved_at,
            case when definitions.resolved_from_events then event_facts.resolved_at end
        ) as last_resolved_at,
        coalesce(event_facts.tells_states, false) as has_history,
        event_facts.reassignments is not null as has_group_history,
        event_facts.acknowledged_at as seen_by_staff_at,
        event_facts.resolver_role,
        event_facts.reassignments,
        coalesce(
            parent_id in (select ticket_id from tickets where is_major),
            false
        ) as is_child_of_major,
        case
            when state in ('new', 'in_progress', 'on_hold') then true
            when state in ('resolved', 'closed', 'cancelled') then false
            else last_resolved_at is null and closed_at is null
        end as is_open
    from worded_tickets
    cross join definitions
    left join event_facts on event_facts.ticket_id = worded_tickets.ticket_id
    where is_test is not true
        and merged_into is null
)
select
    counted.* exclude (last_resolved_at, closed_at, has_repeat_key, is_test, merged_into),
    not is_open and state is distinct from 'cancelled' as is_finished,
    case when not is_open then last_resolved_at end as resolved_at,
    case when not is_open then closed_at end as closed_at,
    case
        when not is_open then
            coalesce(last_resolved_at, closed_at, updated_at, exported_at, opened_at)
    end as finished_at,
    -- children of a major incident tell of one event, cancelled ones of none
    has_repeat_key
        and kind = 'incident'
        and state is distinct from 'cancelled'
        and not is_child_of_major as can_repeat
from counted;
