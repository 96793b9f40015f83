"""Incidents after changes: by link, by service and time, by likeness of texts, and how many more
they are than without a change.

The incidents of a service from the start of a change until the policy's window after its end are
compared with those of the same hours of the same weekdays one to four weeks before and after, where
no other change of the service was under way. Lift is observed over expected, with the exact 95 %
interval of a ratio of two Poisson counts.
"""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl

from insights.texts import normalised, word_sets
from policies.model import Policy

CONTROL_WEEKS = (-4, -3, -2, -1, 1, 2, 3, 4)
PAIRS_AT_ONCE = 100_000
ALIKE = 0.25  # how much of the wording of a change an incident's title shares
BY = ("type", "service", "resolver_group")


def write_changes(cursor: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Write `change_incidents` (change_id, ticket_id, is_linked, is_of_service, is_alike,
    seconds_after) and `change_lifts` (cut_by, value, changes, incidents, linked, expected, lift,
    low, high)."""
    window = {"window": policy.recurrence.change_window}
    cursor.execute(_PAIRS, window)
    titles = cursor.sql("""
select change_title as title from change_pairs
union
select ticket_title as title from change_pairs
order by title""").pl()
    told = titles.with_columns(words=word_sets(normalised(titles["title"])))
    cursor.register("pair_titles", told)
    pairs = cursor.sql(_WORDS).pl()
    cursor.register("alike", pairs.filter(_alike(pairs)))
    cursor.execute(_INCIDENTS)
    cursor.unregister("pair_titles")
    cursor.unregister("alike")
    counts = cursor.sql(_CONTROLS, params=window).pl()
    cursor.register("lifts", _lifts(counts))
    cursor.execute("create or replace table change_lifts as select * from lifts")
    cursor.unregister("lifts")


# Days stand for the window in the join: else every ticket of a service would meet its every change.
_PAIRS = """
create or replace temp table change_pairs as
with incidents as (
    select
        ticket_id,
        cast(service as varchar) as service,
        opened_at,
        caused_by_change,
        title
    from ticket_lives
    where kind = 'incident'
        and state is distinct from 'cancelled'
),

done as (
    select
        change_id,
        service,
        title,
        started_at,
        coalesce(ended_at, started_at) as done_at,
        coalesce(ended_at, started_at) + to_seconds($window) as until_at
    from changes
),

days as (
    select
        change_id,
        service,
        unnest(range(
            date_trunc('day', started_at)::timestamp,
            until_at + interval 1 microsecond,
            interval 1 day
        )) as day
    from done
    where started_at is not null
        and service is not null
),

of_service as (
    select done.change_id, incidents.ticket_id
    from days
    join incidents
        on incidents.service = days.service
        and date_trunc('day', incidents.opened_at)::timestamp = days.day
    join done
        on done.change_id = days.change_id
        and incidents.opened_at >= done.started_at
        and incidents.opened_at <= done.until_at
),

found as (
    select
        change_id,
        ticket_id,
        bool_or(is_linked) as is_linked,
        bool_or(not is_linked) as is_of_service
    from (
        select change_id, ticket_id, false as is_linked
        from of_service
        union all
        select done.change_id, incidents.ticket_id, true as is_linked
        from done
        join incidents on incidents.caused_by_change = done.change_id
    )
    group by change_id, ticket_id
)

select
    found.change_id,
    found.ticket_id,
    coalesce(done.title, '') as change_title,
    coalesce(incidents.title, '') as ticket_title,
    found.is_linked,
    found.is_of_service,
    epoch(incidents.opened_at) - epoch(done.done_at) as seconds_after
from found
join done on done.change_id = found.change_id
join incidents on incidents.ticket_id = found.ticket_id"""

# A hundred thousand pairs have few wordings between them.
_WORDS = """
select distinct
    own.words as change_words,
    others.words as ticket_words
from change_pairs
join pair_titles as own on own.title = change_pairs.change_title
join pair_titles as others on others.title = change_pairs.ticket_title
order by change_words, ticket_words"""

_INCIDENTS = """
create or replace table change_incidents as
select
    change_pairs.change_id,
    change_pairs.ticket_id,
    is_linked,
    is_of_service,
    alike.ticket_words is not null as is_alike,
    seconds_after
from change_pairs
join pair_titles as own on own.title = change_pairs.change_title
join pair_titles as others on others.title = change_pairs.ticket_title
left join alike
    on alike.change_words = own.words
    and alike.ticket_words = others.words
order by change_pairs.change_id, change_pairs.ticket_id"""

# What lies within a window is counted from the numbers seen until its two ends, and whether any
# other change was under way from the latest end among those that began before the window's.
_CONTROLS = f"""
with done as (
    select
        change_id,
        type,
        service,
        resolver_group,
        started_at,
        coalesce(ended_at, started_at) + to_seconds($window) as until_at
    from changes
    where started_at is not null
        and service is not null
),

shifted as (
    select
        change_id,
        service,
        weeks,
        started_at + to_days(7 * weeks) as from_at,
        until_at + to_days(7 * weeks) as to_at
    from done
    cross join (select unnest([{", ".join(map(str, (0, *CONTROL_WEEKS)))}]) as weeks)
),

under_way as (
    select
        service,
        started_at,
        max(max(until_at)) over (partition by service order by started_at) as until_at
    from done
    group by service, started_at
),

clean as (
    select shifted.*
    from shifted
    cross join data_span
    asof left join under_way as others
        on others.service = shifted.service
        and others.started_at < shifted.to_at
    where shifted.weeks = 0
        or (
            shifted.from_at >= first_at
            and shifted.to_at <= data_at
            and coalesce(others.until_at <= shifted.from_at, true)
        )
),

seen as (
    select
        cast(service as varchar) as service,
        opened_at,
        sum(count(*)) over (partition by service order by opened_at) as incidents
    from ticket_lives
    where kind = 'incident'
        and state is distinct from 'cancelled'
        and cast(service as varchar) in (select service from done)
    group by service, opened_at
),

counted as (
    select
        clean.change_id,
        clean.weeks,
        coalesce(until_end.incidents, 0) - coalesce(before.incidents, 0) as incidents
    from clean
    asof left join seen as until_end
        on until_end.service = clean.service
        and until_end.opened_at <= clean.to_at
    asof left join seen as before
        on before.service = clean.service
        and before.opened_at < clean.from_at
),

linked as (
    select change_id, count(*) as linked
    from change_pairs
    where is_linked
        and is_of_service
    group by change_id
),

summed as (
    select
        change_id,
        sum(incidents) filter (where weeks = 0) as incidents,
        coalesce(sum(incidents) filter (where weeks <> 0), 0) as control_incidents,
        count(*) filter (where weeks <> 0) as controls
    from counted
    group by change_id
)

select
    done.change_id,
    done.type,
    done.service,
    done.resolver_group,
    cast(summed.incidents as double) as incidents,
    cast(coalesce(linked.linked, 0) as double) as linked,
    cast(summed.control_incidents as double) as control_incidents,
    summed.controls
from summed
join done on done.change_id = summed.change_id
left join linked on linked.change_id = summed.change_id
order by done.change_id"""


def _alike(pairs: pl.DataFrame) -> pl.Series:
    """Whether the words of a change and a ticket are alike, for each row of both."""
    from insights.vectors import letter_groups  # slow to import, and pages only read

    told = pl.concat([pairs["change_words"], pairs["ticket_words"]]).unique().sort()
    if not any(told):
        return pl.repeat(value=False, n=pairs.height, dtype=pl.Boolean, eager=True)
    rows = letter_groups(told.to_list())
    places = pl.DataFrame({"words": told}).with_row_index("place")
    found = []
    for part in pairs.iter_slices(PAIRS_AT_ONCE):
        own, others = (
            part.select(words=name)
            .join(places, on="words", how="left", maintain_order="left")["place"]
            .to_numpy()
            for name in ("change_words", "ticket_words")
        )
        found.append(np.asarray(rows[own].multiply(rows[others]).sum(axis=1)).ravel() >= ALIKE)
    return pl.Series(np.concatenate(found))


def _lifts(counts: pl.DataFrame) -> pl.DataFrame:
    """Lift over all changes and by each of `BY`. Changes without a control window are left out."""
    judged = counts.filter(pl.col("controls") > 0)
    parts = [_lift(judged, "all", pl.lit("all"))]
    parts += [_lift(judged, name, pl.col(name).fill_null("(none)")) for name in BY]
    return pl.concat(parts)


def _lift(judged: pl.DataFrame, name: str, value: pl.Expr) -> pl.DataFrame:
    """A change with fewer controls weighs as much: its observed hours count once per control."""
    from scipy import special  # slow to import, and pages only read

    grouped = (
        judged.with_columns(value=value.cast(pl.String))
        .group_by("value")
        .agg(
            changes=pl.len().cast(pl.Int64),
            incidents=pl.col("incidents").sum().cast(pl.Int64),
            linked=pl.col("linked").sum().cast(pl.Int64),
            expected=(pl.col("control_incidents") / pl.col("controls")).sum(),
            control_incidents=pl.col("control_incidents").sum().cast(pl.Int64),
        )
        .sort("incidents", "value", descending=[True, False])
    )
    seen = grouped["incidents"].to_numpy().astype(float)
    others = grouped["control_incidents"].to_numpy().astype(float)
    expected = grouped["expected"].to_numpy().astype(float)
    # observed over (observed + control) is binomial; its limits become those of the ratio
    low = special.betaincinv(seen, others + 1, 0.025)
    high = special.betaincinv(seen + 1, others, 0.975)
    low = np.where(seen > 0, low, 0.0)
    known = (others > 0) & (expected > 0)
    weight = np.where(known, others / np.where(known, expected, 1), np.nan)
    limits = [np.where(known, share / (1 - share) * weight, np.nan) for share in (low, high)]
    lift = np.where(known, seen / np.where(known, expected, 1), np.nan)
    return grouped.select(
        pl.lit(name).alias("cut_by"),
        "value",
        "changes",
        "incidents",
        "linked",
        "expected",
        lift=pl.Series(lift).fill_nan(None),
        low=pl.Series(limits[0]).fill_nan(None),
        high=pl.Series(limits[1]).fill_nan(None),
    )


def lifts(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """`change_lifts`: all changes first, then by type, service and group."""
    with connection.cursor() as cursor:
        return cursor.sql("select * from change_lifts").pl()


def changes(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Each change that was done, with the incidents after it, most linked ones first."""
    with connection.cursor() as cursor:
        return cursor.sql("""
select
    changes.change_id,
    changes.number,
    changes.title,
    changes.type,
    changes.service,
    changes.resolver_group,
    changes.outcome,
    changes.started_at,
    changes.ended_at,
    count(change_incidents.ticket_id) as incidents_after,
    count(*) filter (where is_linked) as linked,
    count(*) filter (where is_alike) as alike
from changes
left join change_incidents on change_incidents.change_id = changes.change_id
where changes.started_at is not null
group by all
order by linked desc, alike desc, incidents_after desc, changes.change_id""").pl()


def incidents_of(connection: duckdb.DuckDBPyConnection, change_id: str) -> pl.DataFrame:
    """The incidents after a change: ticket_id, number, title, priority, opened_at, is_linked,
    is_of_service, is_alike, minutes_after."""
    with connection.cursor() as cursor:
        return cursor.sql(
            """
select
    ticket_lives.ticket_id,
    number,
    title,
    priority,
    opened_at,
    is_linked,
    is_of_service,
    is_alike,
    seconds_after / 60 as minutes_after
from change_incidents
join ticket_lives on ticket_lives.ticket_id = change_incidents.ticket_id
where change_incidents.change_id = $change_id
order by is_linked desc, opened_at, ticket_lives.ticket_id""",
            params={"change_id": change_id},
        ).pl()
