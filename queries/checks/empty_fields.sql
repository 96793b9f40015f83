/*
label       = "Incidents without category, group or service"
explanation = """
Figures cut by these columns leave them in "(none)"; without a category no repetition is seen, and
without a group nobody can say whether the first level resolved them.
"""
among       = "incidents"

[affects]
first_level_resolution = "either"
repeat_incident_rate   = "either"
*/
with fields as (
    select
        ticket_id,
        concat_ws(
            ', ',
            case when category is null then 'category' end,
            case when resolver_group is null then 'resolver_group' end,
            case when service is null then 'service' end
        ) as missing
    from counted_tickets
    where kind = 'incident'
)

select
    ticket_id,
    'no ' || missing as detail
from fields
where missing <> ''
