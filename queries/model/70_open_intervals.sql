-- One row per ticket that counts and cycle of being open: from_at, to_at (null while open), and
-- the ticket's columns.
create or replace view open_intervals as
select
    *,
    1 as cycle,
    opened_at as from_at,
    case when finished_at < opened_at then opened_at else finished_at end as to_at
from counted_tickets
where not has_cycles
union all
select
    counted_tickets.*,
    cycles.cycle,
    cycles.from_at,
    cycles.to_at
from cycles
join counted_tickets on counted_tickets.ticket_id = cycles.ticket_id;
