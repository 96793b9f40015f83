"""Waves: more similar tickets in a short time than the hour of the week explains.

Every cluster of similar tickets and every service is scanned: from each of its tickets on, the
tickets within one, two, four and eight hours are counted, and compared with what the service has in
those hours of the week, at the level of the weeks around. Poisson probabilities of all these looks
are corrected together by Benjamini-Hochberg at `FALSE_DISCOVERIES`; windows of one service that
touch are one wave.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl
from scipy import special

from policies.model import Policy

FALSE_DISCOVERIES = 0.01
WINDOW_HOURS = (1, 2, 4, 8)
FEWEST_TICKETS = 5
FEWEST_TIMES = 3.0  # as many as expected
HOUR, DAY, WEEK = 3_600.0, 86_400.0, 604_800.0
LEVEL_DAYS = 21  # on either side: what the level of a service is measured over


@dataclass(frozen=True)
class _Baseline:
    """What a service has by the hour of the week, and how its level moves."""

    cumulated: np.ndarray
    times: np.ndarray

    @staticmethod
    def of(times: np.ndarray) -> _Baseline:
        hours = ((times % WEEK) // HOUR).astype(int)
        weeks = max((times[-1] - times[0]) / WEEK, 1.0)
        counts = np.bincount(hours, minlength=168).astype(float)
        # neighbouring hours lend each other some, else one rare hour would make any ticket odd
        smooth = (counts + 0.5 * (np.roll(counts, 1) + np.roll(counts, -1))) / 2
        return _Baseline(np.concatenate([[0.0], np.cumsum(smooth)]) / weeks, times)

    def level(self, start: np.ndarray) -> np.ndarray:
        """How many times the usual the service has in the weeks around each start."""
        level_from, level_to = start - LEVEL_DAYS * DAY, start + LEVEL_DAYS * DAY
        level_from = np.maximum(level_from, self.times[0])
        level_to = np.minimum(level_to, self.times[-1])
        there = np.searchsorted(self.times, level_to, "right")
        there = there - np.searchsorted(self.times, level_from, "left")
        usual = np.maximum(self.until(level_to) - self.until(level_from), 1.0)
        return np.clip(there / usual, 0.5, 4.0)

    def until(self, at: np.ndarray) -> np.ndarray:
        weeks, rest = np.divmod(at, WEEK)
        return weeks * self.cumulated[-1] + np.interp(rest / HOUR, np.arange(169), self.cumulated)


def write_waves(cursor: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Write `waves` (one row per wave) and `wave_tickets` (wave_id, ticket_id)."""
    rows = cursor.sql("""
select
    coalesce(cast(service as varchar), '') as service,
    cluster_id,
    epoch(opened_at) as second
from told_tickets
where kind = 'incident'""").pl()
    cursor.register("found_waves", _merged(_scanned(rows)))
    cursor.execute(_MEMBERS)
    cursor.execute(_DESCRIBED, {"window": policy.recurrence.change_window})
    cursor.unregister("found_waves")


def _scanned(rows: pl.DataFrame) -> pl.DataFrame:
    """Every look at every cluster and service that shows too many tickets: service, cluster_id,
    start, end, expected, q."""
    looks: list[pl.DataFrame] = []
    looked_at = 0
    for service, own in rows.sort("second").group_by("service", maintain_order=True):
        times = own["second"].to_numpy()
        if len(times) < FEWEST_TICKETS:
            continue
        baseline = _Baseline.of(times)
        groups = [(None, times)]
        clusters = own.drop_nulls("cluster_id").group_by("cluster_id", maintain_order=True)
        groups += [(str(name[0]), each["second"].to_numpy()) for name, each in clusters]
        for cluster, seconds in groups:
            if len(seconds) < FEWEST_TICKETS:
                continue
            level = baseline.level(seconds) * (len(seconds) / len(times))
            before = baseline.until(seconds)
            for hours in WINDOW_HOURS:
                looked_at += len(seconds)
                usual = (baseline.until(seconds + hours * HOUR) - before) * level
                look = _look(seconds, np.maximum(usual, 1e-6), hours * HOUR)
                if look is not None:
                    looks.append(
                        look.with_columns(
                            service=pl.lit(str(service[0])), cluster_id=pl.lit(cluster, pl.String)
                        )
                    )
    if not looks:
        schema = {"start": pl.Float64, "end": pl.Float64, "expected": pl.Float64}
        return pl.DataFrame(schema=schema | {"q": pl.Float64, "service": pl.String})
    found = pl.concat(looks).sort("p", "service", "start", "end")
    ranks = pl.int_range(1, pl.len() + 1)
    found = found.with_columns(q=(pl.col("p") * looked_at / ranks).reverse().cum_min().reverse())
    return found.filter(pl.col("q") <= FALSE_DISCOVERIES)


def _look(seconds: np.ndarray, expected: np.ndarray, window: float) -> pl.DataFrame | None:
    """The windows of one length that begin at a ticket and hold too many others."""
    last = np.searchsorted(seconds, seconds + window, "right")
    count = last - np.arange(len(seconds))
    many = np.flatnonzero((count >= FEWEST_TICKETS) & (count >= FEWEST_TIMES * expected))
    if not len(many):
        return None
    # the first ticket opens the window, so only the others are by chance
    p = special.gammainc(count[many] - 1, expected[many])
    odd = p < FALSE_DISCOVERIES
    places = many[odd]
    return pl.DataFrame(
        {
            "start": seconds[places],
            "end": seconds[last[places] - 1],
            "expected": expected[places],
            "p": np.maximum(p[odd], 1e-300),
        }
    )


def _merged(looks: pl.DataFrame) -> pl.DataFrame:
    """Windows of one service that touch are one: wave, service, start, end, q."""
    waves: list[dict[str, object]] = []
    last: dict[str, float] = {}
    for look in looks.sort("service", "start", "end").iter_rows(named=True):
        service = look["service"]
        if service in last and look["start"] <= last[service] + HOUR:
            wave = waves[-1]
            last[service] = max(last[service], look["end"])
            wave["end"] = last[service]
            wave["q"] = min(float(str(wave["q"])), look["q"])
        else:
            waves.append({"service": service} | {n: look[n] for n in ("start", "end", "q")})
            last[service] = look["end"]
    schema = {"service": pl.String, "start": pl.Float64, "end": pl.Float64, "q": pl.Float64}
    found = pl.DataFrame(waves, schema=schema)
    return found.with_columns(
        wave_id="v"
        + pl.from_epoch(pl.col("start").cast(pl.Int64)).dt.strftime("%Y%m%d%H%M")
        + pl.col("service").rank("dense").cast(pl.String)
    )


# The tickets of each wave that belong to it: of its service, in its time, and of a wording that is
# more common then than usual, or without a wording.
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
order by own.wave_id, own.ticket_id"""

_DESCRIBED = """
create or replace table waves as
with own as (
    select
        wave_tickets.wave_id,
        ticket_lives.ticket_id,
        opened_at,
        is_major,
        parent_id,
        caused_by_change,
        cluster_id,
        title
    from wave_tickets
    join ticket_lives on ticket_lives.ticket_id = wave_tickets.ticket_id
    left join ticket_clusters on ticket_clusters.ticket_id = wave_tickets.ticket_id
),

sized as (
    select
        wave_id,
        count(*) as tickets,
        min(opened_at) as started_at,
        max(opened_at) as ended_at,
        mode(cluster_id) as cluster_id,
        arg_min(title, (opened_at, ticket_id)) as first_title,
        mode(caused_by_change) as linked_change
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
    coalesce(text_clusters.medoid_title, sized.first_title) as title,
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
left join text_clusters on text_clusters.cluster_id = sized.cluster_id
left join declared on declared.wave_id = sized.wave_id
left join nearby on nearby.wave_id = sized.wave_id and nearby.place = 1
order by sized.started_at, sized.wave_id"""


def waves(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """The waves of the build, the largest first."""
    with connection.cursor() as cursor:
        return cursor.sql("select * from waves order by tickets desc, wave_id").pl()
