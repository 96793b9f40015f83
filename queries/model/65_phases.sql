-- One row per finished ticket: the seconds of its life in each phase. The phases follow each other
-- without a gap and never overlap, so they add up to total_seconds, from the start of the impact
-- (else the detection, else the opening) to the closure (else the end). A phase that the data
-- cannot tell is null, and the time in which it lies hidden is in untold_seconds.
--
-- detect: start of the impact to its detection; log: detection, else opening, to the written record
-- assign: until somebody has it; diagnose: until the group that ended it has it
-- resolve: until its end; close: from its end to its closure, and between an end and a reopening
-- hold: on hold, taken out of assign, diagnose and resolve
--
-- What a page filters by stands in each row: joining it from the tickets takes longer than all else.
create or replace table phases as
with last_handovers as (
    select
        handovers.ticket_id,
        max(handed_at) as handed_at
    from handovers
    join counted_tickets on counted_tickets.ticket_id = handovers.ticket_id
    where is_finished
        and handed_at <= finished_at
    group by handovers.ticket_id
),
begun as (
    select
        ticket_id,
        kind,
        priority,
        service,
        category,
        resolver_group,
        customer,
        location,
        channel,
        source,
        kind = 'incident' as is_incident,
        opened_at,
        finished_at,
        has_history,
        acknowledged_at,
        logged_at,
        closed_at,
        case when detected_at <= opened_at then detected_at end as noticed_at,
        case when impact_started_at <= noticed_at then impact_started_at end as suffered_at,
        greatest(finished_at, opened_at) as ended_at
    from counted_tickets
    where is_finished
),
written as (
    -- guarded, because least and greatest pass over what is missing
    select
        *,
        case when logged_at > opened_at then least(logged_at, ended_at) else opened_at end
            as written_at,
        case when closed_at > ended_at then closed_at else ended_at end as shut_at
    from begun
),
lives as (
    select
        written.*,
        greatest(written_at, least(coalesce(acknowledged_at, ended_at), ended_at)) as taken_at,
        greatest(taken_at, least(coalesce(handed_at, taken_at), ended_at)) as found_at
    from written
    left join last_handovers on last_handovers.ticket_id = written.ticket_id
),
gaps as (
    select
        ticket_id,
        to_at as from_at,
        lead(from_at) over (partition by ticket_id order by cycle) as to_at
    from cycles
),
-- what interrupts the work; an overlap of a hold with a gap counts as gap, once
pauses as (
    select
        ticket_id,
        from_at,
        to_at,
        1 as held,
        1 as taken_out
    from holds
    union all
    select
        ticket_id,
        from_at,
        to_at,
        0,
        1
    from gaps
    where to_at > from_at
    union all
    select
        holds.ticket_id,
        greatest(holds.from_at, gaps.from_at),
        case when holds.to_at < gaps.to_at then holds.to_at else gaps.to_at end as overlap_to_at,
        -1,
        -1
    from holds
    join gaps on gaps.ticket_id = holds.ticket_id
    where gaps.to_at > gaps.from_at
        and gaps.to_at > holds.from_at
        and (holds.to_at is null or holds.to_at > gaps.from_at)
),
clipped as (
    select
        pauses.ticket_id,
        held,
        taken_out,
        taken_at,
        found_at,
        greatest(pauses.from_at, written_at) as from_at,
        case when pauses.to_at < ended_at then pauses.to_at else ended_at end as to_at
    from pauses
    join lives on lives.ticket_id = pauses.ticket_id
),
interrupted as (
    select
        ticket_id,
        sum(held * (epoch(to_at) - epoch(from_at))) as held_seconds,
        sum(taken_out * (epoch(to_at) - epoch(from_at))) as out_seconds,
        sum(taken_out * greatest(0, epoch(least(to_at, taken_at)) - epoch(from_at)))
            as out_of_assign_seconds,
        sum(
            taken_out
            * greatest(
                0,
                epoch(least(to_at, found_at)) - epoch(greatest(from_at, taken_at))
            )
        ) as out_of_diagnose_seconds
    from clipped
    where to_at > from_at
    group by ticket_id
),
split as (
    select
        lives.*,
        coalesce(held_seconds, 0) as held_seconds,
        coalesce(out_seconds, 0) as out_seconds,
        coalesce(out_of_assign_seconds, 0) as out_of_assign_seconds,
        coalesce(out_of_diagnose_seconds, 0) as out_of_diagnose_seconds
    from lives
    left join interrupted on interrupted.ticket_id = lives.ticket_id
)
select
    ticket_id,
    kind,
    priority,
    service,
    category,
    resolver_group,
    customer,
    location,
    channel,
    source,
    is_incident,
    finished_at,
    epoch(noticed_at) - epoch(suffered_at) as detect_seconds,
    case
        when noticed_at is not null or logged_at is not null then
            epoch(written_at) - epoch(coalesce(noticed_at, opened_at))
    end as log_seconds,
    case
        when has_history then epoch(taken_at) - epoch(written_at) - out_of_assign_seconds
    end as assign_seconds,
    case
        when has_history then epoch(found_at) - epoch(taken_at) - out_of_diagnose_seconds
    end as diagnose_seconds,
    case when has_history then held_seconds end as hold_seconds,
    case
        when has_history then
            epoch(ended_at) - epoch(found_at)
            - (out_seconds - out_of_assign_seconds - out_of_diagnose_seconds)
    end as resolve_seconds,
    case
        when closed_at is not null or out_seconds > held_seconds then
            epoch(shut_at) - epoch(ended_at) + out_seconds - held_seconds
    end as close_seconds,
    case when has_history then 0 else epoch(ended_at) - epoch(written_at) end as untold_seconds,
    epoch(shut_at) - epoch(coalesce(suffered_at, noticed_at, opened_at)) as total_seconds
from split;
