/*
label       = "MTBF"
title       = "Mean time between failures"
unit        = "duration"
aggregate   = "ratio"
better      = "higher"
one_row     = "failure"
explanation = """
Service time without downtime, divided by the failures of the period. Service time is the calendar
that the policy declares for a service, else all of the time since its first ticket. A failure is
an incident that the policy's outage rule names, or a major one; overlapping failures of one
service are one, and children of a failure are none. The interval is exact (Poisson); without
failures there is a lower bound and no value. Below five failures read no trend into it.
"""
dimensions  = ["service"]
switches    = ["outage.where"]

[needs]
service     = "no ticket of this export names a service, and the policy declares none: add the column of the business service"
*/
select
    null as ticket_id,
    service,
    from_at,
    to_at,
    null::timestamp as counted_at,
    1 as numerator,
    0 as denominator
from service_time
union all
select
    ticket_id,
    service,
    from_at,
    to_at,
    null,
    -1,
    0
from downtime
union all
select
    ticket_id,
    service,
    null,
    null,
    from_at,
    0,
    1
from outages
