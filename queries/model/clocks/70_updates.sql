-- The moments at which a ticket with an update promise was updated for its readers: public comments by people, or, where
-- a source exports none, every change of the record by a person.
create or replace temp table ticket_updates as
with talking_sources as (
    select distinct tickets.source
    from ticket_events
    join tickets on tickets.ticket_id = ticket_events.ticket_id
    where field = 'public_comment'
)
select distinct
    ticket_events.ticket_id,
    "at" as updated_at
from ticket_events
join tickets on tickets.ticket_id = ticket_events.ticket_id
left join talking_sources on talking_sources.source is not distinct from tickets.source
where (
        actor_role = 'agent'
        or (actor_role is null and actor is distinct from caller)
    )
    and (talking_sources.source is null or field = 'public_comment')
    and ticket_events.ticket_id in (
        select ticket_id
        from clock_candidates
        where clock = 'update'
            and sla_number is not null
    );

-- Update clocks begin anew at every update; their cycles count the updates of the ticket.
create or replace temp table update_candidates as
with promised as (
    select
        clock_candidates.*,
        least(stop_at, in_force_to_at) as end_at
    from clock_candidates
    where clock = 'update'
        and sla_number is not null
),
beginnings as (
    select
        * exclude (end_at),
        in_force_from_at as begin_at,
        end_at
    from promised
    union all
    select
        promised.* exclude (end_at),
        ticket_updates.updated_at,
        end_at
    from promised
    join ticket_updates
        on ticket_updates.ticket_id = promised.ticket_id
        and ticket_updates.updated_at > promised.in_force_from_at
        and ticket_updates.updated_at < coalesce(promised.end_at, promised.exported_at)
),
stretches as (
    select
        *,
        lead(begin_at) over (
            partition by ticket_id, sla_number, cycle, in_force_from_at
            order by begin_at
        ) as next_update_at,
        row_number() over (
            partition by ticket_id, sla_number
            order by begin_at
        ) as stretch
    from beginnings
)
select
    * exclude (begin_at, end_at, next_update_at, stretch) replace (
        stretch as cycle,
        begin_at as life_start_at,
        begin_at as in_force_from_at,
        coalesce(next_update_at, stop_at) as stop_at,
        case when next_update_at is null then in_force_to_at end as in_force_to_at,
        case
            when ticket_id not in (select ticket_id from ticket_events)
                then 'the export does not tell when it was updated'
            else unusable_reason
        end as unusable_reason
    )
from stretches;

delete from clock_candidates where clock = 'update';

insert into clock_candidates by name select * from update_candidates;
