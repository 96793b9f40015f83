-- One row per ticket that counts, of every kind: the dimensions and instants of the contract and
-- what metrics need that is a window, a join or a switch. `resolved_at` and `closed_at` are null
-- while a ticket is open.
create or replace table counted_tickets as
with reopenings as (
    select
        ticket_id,
        max(cycle) - 1 as reopenings
    from cycles
    group by ticket_id
),
first_level as (
    -- where no ticket was ever in one of the groups, the policy does not know this data
    select
        list(resolver_group) as groups,
        list_has_any(groups, (select list(distinct resolver_group) from tickets)) as is_known
    from first_level_groups
),
joined as (
    select
        ticket_lives.* exclude (
            number,
            title,
            description,
            resolution_notes,
            extra,
            reassignment_count,
            reopen_count,
            reassignments,
            seen_by_staff_at,
            repeat_key,
            can_repeat
        ),
        ltrim(resolution_notes) <> '' as has_notes,
        coalesce(reassignment_count, reassignments) as reassignment_count,
        coalesce(
            reopen_count,
            case when has_history then coalesce(reopenings.reopenings, 0) end
        ) as reopen_count,
        reopenings.ticket_id is not null as has_cycles,
        -- least skips what is missing
        least(seen_by_staff_at, first_response_at) as acknowledged_at,
        case when can_repeat then repeats.ticket_id is not null end as is_repeat,
        coalesce(cast(hold_seconds.held_working_seconds as bigint), 0) as held_working_seconds
    from ticket_lives
    left join reopenings on reopenings.ticket_id = ticket_lives.ticket_id
    left join hold_seconds on hold_seconds.ticket_id = ticket_lives.ticket_id
    left join repeats on repeats.ticket_id = ticket_lives.ticket_id
),
timed as (
    select
        joined.* exclude (held_working_seconds),
        case
            when resolved_at >= opened_at then epoch(resolved_at) - epoch(opened_at)
        end as resolve_seconds,
        case
            when resolved_at >= opened_at then
                open_seconds_until(resolved_work_day, resolved_at)
                - open_seconds_until(opened_work_day, opened_at)
        end as resolve_working_seconds,
        greatest(resolve_working_seconds - held_working_seconds, 0)
            as resolve_working_without_holds_seconds,
        case
            when acknowledged_at >= opened_at then epoch(acknowledged_at) - epoch(opened_at)
        end as acknowledge_seconds,
        case
            when resolved_at >= opened_at then
                resolved_day.local_day
                + cast(resolved_at >= resolved_day.first_bound as integer)
                + cast(resolved_at >= resolved_day.second_bound as integer)
                = opened_day.local_day
                + cast(opened_at >= opened_day.first_bound as integer)
                + cast(opened_at >= opened_day.second_bound as integer)
        end as is_resolved_same_day,
        opened_at + to_seconds(
            case
                when opened_at >= opened_day.offset_changes_at then opened_day.next_offset_seconds
                else opened_day.offset_seconds
            end
        ) as opened_local_at,
        strftime(opened_local_at, '%H')::hour_word as hour,
        dayname(opened_local_at)::weekday_word as weekday,
        not is_open_at(opened_work_day, opened_at) as out_of_hours
    from joined
    cross join definitions
    join calendars as office on office.calendar = definitions.default_calendar
    left join calendar_days as opened_work_day
        on opened_work_day.calendar_day = day_key(office.day_offset, opened_at)
    left join calendar_days as resolved_work_day
        on resolved_work_day.calendar_day = day_key(office.day_offset, resolved_at)
    left join reporting_days as opened_day on opened_day.utc_day = cast(opened_at as date)
    left join reporting_days as resolved_day on resolved_day.utc_day = cast(resolved_at as date)
)
select
    timed.* exclude (opened_local_at),
    case definitions.mttr_clock
        when 'calendar' then resolve_seconds
        when 'working' then resolve_working_seconds
        when 'working_without_holds' then resolve_working_without_holds_seconds
    end as time_to_resolve_seconds,
    -- unknown without a resolution instant, else only reassigned ones would be judged
    case
        when resolve_working_seconds is not null then
            resolve_working_seconds <= definitions.first_contact_seconds
            and reassignment_count = 0
            and reopen_count = 0
            and coalesce(contact_count, 1) <= 1
            and resolver_role is distinct from 'system'
    end as is_first_contact,
    case
        when first_level.is_known then list_contains(first_level.groups, resolver_group)
    end as is_first_level,
    timed.priority = priority_matrix.priority as is_priority_conforming
from timed
cross join definitions
cross join first_level
left join priority_matrix
    on priority_matrix.impact = timed.impact
    and priority_matrix.urgency = timed.urgency;
