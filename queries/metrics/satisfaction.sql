/*
label       = "Satisfaction"
title       = "Satisfaction of callers"
unit        = "score"
aggregate   = "mean"
better      = "higher"
explanation = """
The callers' answers on the tool's own scale, over the tickets of every kind finished in the
period. The coverage is the answer rate: silence is not satisfaction.
"""

[needs]
satisfaction = "this export carries no answers of callers: add the column of their rating"
*/
select
    *,
    finished_at as counted_at,
    satisfaction as value
from counted_tickets
where is_finished
