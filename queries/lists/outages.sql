/*
Outages that touch a period, by service and time. Grain: one row per outage. `ticket_id` is the
failure that began it; `lasted_seconds` runs around the clock, to the moment of the data while it is
not over; `down_seconds` is the agreed service time that it took away.
*/
with lost as (
    select
        service,
        outage,
        sum(epoch(coalesce(downtime.to_at, data_at)) - epoch(downtime.from_at)) as down_seconds
    from downtime
    cross join data_span
    group by
        service,
        outage
)

select
    outages.service,
    outages.ticket_id,
    tickets.number,
    tickets.title,
    outages.failures,
    outages.from_at,
    outages.to_at,
    epoch(coalesce(outages.to_at, data_at)) - epoch(outages.from_at) as lasted_seconds,
    coalesce(lost.down_seconds, 0) as down_seconds
from outages
cross join data_span
inner join tickets on tickets.ticket_id = outages.ticket_id
left join lost on lost.service = outages.service and lost.outage = outages.outage
where outages.from_at < $to_at
    and (outages.to_at is null or outages.to_at > $from_at)
order by
    outages.service,
    outages.from_at
