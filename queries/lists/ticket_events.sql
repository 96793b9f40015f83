/* What happened to one ticket, in order. Grain: one row per change of a field. */
select
    "at",
    field,
    old,
    new,
    actor,
    actor_role
from ticket_events
where ticket_id = $ticket_id
order by "at", sequence, field
