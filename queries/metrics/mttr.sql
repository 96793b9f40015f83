/*
label       = "MTTR"
title       = "Mean time to resolve"
unit        = "duration"
aggregate   = "mean"
better      = "lower"
explanation = """
From opened to last resolved, over the incidents finished in the period. One that was closed
without a resolution instant counts at its closure and lowers the coverage. Open and cancelled
incidents do not count: see backlog. A mean of skewed durations describes nobody, so read the
median beside it, and how it spreads over bands of duration.
"""
switches    = ["definitions.mttr_clock", "definitions.resolved_from_events"]

[needs]
resolved_at = "this export carries no resolution instant: add the column with it (resolved_at)"
*/
select
    *,
    finished_at as counted_at,
    duration_band(time_to_resolve_seconds) as resolve_band,
    time_to_resolve_seconds as value
from counted_tickets
where kind = 'incident'
    and is_finished
