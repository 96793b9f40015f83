/*
label       = "Histories that begin late"
explanation = """
The first change of state that the export tells of starts from another state than new, or stands a
day or more after opening with nothing before it: holds, answers and hand-overs of the time before
are unknown. Figures that stand on the history are better read without these tickets.
"""
among       = "tickets"

[affects]
mtta           = "excluded"
hold_share     = "excluded"
sla_compliance = "excluded"
*/
with first_states as (
    select
        ticket_id,
        min("at") as first_at,
        arg_min(coalesce(old, ''), ("at", coalesce(sequence, 0))) as before
    from ticket_events
    where field = 'state'
    group by ticket_id
)

select
    first_states.ticket_id,
    'opened ' || opened_at || ', history from ' || first_at
        || case when before <> '' then ' with ' || before else '' end as detail
from first_states
inner join counted_tickets on counted_tickets.ticket_id = first_states.ticket_id
where before not in ('', 'new')
    or (before = '' and first_at >= opened_at + to_days(1))
