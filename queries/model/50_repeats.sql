-- One row per incident that repeats an earlier one: the one before it with the same key, the
-- seconds between, and the first of its chain, which is no repeat itself. Two incidents of one
-- instant are in the order of their ids: the second repeats the first.
create or replace table repeats as
with occurring_again as (
    select repeat_key
    from ticket_lives
    where can_repeat
    group by repeat_key
    having count(*) > 1
),
followed as (
    select
        ticket_id,
        repeat_key,
        opened_at,
        lag(ticket_id) over occurrences as previous_ticket_id,
        epoch(opened_at) - epoch(lag(opened_at) over occurrences) as seconds_since_previous
    from ticket_lives
    where can_repeat
        and repeat_key in (select repeat_key from occurring_again)
    window occurrences as (partition by repeat_key order by opened_at, ticket_id)
),
judged as (
    select
        followed.*,
        coalesce(seconds_since_previous <= definitions.repeat_days * 86400, false) as is_repeat
    from followed
    cross join definitions
),
chained as (
    select
        *,
        last_value(case when not is_repeat then ticket_id end ignore nulls) over (
            partition by repeat_key
            order by opened_at, ticket_id
        ) as chain
    from judged
)
select
    ticket_id,
    previous_ticket_id,
    seconds_since_previous,
    chain
from chained
where is_repeat;
