/*
label       = "Documented resolutions"
title       = "Incidents resolved with notes or a knowledge article"
unit        = "share"
aggregate   = "rate"
better      = "higher"
explanation = """
Incidents finished in the period, cancelled ones left out, that say in words how they were resolved,
or name the knowledge article that was used. The rest was solved for one caller and for nobody else.
"""

[needs]
known_by    = "this export carries neither resolution notes nor the use of knowledge articles: add one of the two"
*/
select
    counted_tickets.*,
    finished_at as counted_at,
    coalesce(tickets.resolution_notes, cast(nullif(counted_tickets.knowledge_used, false) as varchar))
        as known_by,
    length(trim(coalesce(tickets.resolution_notes, ''))) > 0
        or coalesce(counted_tickets.knowledge_used, false) as value
from counted_tickets
join tickets on tickets.ticket_id = counted_tickets.ticket_id
where counted_tickets.kind = 'incident'
    and is_finished
