/*
label       = "Error budget left"
title       = "Error budget left of services with an objective"
unit        = "share"
aggregate   = "ratio"
better      = "higher"
one_row     = "outage"
explanation = """
What an availability objective (slo) allows to fail is a budget: agreed service time x (1 - slo).
This is the share of it that downtime left over in the period; below 0 the objective is missed.
Over several services their budgets and downtimes are added up. It has no interval: it is measured,
not sampled.
"""
dimensions  = ["service"]
switches    = ["outage.where"]

[needs]
service     = "the policy gives no service an objective: name services with since and slo"
*/
select
    null as ticket_id,
    service_time.service,
    from_at,
    to_at,
    null::timestamp as counted_at,
    1 - slo as numerator,
    1 - slo as denominator
from service_time
join services on services.name = service_time.service
where slo is not null
union all
select
    ticket_id,
    downtime.service,
    from_at,
    to_at,
    null,
    -1,
    0
from downtime
join services on services.name = downtime.service
where slo is not null
    and is_declared
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
join services on services.name = outages.service
where slo is not null
