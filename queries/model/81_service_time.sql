-- One row per service and stretch of time in which it was meant to work: the windows of its
-- calendar since the policy's first day, or all of the time since its first ticket where the
-- policy does not declare it (then is_declared is false). An open end (null) runs on.
create or replace table service_time as
select
    service,
    from_at,
    to_at,
    true as is_declared
from service_windows
union all
select
    cast(service as varchar),
    min(opened_at),
    null,
    false
from counted_tickets
where service is not null
    and service not in (select name from services)
group by service;
