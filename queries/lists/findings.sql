/*
What was odd about the files, newest load first. Grain: one row per finding of a file.
*/
with each_finding as (
    select
        load_id,
        file,
        unnest(from_json(findings, '["json"]')) as finding
    from loads
    where undone_at is null
)

select
    load_id,
    file,
    finding ->> '$.code' as code,
    cast(finding ->> '$.count' as bigint) as "count",
    finding ->> '$.column' as "column",
    finding ->> '$.message' as message
from each_finding
order by load_id desc, file, "count" desc
