-- One row per ticket with a history for which the policy expects an escalation: by when (due_at),
-- and when it was first handed over to another group or raised in priority (escalated_at).
create or replace table escalations as
with moves as (
    select
        ticket_id,
        min("at") filter (
            (field = 'resolver_group' and old is not null and new is not null and old <> new)
            or (field = 'priority' and old is not null and new < old)
        ) as escalated_at
    from ticket_events
    group by ticket_id
)
select
    expected_escalations.ticket_id,
    expected_escalations.opened_at,
    expected_escalations.opened_at + to_seconds(after_seconds) as due_at,
    escalated_at,
    coalesce(clock_cycles.stop_at, counted_tickets.finished_at) as finished_at,
    expected_escalations.exported_at
from expected_escalations
join moves on moves.ticket_id = expected_escalations.ticket_id
join counted_tickets on counted_tickets.ticket_id = expected_escalations.ticket_id
left join clock_cycles
    on clock_cycles.ticket_id = expected_escalations.ticket_id
    and clock_cycles.cycle = 1;
