/*
label       = "Exports that look cut"
explanation = """
A file with exactly 1,000 or 10,000 rows, or 500,000 cells, ends where tools cut exports without a
word. How many tickets are missing, nobody can say: export in smaller parts.
"""
among       = "files"

[affects]
ticket_volume = "unknown"
backlog       = "unknown"
mtbf          = "unknown"
*/
with each_finding as (
    select
        file,
        unnest(from_json(findings, '["json"]')) as finding
    from loads
    where undone_at is null
)

select
    cast(null as varchar) as ticket_id,
    parse_filename(file) || ': ' || (finding ->> '$.message') as detail
from each_finding
where finding ->> '$.code' = 'cut'
