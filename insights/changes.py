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
ALIKE = 0.25  # how much of the wording of a change an incident's title shares
BY = ("type", "service", "resolver_group")


def write_changes(cursor: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Write `change_incidents` (change_id, ticket_id, is_linked, is_of_service, is_alike,
    seconds_after) and `change_lifts` (cut_by, value, changes, incidents, linked, expected, lift,
    low, high)."""
    window = {"window": policy.recurrence.change_window}
    cursor.execute(_PAIRS, window)
    pairs = cursor.sql("""
select change_id, ticket_id, change_title, ticket_title
from change_pairs
order by change_id, ticket_id""").pl()
    cursor.register("alike", _alike(pairs))
    cursor.execute("""
create or replace table change_incidents as
select
    change_pairs.change_id,
    change_pairs.ticket_id,
    is_linked,
    is_of_service,
    coalesce(alike.is_alike, false) as is_alike,
    seconds_after
from change_pairs
left join alike
    on alike.change_id = change_pairs.change_id
    and alike.ticket_id = change_pairs.ticket_id
order by change_pairs.change_id, change_pairs.ticket_id""")
    cursor.unregister("alike")
    counts = cursor.sql(_CONTROLS, params=window).pl()
    cursor.register("lifts", _lifts(counts))
    cursor.execute("create or replace table change_lifts as select * from lifts")
    cursor.unregister("lifts")


_PAIRS = """
create or replace temp table change_pairs as
select
    changes.change_id,
    ticket_lives.ticket_id,
    changes.title as change_title,
    ticket_lives.title as ticket_title,
    coalesce(caused_by_change = changes.change_id, false) as is_linked,
    coalesce(
        cast(ticket_lives.service as varchar) = changes.service
            and ticket_lives.opened_at >= changes.started_at
            and ticket_lives.opened_at
                <= coalesce(changes.ended_at, changes.started_at) + to_seconds($window),
        false
    ) as is_of_service,
    epoch(ticket_lives.opened_at) - epoch(coalesce(changes.ended_at, changes.started_at))
        as seconds_after
from changes
join ticket_lives
    on ticket_lives.kind = 'incident'
    and ticket_lives.state is distinct from 'cancelled'
    and (
        ticket_lives.caused_by_change = changes.change_id
        or (
            cast(ticket_lives.service as varchar) = changes.service
            and ticket_lives.opened_at >= changes.started_at
            and ticket_lives.opened_at
                <= coalesce(changes.ended_at, changes.started_at) + to_seconds($window)
        )
    )"""

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
        done.*,
        weeks,
        started_at + to_days(7 * weeks) as from_at,
        until_at + to_days(7 * weeks) as to_at
    from done
    cross join (select unnest([{", ".join(map(str, (0, *CONTROL_WEEKS)))}]) as weeks)
),

clean as (
    select shifted.*
    from shifted
    cross join data_span
    left join done as others
        on others.service = shifted.service
        and others.started_at < shifted.to_at
        and others.until_at > shifted.from_at
    where shifted.weeks = 0
        or (shifted.from_at >= first_at and shifted.to_at <= data_at)
    group by all
    having shifted.weeks = 0 or count(others.change_id) = 0
),

counted as (
    select
        clean.change_id,
        clean.type,
        clean.service,
        clean.resolver_group,
        clean.weeks,
        count(ticket_lives.ticket_id) as incidents,
        count(*) filter (where caused_by_change = clean.change_id) as linked
    from clean
    left join ticket_lives
        on cast(ticket_lives.service as varchar) = clean.service
        and ticket_lives.opened_at >= clean.from_at
        and ticket_lives.opened_at <= clean.to_at
        and ticket_lives.kind = 'incident'
        and ticket_lives.state is distinct from 'cancelled'
    group by all
)

select
    change_id,
    any_value(type) as type,
    any_value(service) as service,
    any_value(resolver_group) as resolver_group,
    cast(sum(incidents) filter (where weeks = 0) as double) as incidents,
    cast(sum(linked) filter (where weeks = 0) as double) as linked,
    cast(coalesce(sum(incidents) filter (where weeks <> 0), 0) as double) as control_incidents,
    count(*) filter (where weeks <> 0) as controls
from counted
group by change_id
order by change_id"""


def _alike(pairs: pl.DataFrame) -> pl.DataFrame:
    """Whether the texts of a pair are alike: change_id, ticket_id, is_alike."""
    from insights.vectors import letter_groups  # slow to import, and pages only read

    if pairs.is_empty():
        schema = {"change_id": pl.String, "ticket_id": pl.String, "is_alike": pl.Boolean}
        return pl.DataFrame(schema=schema)
    told = pl.concat([pairs["change_title"], pairs["ticket_title"]]).fill_null("")
    distinct, places = np.unique(
        word_sets(normalised(told)).to_numpy().astype(str), return_inverse=True
    )
    if not any(distinct):
        return pairs.select("change_id", "ticket_id", is_alike=pl.lit(value=False))
    rows = letter_groups(list(distinct))
    own, other = rows[places[: pairs.height]], rows[places[pairs.height :]]
    likeness = np.asarray(own.multiply(other).sum(axis=1)).ravel()
    return pairs.select("change_id", "ticket_id", is_alike=pl.Series(likeness >= ALIKE))


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
