/*
label       = "Rejected rows"
explanation = """
Rows of the files that could not be accepted; each is kept with the reason. They may have been one
ticket more each, with a promise kept or missed.
"""
among       = "rows"

[affects]
ticket_volume  = "missing"
sla_compliance = "missing"
mttr           = "unknown"
backlog        = "missing"
mtbf           = "unknown"
*/
select
    cast(null as varchar) as ticket_id,
    parse_filename(file) || ', line ' || coalesce(line, 0) || coalesce(', ' || "column", '')
        || ': ' || reason as detail
from rejected_rows
