/*
label       = "MTTD"
title       = "Mean time to detect"
unit        = "duration"
aggregate   = "mean"
better      = "lower"
explanation = """
From the start of the impact to its detection, around the clock, over the incidents opened in the
period. Few exports carry both instants: read the coverage beside it. The opening of the ticket is
never put in the place of either.
"""

[needs]
impact_started_at = "this export carries no impact start: add the column with it (impact_started_at)"
detected_at       = "this export carries no time of detection: add the column with it (detected_at)"
*/
select
    *,
    opened_at as counted_at,
    case
        when detected_at >= impact_started_at then epoch(detected_at) - epoch(impact_started_at)
    end as value
from counted_tickets
where kind = 'incident'
    and state is distinct from 'cancelled'
