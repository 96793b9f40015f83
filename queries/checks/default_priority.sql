/*
label       = "One priority on everything"
explanation = """
Of a source with fifty incidents or more, 95 in 100 have the same priority: it was never chosen. The
service level of that priority is then measured, not the one that was meant, and nothing bounds what
the figure would be with the right ones.
"""
among       = "incidents"

[affects]
sla_compliance      = "unknown"
priority_conformity = "excluded"
mtbf                = "unknown"
*/
with counts as (
    select
        source,
        priority,
        count(*) as tickets,
        sum(count(*)) over (partition by source) as tickets_of_source
    from counted_tickets
    where kind = 'incident'
        and priority is not null
    group by source, priority
)

select
    ticket_id,
    'priority ' || priority || ', as ' || tickets || ' of ' || tickets_of_source as detail
from counted_tickets
inner join counts using (source, priority)
where kind = 'incident'
    and tickets_of_source >= 50
    and tickets * 100 >= tickets_of_source * 95
