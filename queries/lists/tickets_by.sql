/*
The value of one dimension for each ticket that counts; a missing one is null. Grain: one row per
ticket. {dimension} is a column of counted_tickets.
*/
select
    ticket_id,
    cast({dimension} as varchar) as value
from counted_tickets
order by ticket_id
