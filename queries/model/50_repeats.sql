-- One row per incident with a complete repeat key: the one before it with the same key, the days
-- between, and the chain that it belongs to (named by its first ticket).
-- Children of a major incident tell of one event and are left out. Two incidents of one instant
-- are in the order of their ids: the second repeats the first.
create or replace table repeats as
with incidents as (
    select
        tickets.ticket_id,
        repeat_keys.key,
        tickets.opened_at
    from repeat_keys
    join tickets on tickets.ticket_id = repeat_keys.ticket_id
    join ticket_lives on ticket_lives.ticket_id = tickets.ticket_id
    left join tickets as parent on parent.ticket_id = tickets.parent_id
    where ticket_lives.kind = 'incident'
        and tickets.state is distinct from 'cancelled'
        and parent.is_major is not true
        and repeat_keys.key is not null
),
followed as (
    select
        ticket_id,
        key,
        opened_at,
        lag(ticket_id) over occurrences as previous_ticket_id,
        epoch(opened_at) - epoch(lag(opened_at) over occurrences) as seconds_since
    from incidents
    window occurrences as (partition by key order by opened_at, ticket_id)
),
judged as (
    select
        followed.*,
        coalesce(seconds_since <= definitions.repeat_days * 86400, false) as is_repeat
    from followed
    cross join definitions
)
select
    ticket_id,
    case when is_repeat then previous_ticket_id end as previous_ticket_id,
    case when is_repeat then seconds_since end as seconds_since_previous,
    is_repeat,
    last_value(case when not is_repeat then ticket_id end ignore nulls) over (
        partition by key
        order by opened_at, ticket_id
    ) as chain
from judged;
