/*
The rows that were not accepted, newest load first. Grain: one row per rejected row of a file.
*/
select
    load_id,
    file,
    line,
    "column",
    "value",
    reason
from rejected_rows
order by load_id desc, file, line
limit $row_limit
