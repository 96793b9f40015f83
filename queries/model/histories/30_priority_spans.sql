-- One row per ticket whose priority has a history and stretch of one priority: from_at, to_at
-- (null: until now). Before its first change a ticket had the priority that the change replaced.
create or replace table priority_spans as
with changes as (
    select
        ticket_id,
        "at" as from_at,
        coalesce(sequence, 0) as sequence,
        new as priority
    from ticket_events
    where field = 'priority'
        and new is not null
),
first_changes as (
    select
        ticket_id,
        arg_min({'old': old, 'new': new}, ("at", sequence)) as first_change,
        arg_max(new, ("at", sequence)) as last_priority
    from ticket_events
    where field = 'priority'
        and new is not null
    group by ticket_id
),
beginnings as (
    select
        first_changes.ticket_id,
        timestamp '0001-01-01' as from_at,
        -1 as sequence,
        -- a history that does not say what was before: the ticket's row may, if it is not the end
        coalesce(
            first_change.old,
            case when tickets.priority <> last_priority then tickets.priority end,
            first_change.new
        ) as priority
    from first_changes
    join tickets on tickets.ticket_id = first_changes.ticket_id
),
spans as (
    select
        *,
        lead(from_at) over life as to_at
    from (
        select * from beginnings
        union all
        select * from changes
    )
    window life as (partition by ticket_id order by from_at, sequence)
)
select
    ticket_id,
    priority,
    from_at,
    to_at
from spans
where to_at is null or to_at > from_at;
