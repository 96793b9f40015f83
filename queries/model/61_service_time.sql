-- One row per service and stretch of time in which it was meant to work: the windows of its
-- calendar since the policy's first day, or all of the time since its first ticket where the
-- policy does not declare it (then is_declared is false).
create or replace table service_time as
select
    name as service,
    since_at as from_at,
    null::timestamp as to_at,
    true as is_declared
from services
union all
select
    service,
    min(opened_at),
    null,
    false
from tickets
where service is not null
    and service not in (select name from services)
group by service;
