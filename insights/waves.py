"""Waves as tables of a build: bursts of similar tickets, what changed before them, and how long it
took until somebody declared them."""

from __future__ import annotations

import duckdb
import polars as pl

from insights.bursts import FEWEST_TICKETS, FEWEST_TIMES, bursts
from policies.model import Policy


def write_waves(cursor: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Write `waves` (one row per wave) and `wave_tickets` (wave_id, ticket_id)."""
    rows = cursor.sql("""
select
    service,
    cluster_id,
    epoch(opened_at) as second
from told_tickets
where kind = 'incident'""").pl()
    cursor.register("found_waves", bursts(rows))
    cursor.execute(_MEMBERS, {"enough": FEWEST_TICKETS, "times": FEWEST_TIMES})
    cursor.execute(_DESCRIBED, {"window": policy.recurrence.change_window})
    cursor.unregister("found_waves")


# The tickets of each wave that belong to it: of its service, in its time, and of a wording that is
# more common among them than usual or of which there are many more than usual, or without one.
_MEMBERS = """
create or replace table wave_tickets as
with incidents as (
    select
        ticket_id,
        coalesce(cast(service as varchar), '') as service,
        cluster_id,
        epoch(opened_at) as second
    from told_tickets
    where kind = 'incident'
),

usual as (
    select
        service,
        cluster_id,
        count(*) as tickets,
        sum(count(*)) over (partition by service) as all_tickets
    from incidents
    where service in (select service from found_waves)
    group by service, cluster_id
),

own as (
    select
        found_waves.wave_id,
        incidents.ticket_id,
        incidents.service,
        incidents.cluster_id,
        found_waves.usual,
        count(*) over (partition by wave_id, cluster_id) as tickets,
        count(*) over (partition by wave_id) as all_tickets
    from incidents
    asof join found_waves
        on found_waves.service = incidents.service
        and incidents.second >= found_waves.start
    where incidents.second <= found_waves."end"
)

select
    own.wave_id,
    own.ticket_id
from own
left join usual
    on usual.service = own.service
    and usual.cluster_id = own.cluster_id
where own.cluster_id is null
    -- usual without the wave: a large one in a small service would be its own measure
    or own.tickets / own.all_tickets
        >= 2 * (usual.tickets - own.tickets) / greatest(usual.all_tickets - own.all_tickets, 1)
    or (
        own.tickets >= $enough
        and own.tickets >= $times * own.usual * usual.tickets / usual.all_tickets
    )
order by own.wave_id, own.ticket_id"""

_DESCRIBED = """
create or replace table waves as
with own as (
    select
        wave_tickets.wave_id,
        ticket_lives.ticket_id,
        ticket_lives.opened_at,
        is_major,
        parent_id,
        caused_by_change,
        title,
        count(cluster_id) over (partition by wave_id, cluster_id) as alike,
        count(title) over (partition by wave_id, lower(title)) as worded
    from wave_tickets
    join ticket_lives on ticket_lives.ticket_id = wave_tickets.ticket_id
    join told_tickets on told_tickets.ticket_id = wave_tickets.ticket_id
),

sized as (
    select
        wave_id,
        count(*) as tickets,
        min(opened_at) as started_at,
        max(opened_at) as ended_at,
        -- what most of them are about, in the words that most of these use, else the first
        arg_max(title, (alike, worded, -epoch(opened_at), ticket_id)) as title,
        mode(caused_by_change order by caused_by_change) as linked_change
    from own
    group by wave_id
    having count(*) >= 5
),

heads as (
    select distinct
        own.wave_id,
        heads.ticket_id,
        heads.number,
        heads.opened_at
    from own
    join tickets as heads
        on (heads.ticket_id = own.ticket_id and heads.is_major)
        or heads.ticket_id = own.parent_id
),

-- The history of the head says when it was marked, else when it was raised to P1. Where it says
-- nothing, the head was what it is from its opening on.
told as (
    select
        heads.wave_id,
        heads.ticket_id,
        heads.number,
        heads.opened_at,
        min(events."at") filter (where events.field = 'is_major') as marked_at,
        min(events."at") filter (where events.field = 'priority') as raised_at
    from heads
    left join ticket_events as events
        on events.ticket_id = heads.ticket_id
        and (
            (events.field = 'is_major' and lower(events.new) in ('true', '1', 'yes'))
            or (events.field = 'priority' and events.new = 'P1' and events.old <> 'P1')
        )
    group by heads.wave_id, heads.ticket_id, heads.number, heads.opened_at
),

declared as (
    select
        wave_id,
        arg_min(number, coalesce(marked_at, raised_at, opened_at)) as declared_number,
        min(coalesce(marked_at, raised_at, opened_at)) as declared_at,
        arg_min(
            case
                when marked_at is not null then 'marked major'
                when raised_at is not null then 'raised to P1'
                else 'opened'
            end,
            coalesce(marked_at, raised_at, opened_at)
        ) as declared_by
    from told
    group by wave_id
),

nearby as (
    select
        sized.wave_id,
        changes.change_id,
        changes.number,
        coalesce(changes.ended_at, changes.started_at) as done_at,
        row_number() over (
            partition by sized.wave_id
            order by
                changes.change_id is not distinct from sized.linked_change desc,
                coalesce(changes.ended_at, changes.started_at) desc,
                changes.change_id
        ) as place,
        changes.change_id is not distinct from sized.linked_change as is_linked
    from sized
    join found_waves on found_waves.wave_id = sized.wave_id
    join changes
        on changes.change_id = sized.linked_change
        or (
            cast(changes.service as varchar) = found_waves.service
            and changes.started_at <= sized.started_at
            and coalesce(changes.ended_at, changes.started_at)
                >= sized.started_at - to_seconds($window)
        )
)

select
    sized.wave_id,
    nullif(found_waves.service, '') as service,
    sized.title,
    sized.started_at,
    sized.ended_at,
    epoch(sized.ended_at) - epoch(sized.started_at) as seconds,
    sized.tickets,
    found_waves.q,
    declared_number,
    declared_by,
    -- greatest skips what is missing
    case
        when declared_at is not null then
            greatest(epoch(declared_at) - epoch(sized.started_at), 0) / 60
    end as minutes_to_declared,
    declared_number is null as is_major_candidate,
    nearby.change_id,
    nearby.number as change_number,
    nearby.is_linked as change_is_linked,
    (epoch(sized.started_at) - epoch(nearby.done_at)) / 60 as minutes_after_change
from sized
join found_waves on found_waves.wave_id = sized.wave_id
left join declared on declared.wave_id = sized.wave_id
left join nearby on nearby.wave_id = sized.wave_id and nearby.place = 1
order by sized.started_at, sized.wave_id"""


_WAVES = """
select * replace (
    cast(round(minutes_to_declared) as bigint) as minutes_to_declared,
    cast(round(minutes_after_change) as bigint) as minutes_after_change
)
from waves
order by tickets desc, wave_id"""


def waves(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """The waves of the build, the largest first, in whole minutes."""
    with connection.cursor() as cursor:
        return cursor.sql(_WAVES).pl()


def tickets_of(connection: duckdb.DuckDBPyConnection, wave_id: str) -> pl.DataFrame:
    """The tickets of a wave, the first first: ticket_id, number, title, minutes_after (whole, from
    the first one), priority, opened_at, state, resolver_group."""
    with connection.cursor() as cursor:
        return cursor.sql(
            """
select
    ticket_lives.ticket_id,
    number,
    title,
    cast(round((epoch(opened_at) - epoch(min(opened_at) over ())) / 60) as bigint) as minutes_after,
    priority,
    opened_at,
    state,
    resolver_group
from wave_tickets
join ticket_lives on ticket_lives.ticket_id = wave_tickets.ticket_id
where wave_id = $wave_id
order by opened_at, ticket_lives.ticket_id""",
            params={"wave_id": wave_id},
        ).pl()
