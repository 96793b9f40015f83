-- One row per ticket with any sign of an answer: when a person first answered in public, and what
-- tells so: events, columns, or assignment (where the policy takes it for want of answers).
create or replace temp table first_responses as
with comments as (
    select
        ticket_events.ticket_id,
        min("at") filter (
            actor_role = 'agent'
            or (
                actor_role is null
                and actor is distinct from caller
                and coalesce(lower(actor), '') not in ('system', 'automation', 'workflow', 'bot')
            )
        ) as answered_at,
        list("at") filter (actor_role = 'system') as automatic
    from ticket_events
    join tickets on tickets.ticket_id = ticket_events.ticket_id
    where field = 'public_comment'
    group by ticket_events.ticket_id
),
assignments as (
    select
        ticket_events.ticket_id,
        min("at") as assigned_at
    from ticket_events
    cross join definitions
    where definitions.response_from_assignment
        and actor_role is distinct from 'system'
        and (
            (field = 'assignee' and new is not null)
            or (field = 'state' and new not in ('new', 'unknown'))
        )
    group by ticket_events.ticket_id
),
signs as (
    select
        tickets.ticket_id,
        answered_at,
        case
            when not coalesce(list_contains(automatic, first_response_at), false)
                then first_response_at
        end as told_at,
        case when silent_sources.source is not null then assigned_at end as assigned_at
    from tickets
    left join comments on comments.ticket_id = tickets.ticket_id
    left join assignments on assignments.ticket_id = tickets.ticket_id
    left join silent_sources on silent_sources.source is not distinct from tickets.source
    where answered_at is not null
        or first_response_at is not null
        or assigned_at is not null
)
select
    ticket_id,
    coalesce(answered_at, told_at, assigned_at) as response_at,
    case
        when answered_at is not null then 'events'
        when told_at is not null then 'columns'
        else 'assignment'
    end as basis
from signs
where coalesce(answered_at, told_at, assigned_at) is not null;
