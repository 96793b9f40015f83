-- One row per change of state, in order, with the state before it.
create or replace table state_events as
select
    ticket_id,
    "at" as changed_at,
    row_number() over life as position,
    new as state,
    coalesce(old, lag(new) over life) as previous_state
from ticket_events
where field = 'state'
    and new is not null
window life as (partition by ticket_id order by "at", sequence, new);
