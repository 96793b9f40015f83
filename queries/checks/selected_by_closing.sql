/*
label       = "A log selected by its closing date"
explanation = """
A source with fifty finished tickets or more, none open, and more than one in fifty opened before the
first of them was finished: the export was filtered by closing date. Its first months hold old
tickets only, so their durations are too long and their volume too low. Listed are the tickets opened
before the first closing.
"""
among       = "tickets"

[affects]
mttr          = "excluded"
ticket_volume = "excluded"
backlog       = "unknown"
*/
with spans as (
    select
        source,
        min(finished_at) as first_finished_at
    from counted_tickets
    group by source
    having count(*) filter (is_open) = 0
        and count(*) filter (is_finished) >= 50
),

early as (
    select
        source,
        count(*) filter (opened_at < first_finished_at) as tickets_early,
        count(*) as tickets
    from counted_tickets
    inner join spans using (source)
    group by source
)

select
    ticket_id,
    'opened ' || opened_at || ', first closing of ' || source || ' ' || first_finished_at as detail
from counted_tickets
inner join spans using (source)
inner join early using (source)
where opened_at < first_finished_at
    and tickets_early * 50 > early.tickets
