/*
label       = "Repeats without a problem"
title       = "Repeat incidents that no problem record follows"
unit        = "share"
aggregate   = "rate"
better      = "lower"
explanation = """
Of the incidents opened in the period that repeat an earlier one, those without a problem record.
What repeats is what the policy's repeat key and days call so.
"""
switches    = ["definitions.repeat_key", "definitions.repeat_days"]

[needs]
problem_id  = "no incident of this export names a problem record: add the column that does (problem_id)"
*/
select
    *,
    opened_at as counted_at,
    problem_id is null as value
from counted_tickets
where is_repeat
