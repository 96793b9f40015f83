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
    *,
    finished_at as counted_at,
    coalesce(has_notes, nullif(knowledge_used, false)) as known_by,
    coalesce(has_notes, false) or coalesce(knowledge_used, false) as value
from counted_tickets
where kind = 'incident'
    and is_finished
