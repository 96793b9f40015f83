/*
Repeats by a dimension, most repeats first. Grain: one row per value that some incident which can
repeat has. `incidents` are those that could be judged, `repeat_rate` is repeats over them, `chains`
those that a repeat of this value belongs to, days are those between a repeat and the one before.
*/
select
    cast(counted_tickets.{dimension} as varchar) as value,
    count(*) as incidents,
    count(*) filter (where is_repeat) as repeats,
    count(*) filter (where is_repeat) / count(*) as repeat_rate,
    count(distinct repeats.chain) as chains,
    median(repeats.seconds_since_previous) / 86400 as median_gap_days,
    count(*) filter (where is_repeat and problem_id is null) as without_problem
from counted_tickets
left join repeats on repeats.ticket_id = counted_tickets.ticket_id
where is_repeat is not null
group by value
having repeats > 0
order by repeats desc, value
limit $row_limit
