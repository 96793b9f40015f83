/*
What the warehouse holds, in one row: how many tickets, from when to when, from which sources,
when some were opened, how many findings and rejected rows their files have.
*/
with tickets_held as (
    select
        count(*) as tickets,
        string_agg(distinct source, ', ' order by source) as sources
    from tickets
),

-- the first and the last of a day: it may lie in two days, and months, of the reporting zone
ends_of_days as (
    select unnest([min(opened_at), max(opened_at)]) as opened_at
    from counted_tickets
    group by cast(opened_at as date)
),

opened as (
    select list(opened_at) as openings
    from ends_of_days
),

files as (
    select
        count(*) as files,
        coalesce(sum(rows_rejected), 0) as rows_rejected,
        coalesce(sum(json_array_length(findings)), 0) as findings
    from loads
    where undone_at is null
)

select
    tickets_held.tickets,
    tickets_held.sources,
    files.files,
    cast(files.rows_rejected as bigint) as rows_rejected,
    cast(files.findings as bigint) as findings,
    data_span.first_at,
    data_span.data_at,
    opened.openings
from tickets_held
cross join opened
cross join files
cross join data_span
