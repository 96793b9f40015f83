-- One row per problem that is known of: of the exported problems, of the tickets that are problems
-- themselves, and of the numbers that tickets carry and no export tells of, which have no end.
create or replace view problem_records as
with told as (
    select
        problem_id,
        number,
        opened_at,
        coalesce(resolved_at, closed_at) as ended_at,
        is_known_error
    from problems
    union all
    select
        ticket_id as problem_id,
        number,
        opened_at,
        coalesce(resolved_at, closed_at) as ended_at,
        null as is_known_error
    from tickets
    anti join problems on problems.problem_id = tickets.ticket_id
    where kind = 'problem'
)

select *
from told
union all
select distinct
    tickets.problem_id,
    regexp_replace(tickets.problem_id, '^[^:]*:', '') as number,
    null as opened_at,
    null as ended_at,
    null as is_known_error
from tickets
anti join told on told.problem_id = tickets.problem_id
where tickets.problem_id is not null;
