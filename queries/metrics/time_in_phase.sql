/*
label       = "Time in phase"
title       = "Time in a phase of the lifecycle"
unit        = "duration"
aggregate   = "mean"
better      = "lower"
one_row     = "phase"
cut_only_by = "phase"
explanation = """
Around the clock, over the incidents finished in the period, for each phase of their lives; cut it
by phase. detect: start of the impact to its detection. log: detection, else opening, to the written
record. assign: until somebody has it. diagnose: with the groups that handed it on, until the one
that ended it has it. resolve: in work with that group. hold: on hold, taken out of the three before.
close: from the end to the closure, and between an end and a reopening. The phases never overlap and
add up to the whole life. A phase that the data cannot tell lowers the coverage; a phase that a
ticket passed through in no time counts as 0.
"""

[needs]
value       = "this export carries neither a history nor the instants of detection and closure: load the one or add the others"
*/
with incidents as (
    select
        ticket_id,
        kind,
        priority,
        service,
        category,
        resolver_group,
        customer,
        location,
        channel,
        source,
        finished_at as counted_at,
        detect_seconds,
        log_seconds,
        assign_seconds,
        diagnose_seconds,
        hold_seconds,
        resolve_seconds,
        close_seconds
    from phases
    where is_incident
)
select *
from incidents
unpivot include nulls (
    value for phase in (
        detect_seconds as 'detect',
        log_seconds as 'log',
        assign_seconds as 'assign',
        diagnose_seconds as 'diagnose',
        hold_seconds as 'hold',
        resolve_seconds as 'resolve',
        close_seconds as 'close'
    )
)
