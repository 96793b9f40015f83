/*
The tickets whose verdict another policy changes. Grain: one row per ticket, clock and cycle whose
verdict differs. A verdict is breached where any clock of the cycle breached, else met where one
was met, else the state it is in. {current} is the schema of the build.
*/
with current_verdicts as (
    select
        ticket_id,
        clock,
        cycle,
        arg_max(
            {{'sla': sla, 'state': state, 'due_at': due_at, 'elapsed_seconds': elapsed_seconds,
            'target_seconds': target_seconds}},
            (state = 'breached', state = 'met', state <> 'cancelled', started_at)
        ) as deciding
    from {current}.clocks
    where clock <> 'update'
    group by ticket_id, clock, cycle
),

other_verdicts as (
    select
        ticket_id,
        clock,
        cycle,
        arg_max(
            {{'sla': sla, 'state': state, 'due_at': due_at, 'elapsed_seconds': elapsed_seconds,
            'target_seconds': target_seconds}},
            (state = 'breached', state = 'met', state <> 'cancelled', started_at)
        ) as deciding
    from clocks
    where clock <> 'update'
    group by ticket_id, clock, cycle
)

select
    tickets.ticket_id,
    tickets.number,
    coalesce(other_verdicts.clock, current_verdicts.clock) as clock,
    coalesce(other_verdicts.cycle, current_verdicts.cycle) as cycle,
    current_verdicts.deciding.sla as current_sla,
    current_verdicts.deciding.state as current_state,
    current_verdicts.deciding.due_at as current_due_at,
    current_verdicts.deciding.elapsed_seconds as current_elapsed_seconds,
    other_verdicts.deciding.sla as other_sla,
    other_verdicts.deciding.state as other_state,
    other_verdicts.deciding.due_at as other_due_at,
    other_verdicts.deciding.elapsed_seconds as other_elapsed_seconds
from current_verdicts
full join other_verdicts
    on other_verdicts.ticket_id = current_verdicts.ticket_id
    and other_verdicts.clock = current_verdicts.clock
    and other_verdicts.cycle = current_verdicts.cycle
join tickets on tickets.ticket_id = coalesce(other_verdicts.ticket_id, current_verdicts.ticket_id)
where current_verdicts.deciding.state is distinct from other_verdicts.deciding.state
order by all
