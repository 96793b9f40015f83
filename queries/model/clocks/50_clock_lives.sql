-- One row per ticket, clock and cycle, with all of the ticket's columns: from when to when a
-- promise can run, whatever it is. `update` rows are cut at every update later.
create or replace temp view clock_lives as
with resolutions as not materialized (
    select
        tickets.*,
        coalesce(clock_cycles.cycle, 1) as cycle,
        coalesce(clock_cycles.start_at, opened_at) as life_start_at,
        clock_cycles.ticket_id is not null as has_history,
        not has_history
            and case
                when state in ('resolved', 'closed', 'cancelled') then true
                when state in ('new', 'in_progress', 'on_hold') then false
                else resolved_at is not null or closed_at is not null
            end as is_done_by_row,
        case
            when has_history then clock_cycles.stop_at
            when is_done_by_row then coalesce(resolved_at, closed_at, updated_at)
        end as life_stop_at,
        case
            when merged_into is not null then 'merged into ' || merged_into
            when is_test then 'a test ticket'
            when state = 'cancelled' or clock_cycles.stop_state = 'cancelled'
                then 'the ticket was cancelled'
        end as void_reason,
        case
            when opened_at > exported_at then 'opened after the moment of its export'
            when life_stop_at < life_start_at then 'resolved before it was opened'
            when life_stop_at > exported_at then 'resolved after the moment of its export'
            when is_done_by_row and life_stop_at is null
                then 'finished at an instant that the export does not tell'
        end as unusable_reason
    from tickets
    left join clock_cycles on clock_cycles.ticket_id = tickets.ticket_id
)
select
    resolutions.*,
    'resolution' as clock,
    null as flag_reason,
    case when has_history then 'events' else 'columns' end as basis
from resolutions
where exists (select * from slas where clock = 'resolution')
union all
select
    resolutions.*,
    'update',
    null,
    'events'
from resolutions
where exists (select * from slas where clock = 'update')
union all
select
    resolutions.* replace (
        case
            when response_at is null then life_stop_at
            when life_stop_at >= life_start_at
                then least(greatest(response_at, life_start_at), life_stop_at)
            else greatest(response_at, life_start_at)
        end as life_stop_at,
        case
            when response_at is not null and unusable_reason not like 'opened%' then null
            when response_at is null
                and not has_history
                and silent_sources.source is not null
                and definitions.response_from_assignment
                then 'the export does not tell when it was first answered'
            else unusable_reason
        end as unusable_reason
    ),
    'response',
    case
        when life_stop_at is not null and (response_at is null or response_at > life_stop_at)
            then 'resolved without a response'
        when response_at < life_start_at then 'answered before it was opened'
    end,
    coalesce(first_responses.basis, case when has_history then 'events' else 'columns' end)
from resolutions
cross join definitions
left join first_responses on first_responses.ticket_id = resolutions.ticket_id
left join silent_sources on silent_sources.source is not distinct from resolutions.source
where cycle = 1
    and exists (select * from slas where clock = 'response');
