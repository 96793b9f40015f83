/*
The values of one dimension over the tickets that count, with how many tickets carry each.
Grain: one row per value; the missing one is null. {dimension} is a column of counted_tickets.
*/
select
    cast({dimension} as varchar) as value,
    count(*) as tickets
from counted_tickets
group by value
order by tickets desc, value
