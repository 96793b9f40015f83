/*
The tool's own verdict and deadline beside the computed ones. Grain: one row per ticket that
carries a flag or a deadline of its tool and counts. Where the tool's service levels were loaded
(`tool_slas`), its verdict is that on resolution alone: met when all of them that were not cancelled
ended unbreached; else it is the flag of the ticket. `computed_met` is false where any resolution
clock of the ticket breached and null where none came to a verdict; `agrees` is null where one
of the two verdicts is missing. Disagreements first.
*/
with resolutions as (
    select
        ticket_id,
        bool_and(met) as computed_met,
        -- the clock that decides: the first breached one, else the last
        arg_max(
            {
                'sla': sla,
                'calendar': calendar,
                'state': state,
                'reason': reason,
                'due_at': due_at,
                'elapsed_seconds': elapsed_seconds,
                'paused_seconds': paused_seconds,
                'target_seconds': target_seconds
            },
            (state = 'breached', state <> 'cancelled', cycle, started_at)
        ) as deciding
    from clocks
    where clock = 'resolution'
    group by ticket_id
),

told as (
    select
        ticket_id,
        case
            when bool_or(has_breached) then false
            when bool_and(ended_at is not null) then true
        end as met,
        max(due_at) as due_at
    from tool_slas
    where lower(coalesce(stage, '')) not in ('cancelled', 'canceled')
        and (
            clock = 'resolution'
            or (clock is null and (sla ilike '%resol%' or sla ilike '%solu%'))
        )
    group by ticket_id
),

flagged as (
    select
        tickets.ticket_id,
        coalesce(told.met, if(told.ticket_id is null, tickets.tool_sla_met, null)) as tool_sla_met,
        coalesce(told.due_at, tickets.tool_due_at) as tool_due_at
    from tickets
    left join told on told.ticket_id = tickets.ticket_id
),

compared as (
    select
        tickets.ticket_id,
        tickets.number,
        tickets.priority,
        tickets.resolver_group,
        flagged.tool_sla_met,
        resolutions.computed_met,
        flagged.tool_sla_met = resolutions.computed_met as agrees,
        flagged.tool_due_at,
        deciding.due_at as computed_due_at,
        epoch(deciding.due_at) - epoch(flagged.tool_due_at) as due_difference_seconds,
        deciding.sla as sla,
        deciding.calendar as calendar,
        deciding.state as state,
        deciding.reason as reason,
        deciding.elapsed_seconds as elapsed_seconds,
        deciding.paused_seconds as paused_seconds,
        deciding.target_seconds as target_seconds
    from tickets
    join counted_tickets on counted_tickets.ticket_id = tickets.ticket_id
    join flagged on flagged.ticket_id = tickets.ticket_id
    left join resolutions on resolutions.ticket_id = tickets.ticket_id
    where flagged.tool_sla_met is not null
        or flagged.tool_due_at is not null
)

select
    *,
    case
        when computed_met is null
            then concat('no computed verdict: ', coalesce(reason, state, 'no resolution clock'))
        when tool_sla_met is null then 'the tool gives no verdict'
        when agrees then 'both agree'
        when computed_met then concat(
            'kept by ', (target_seconds - elapsed_seconds)::bigint, ' s on calendar ', calendar,
            ' with ', paused_seconds::bigint, ' s on hold left out; the tool says breached'
        )
        else concat(
            'over by ', (elapsed_seconds - target_seconds)::bigint, ' s on calendar ', calendar,
            ' with ', paused_seconds::bigint, ' s on hold left out; the tool says kept'
        )
    end as explanation
from compared
order by
    agrees nulls last,
    ticket_id
