/*
How many tickets carry a value in each column. Grain: one row per column of the tickets.
*/
with filled as (
    select count(columns(*))
    from tickets
)

select
    name as "column",
    tickets_filled,
    (select count(*) from tickets) as tickets
from (unpivot filled on columns(*) into name name value tickets_filled)
