-- One row per outage and stretch of service time that it took away.
create or replace table downtime as
select
    outages.service,
    outages.outage,
    outages.ticket_id,
    service_time.is_declared,
    greatest(outages.from_at, service_time.from_at) as from_at,
    case
        when outages.to_at is null then service_time.to_at
        when service_time.to_at is null then outages.to_at
        else least(outages.to_at, service_time.to_at)
    end as to_at
from outages
join service_time
    on service_time.service = outages.service
    and (outages.to_at is null or outages.to_at > service_time.from_at)
    and (service_time.to_at is null or outages.from_at < service_time.to_at);
