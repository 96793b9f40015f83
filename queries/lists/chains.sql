/*
Chains of repeats, the longest first: incidents with one repeat key, each within the policy's days
of the one before. Grain: one row per chain. Days are those between neighbours. `problem_state` is
"recurred after the fix" where an incident of the chain was opened after the last of its problem
records was resolved or closed, "fixed" where none was, "known error", "open problem" or "none".
*/
with members as (
    select chain, ticket_id, seconds_since_previous from repeats
    union all
    select distinct chain, chain as ticket_id, null from repeats
),

followed as (
    select
        members.chain,
        string_agg(distinct problem_records.number, ', ' order by problem_records.number)
            as problems,
        bool_or(ended_at is null) as has_open,
        bool_or(ended_at is null and is_known_error) as has_known_error,
        max(ended_at) as fixed_at
    from members
    join counted_tickets on counted_tickets.ticket_id = members.ticket_id
    join problem_records on problem_records.problem_id = counted_tickets.problem_id
    group by members.chain
),

summed as (
    select
        members.chain,
        count(*) as incidents,
        count(members.seconds_since_previous) as repeats,
        median(members.seconds_since_previous) / 86400 as median_gap_days,
        min(members.seconds_since_previous) / 86400 as shortest_gap_days,
        max(members.seconds_since_previous) / 86400 as longest_gap_days,
        min(counted_tickets.opened_at) as first_at,
        max(counted_tickets.opened_at) as last_at,
        mode(cast(counted_tickets.service as varchar) order by counted_tickets.service) as service
    from members
    join counted_tickets on counted_tickets.ticket_id = members.ticket_id
    group by members.chain
    order by incidents desc, last_at desc, members.chain
    limit $row_limit
)

select
    summed.chain as ticket_id,
    tickets.number,
    tickets.title,
    cast(tickets.caller as varchar) as caller,
    cast(tickets.category as varchar) as category,
    cast(tickets.subcategory as varchar) as subcategory,
    summed.* exclude (chain),
    followed.problems,
    problem_state(problems, has_known_error, has_open, fixed_at, summed.last_at) as problem_state
from summed
join tickets on tickets.ticket_id = summed.chain
left join followed on followed.chain = summed.chain
order by summed.incidents desc, summed.last_at desc, summed.chain
