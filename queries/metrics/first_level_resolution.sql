/*
label       = "First level"
title       = "First-level resolution"
unit        = "share"
aggregate   = "rate"
better      = "higher"
explanation = """
Incidents finished in the period whose last group is one of the policy's first-level groups.
"""
switches    = ["groups.first_level"]

[needs]
is_first_level = "no ticket was ever in a first-level group of the policy: name yours in [groups] first_level"
*/
select
    *,
    finished_at as counted_at,
    is_first_level as value
from counted_tickets
where kind = 'incident'
    and is_finished
