-- One row per ticket that has a history: what its events say beside its last export.
create or replace table event_facts as
select
    ticket_id,
    -- first sign that somebody has it; a comment that a machine wrote is none
    min("at") filter (
        (field = 'assignee' and new is not null)
        or (
            field = 'state'
            and new not in ('new', 'unknown')
            and actor_role is distinct from 'system'
        )
        or (field = 'public_comment' and actor_role = 'agent')
    ) as acknowledged_at,
    max("at") filter (field = 'state' and new = 'resolved') as resolved_at,
    -- who resolved it, known or not; an automatic closing days later resolves nothing
    coalesce(
        arg_max({'role': actor_role}, ("at", sequence)) filter (
            field = 'state' and new = 'resolved'
        ),
        arg_max({'role': actor_role}, ("at", sequence)) filter (field = 'state' and new = 'closed')
    )['role'] as resolver_role,
    -- comments alone, or a tool that knows no groups, tell nothing of reopenings or hand-overs
    bool_or(field = 'state') as tells_states,
    case
        when bool_or(field = 'resolver_group') then
            count(*) filter (
                field = 'resolver_group' and old is not null and new is not null and old <> new
            )
    end as reassignments
from ticket_events
group by ticket_id;
