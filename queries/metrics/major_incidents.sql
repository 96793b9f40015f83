/*
label       = "Major incidents"
title       = "Major incidents"
unit        = "count"
aggregate   = "count"
better      = "lower"
explanation = """
Incidents opened in the period that were declared major. Where an export does not say, they are
not known to be none: read the coverage.
"""

[needs]
is_major = "this export does not say which incidents are major: add the column that does (is_major)"
*/
select
    *,
    opened_at as counted_at,
    is_major as value
from counted_tickets
where kind = 'incident'
    and state is distinct from 'cancelled'
