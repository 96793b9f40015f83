-- One row per ticket that counts, of every kind: the dimensions and instants of the contract and
-- what metrics need that is a window, a join or a switch. A ticket whose export names no kind is
-- an incident. `resolved_at` and `closed_at` are null while a ticket is open.
create or replace table counted_tickets as
with reopenings as (
    select
        ticket_id,
        max(cycle) - 1 as reopenings
    from open_intervals
    group by ticket_id
),
first_level as (
    -- groups that no ticket was ever in say nothing about this data
    select resolver_group
    from first_level_groups
    where exists (
        select 1
        from tickets
        join first_level_groups using (resolver_group)
    )
),
joined as (
    select
        tickets.* exclude (
            title,
            description,
            resolution_notes,
            extra,
            is_test,
            merged_into,
            kind,
            resolved_at,
            closed_at,
            reassignment_count,
            reopen_count
        ),
        ticket_lives.kind,
        ticket_lives.resolved_at,
        ticket_lives.closed_at,
        ticket_lives.finished_at,
        ticket_lives.is_open,
        ticket_lives.is_finished,
        coalesce(tickets.reassignment_count, event_facts.reassignments) as reassignment_count,
        coalesce(
            tickets.reopen_count,
            case when event_facts.ticket_id is not null then reopenings end
        ) as reopen_count,
        coalesce(
            least(event_facts.acknowledged_at, tickets.first_response_at),
            event_facts.acknowledged_at,
            tickets.first_response_at
        ) as acknowledged_at,
        event_facts.resolver_role,
        repeats.is_repeat,
        repeats.chain,
        coalesce(parent.is_major, false) as is_child_of_major,
        definitions.mttr_clock,
        definitions.first_contact_seconds
    from ticket_lives
    join tickets on tickets.ticket_id = ticket_lives.ticket_id
    cross join definitions
    left join event_facts on event_facts.ticket_id = tickets.ticket_id
    left join reopenings on reopenings.ticket_id = tickets.ticket_id
    left join repeats on repeats.ticket_id = tickets.ticket_id
    left join tickets as parent on parent.ticket_id = tickets.parent_id
)
select
    joined.* exclude (mttr_clock, first_contact_seconds),
    case
        when resolved_at >= opened_at then epoch(resolved_at) - epoch(opened_at)
    end as resolve_seconds,
    case mttr_clock when 'calendar' then resolve_seconds end as time_to_resolve_seconds,
    case
        when acknowledged_at >= opened_at then epoch(acknowledged_at) - epoch(opened_at)
    end as acknowledge_seconds,
    case
        when resolved_at >= opened_at then
            resolved_days.local_day
            + cast(resolved_at >= resolved_days.first_bound as integer)
            + cast(resolved_at >= resolved_days.second_bound as integer)
            = opened_days.local_day
            + cast(opened_at >= opened_days.first_bound as integer)
            + cast(opened_at >= opened_days.second_bound as integer)
    end as is_resolved_same_day,
    case
        when exists (select 1 from first_level) then
            resolver_group in (select resolver_group from first_level)
    end as is_first_level,
    joined.priority = priority_matrix.priority as is_priority_conforming
from joined
left join priority_matrix
    on priority_matrix.impact = joined.impact
    and priority_matrix.urgency = joined.urgency
left join reporting_days as opened_days on opened_days.utc_day = cast(opened_at as date)
left join reporting_days as resolved_days on resolved_days.utc_day = cast(resolved_at as date);
