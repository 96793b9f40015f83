/*
label       = "Seen by monitoring"
title       = "Detected by monitoring"
unit        = "share"
aggregate   = "rate"
better      = "higher"
explanation = """
Incidents opened in the period that monitoring noticed first, of those whose detection is known.
"""

[needs]
detection = "this export does not say who noticed an incident first: add the channel or the type of contact"
*/
select
    *,
    opened_at as counted_at,
    detection = 'monitoring' as value
from counted_tickets
where kind = 'incident'
    and state is distinct from 'cancelled'
