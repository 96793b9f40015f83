/*
label       = "Offsets that never follow the season"
explanation = """
The times of a file carry the same offset in summer and in winter although its zone changes: either
the offset is right and the tool has no summer time, or it is wall time with a wrong label, an hour
off for half of the year. Durations hardly move; working hours and days do.
"""
among       = "files"

[affects]
sla_compliance = "unknown"
mttr           = "unknown"
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
where finding ->> '$.code' = 'fixed_offset'
