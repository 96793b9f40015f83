-- One row per hand-over of a ticket from one group to another: handed_at, from_group, to_group, and
-- whether it went straight back to the group that had just given it away (A, B, A).
create or replace table handovers as
select
    ticket_id,
    "at" as handed_at,
    old as from_group,
    new as to_group,
    coalesce(new = lag(old) over life, false) as is_return
from ticket_events
where field = 'resolver_group'
    and old is not null
    and new is not null
    and old <> new
window life as (partition by ticket_id order by "at", sequence);
