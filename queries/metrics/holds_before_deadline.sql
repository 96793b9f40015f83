/*
label       = "Holds before the deadline"
title       = "Holds that begin in the last tenth of the target"
unit        = "share"
aggregate   = "rate"
better      = "lower"
one_row     = "hold"
explanation = """
Of the holds that paused a resolution clock in the period, those that began when nine tenths of
its target were used and it was not yet breached. Chance alone gives few; a group with many may be
stopping clocks rather than waiting for somebody.
"""

[needs]
value       = "no hold paused a resolution clock here: it takes a service level for resolution and a history of states"
*/
select
    clock_pauses.ticket_id,
    clocks.clock,
    clocks.sla,
    clocks.calendar,
    clock_pauses.from_at as counted_at,
    elapsed_before_seconds >= 0.9 * clock_pauses.target_seconds
        and elapsed_before_seconds <= clock_pauses.target_seconds as value
from clock_pauses
join clocks
    on clocks.ticket_id = clock_pauses.ticket_id
    and clocks.sla_number = clock_pauses.sla_number
    and clocks.cycle = clock_pauses.cycle
    and clocks.started_at = clock_pauses.started_at
where clocks.clock = 'resolution'
    and clocks.state not in ('cancelled', 'no_clock')
    and clock_pauses.is_beginning
