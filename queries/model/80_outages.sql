-- One row per outage: overlapping failures of one service are one.
-- A failure is an incident that matches the policy's [outage] or is a major incident, and is no
-- child of one. It lasts from the start of its impact (else its opening) to its end.
create or replace table outages as
with failures as (
    select
        ticket_id,
        cast(service as varchar) as service,
        case when impact_started_at < opened_at then impact_started_at else opened_at end as from_at,
        finished_at as to_at
    from counted_tickets
    where ticket_id in (select ticket_id from failing_tickets)
        and kind = 'incident'
        and state is distinct from 'cancelled'
        and service is not null
        and (parent_id is null or parent_id not in (select ticket_id from failing_tickets))
),
reached as (
    select
        *,
        max(coalesce(to_at, timestamp '9999-01-01')) over (
            partition by service
            order by from_at, ticket_id
            rows between unbounded preceding and 1 preceding
        ) as reached_at
    from failures
),
numbered as (
    select
        *,
        count(case when reached_at is null or from_at > reached_at then 1 end) over (
            partition by service
            order by from_at, ticket_id
        ) as outage
    from reached
)
select
    service,
    outage,
    arg_min(ticket_id, (from_at, ticket_id)) as ticket_id,
    count(*) as failures,
    min(from_at) as from_at,
    case when count(to_at) = count(*) then greatest(max(to_at), min(from_at)) end as to_at
from numbered
group by
    service,
    outage;
