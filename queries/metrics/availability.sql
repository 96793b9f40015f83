/*
label       = "Availability"
title       = "Availability of services"
unit        = "share"
aggregate   = "ratio"
better      = "higher"
one_row     = "outage"
explanation = """
Agreed service time without downtime, as a share of agreed service time, over the services that
the policy declares with their first day and calendar. Downtime is that of the incidents that the
policy's outage rule names, and of major ones; overlapping ones of a service count once. It has no
interval: it is measured, not sampled; n is the number of outages that began.
"""
dimensions  = ["service"]
switches    = ["outage.where"]

[needs]
service     = "the policy declares no service, so agreed service time is not known: name services with since and calendar"
*/
select
    null as ticket_id,
    service,
    from_at,
    to_at,
    null::timestamp as counted_at,
    1 as numerator,
    1 as denominator
from service_time
where is_declared
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
where is_declared
union all
select
    outages.ticket_id,
    outages.service,
    null,
    null,
    outages.from_at,
    0,
    0
from outages
where outages.service in (select name from services)
