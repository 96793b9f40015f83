"""The candidates as they stand: what the build computed, with what people decided since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

import duckdb
import polars as pl

from insights.decisions import Action, Decision, Standing, decide, decisions, standing
from insights.evidence import evidence_of
from insights.rhythm_rows import RHYTHM_TYPES, Openings, rhythm_rows
from policies.model import Policy
from policies.refusal import Refused

Order = Literal["cost", "rhythm"]

COLUMNS = (
    "candidate_id", "name", "basis", "title", "terms", "tickets", "first_at", "last_at",
    "working_hours", "cost", "share_of_hours", "running_share", "callers", "service", "trend",
    "recent_tickets", "earlier_tickets", "share_with_problem", "problem_state", "problems",
    "similar_problem", "resolver_groups", "resolutions", "is_rhythmic", "kind", "period_days",
    "spread_days", "weekday", "day_of_month", "hour", "q", "regularity", "occurrences",
    "next_from_at", "next_to_at", "missed", "ended_at", "dismissed",
    "part_of",
)  # fmt: skip

MOST_MARKS, MOST_DAYS = 1_000, 400  # on a line as wide as a page: more of them touch
OPENINGS = """
with lives as (
    select
        members.candidate_id,
        ticket_lives.ticket_id,
        number,
        title,
        opened_at,
        count(*) over own as tickets,
        date_diff('day', min(opened_at) over own, max(opened_at) over own) as days
    from members
    join ticket_lives on ticket_lives.ticket_id = members.ticket_id
    window own as (partition by members.candidate_id)
)

select
    candidate_id,
    first(ticket_id order by opened_at, ticket_id) as ticket_id,
    first(number order by opened_at, ticket_id) as number,
    first(title order by opened_at, ticket_id) as title,
    min(opened_at) as opened_at,
    max(opened_at) as last_at,
    count(*) as tickets
from lives
group by
    candidate_id,
    case
        when lives.tickets <= $most then ticket_id
        when days <= $most_days then cast(cast(opened_at as date) as varchar)
        else cast(date_trunc('week', opened_at) as varchar)
    end
order by opened_at, number
"""


def candidates(
    connection: duckdb.DuckDBPyConnection,
    kept: Path,
    policy: Policy,
    order: Order = "cost",
    *,
    with_dismissed: bool = False,
) -> pl.DataFrame:
    """One row per candidate, `COLUMNS`.

    By cost: the working hours of its tickets, with each one's share of all hours and the running
    share of a Pareto; candidates that only a rhythm made are left out, as others hold their
    tickets. By rhythm: the rhythmic ones, the most regular first, those that a larger one holds
    left out.
    """
    now = standing(decisions(kept))
    with connection.cursor() as cursor:
        refuse_without(cursor)
        rows = cursor.sql("select * from candidates order by candidate_id").pl()
        rows = _with_newer_columns(rows)
        rows = _as_decided(cursor, rows, now, policy)
    names = pl.col("candidate_id").replace_strict(now.names, default=None, return_dtype=pl.String)
    dismissed = pl.col("candidate_id").replace_strict(
        now.dismissed, default=None, return_dtype=pl.String
    )
    rows = rows.with_columns(name=pl.coalesce(names, "title"), dismissed=dismissed)
    price = pl.lit(policy.recurrence.cost_per_hour, pl.Float64)
    rows = rows.with_columns(cost=pl.col("working_hours") * price)
    if not with_dismissed:
        rows = rows.filter(pl.col("dismissed").is_null())
    return (_by_cost(rows) if order == "cost" else _by_rhythm(rows)).select(COLUMNS)


def _with_newer_columns(rows: pl.DataFrame) -> pl.DataFrame:
    """With the columns that a build of an earlier version has not, empty."""
    newer = {"part_of": pl.String, "ended_at": pl.Datetime("us")}
    return rows.with_columns(
        pl.lit(None, kind).alias(name) for name, kind in newer.items() if name not in rows.columns
    )


def candidate(
    connection: duckdb.DuckDBPyConnection, kept: Path, policy: Policy, name: str
) -> dict[str, object]:
    """One candidate by its id; Refused where there is none."""
    for order in ("cost", "rhythm"):
        rows = candidates(connection, kept, policy, order, with_dismissed=True)
        found = rows.filter(pl.col("candidate_id") == name)
        if not found.is_empty():
            return found.row(0, named=True)
    now = standing(decisions(kept))
    if name in now.merged_into:
        raise Refused(f"{name} is part of candidate {now.whole(name)} now: open that one.")
    if name in now.split_by:
        raise Refused(f"{name} is split by {now.split_by[name]}: the list has its parts, {name}/….")
    raise Refused(f"There is no candidate {name}: `meantime candidates` lists them.")


def candidate_called(
    connection: duckdb.DuckDBPyConnection, kept: Path, policy: Policy, said: str
) -> str:
    """The id of the candidate with this id, or else this name; Refused for none and for several."""
    said = " ".join(said.split())
    found: set[str] = set()
    for order in ("cost", "rhythm"):
        rows = candidates(connection, kept, policy, order, with_dismissed=True)
        if said in rows["candidate_id"]:
            return said
        found |= {*rows.filter(pl.col("name").str.to_lowercase() == said.lower())["candidate_id"]}
    if len(found) == 1:
        return found.pop()
    if found:
        raise Refused(
            f"Several candidates are called {said}: say which of {', '.join(sorted(found))}."
        )
    raise Refused(f"There is no candidate {said}: `meantime candidates` lists them.")


def decide_on(
    connection: duckdb.DuckDBPyConnection,
    kept: Path,
    policy: Policy,
    decision: tuple[str, Action, str],
    who: str,
) -> Decision:
    """Keep a decision (candidate, action, value) about a candidate that there is; the one that it
    is merged into may be told by its name."""
    name, action, value = decision
    if not _takes_split_back(kept, decision):
        candidate(connection, kept, policy, name)
    if action == "merge":
        value = candidate_called(connection, kept, policy, value)
    return decide(kept, who, name, action, value)


def _takes_split_back(kept: Path, decision: tuple[str, Action, str]) -> bool:
    """Whether a decision is about a candidate that is there no more but for its parts."""
    name, action, value = decision
    return action == "split" and not value.strip() and name in standing(decisions(kept)).split_by


def tickets_of(connection: duckdb.DuckDBPyConnection, kept: Path, name: str) -> pl.DataFrame:
    """The tickets of a candidate, newest first: ticket_id, number, title, priority, service,
    resolver_group, resolution_code, opened_at, resolved_at, problem_id."""
    now = standing(decisions(kept))
    with connection.cursor() as cursor:
        refuse_without(cursor)
        cursor.register("members", _members(cursor, now, [name]))
        return cursor.sql("""
select
    ticket_lives.ticket_id,
    number,
    title,
    priority,
    service,
    resolver_group,
    resolution_code,
    opened_at,
    resolved_at,
    problem_id
from members
join ticket_lives on ticket_lives.ticket_id = members.ticket_id
order by opened_at desc, ticket_lives.ticket_id""").pl()


def openings(
    connection: duckdb.DuckDBPyConnection, kept: Path, names: Sequence[str]
) -> pl.DataFrame:
    """When the tickets of some candidates were opened, in order of time: candidate_id,
    ticket_id, number, title, opened_at, last_at, tickets.

    One row a ticket; of a candidate with more than `MOST_MARKS` one row a day, or a week where it
    comes for more than `MOST_DAYS`: it stands for `tickets` of them until `last_at`
    and names the first.
    """
    now = standing(decisions(kept))
    with connection.cursor() as cursor:
        refuse_without(cursor)
        cursor.register("members", _members(cursor, now, names))
        return cursor.sql(OPENINGS, params={"most": MOST_MARKS, "most_days": MOST_DAYS}).pl()


def held_tickets(connection: duckdb.DuckDBPyConnection, kept: Path) -> pl.DataFrame:
    """candidate_id and ticket_id of every candidate, as people merged and split them."""
    now = standing(decisions(kept))
    with connection.cursor() as cursor:
        refuse_without(cursor)
        return _members(cursor, now)


def refuse_without(connection: duckdb.DuckDBPyConnection, table: str = "candidates") -> None:
    """Refused for a build of an earlier version, which carries no such insights."""
    sql = "select count(*) from information_schema.tables where table_name = $table"
    with connection.cursor() as cursor:
        if not cursor.sql(sql, params={"table": table}).pl().item():
            raise Refused(f"This build has no {table} yet: `meantime rebuild` computes them.")


def _members(
    cursor: duckdb.DuckDBPyConnection, now: Standing, names: Sequence[str] | None = None
) -> pl.DataFrame:
    """candidate_id, ticket_id after merges and splits; of some candidates, or of all."""
    sql = "select candidate_id, ticket_id from candidate_tickets"
    if names is None:
        return _as_merged_and_split(cursor, now, cursor.sql(sql).pl())
    bases = {name.split("/")[0] for name in names}
    parts = [name for name in now.merged_into if now.whole(name) in bases]
    sql += " where list_contains($names, candidate_id)"
    members = cursor.sql(sql, params={"names": [*bases, *parts]}).pl()
    return _as_merged_and_split(cursor, now, members).filter(
        pl.col("candidate_id").is_in(list(names))
    )


def _as_merged_and_split(
    cursor: duckdb.DuckDBPyConnection, now: Standing, members: pl.DataFrame
) -> pl.DataFrame:
    wholes = {name: now.whole(name) for name in now.merged_into}
    if wholes:
        members = members.with_columns(pl.col("candidate_id").replace(wholes)).unique()
    for name, column in sorted(now.split_by.items()):
        own = members.filter(pl.col("candidate_id") == name)
        if own.is_empty():
            continue
        cursor.register("own", own)
        parts = cursor.sql(f"""
select
    own.candidate_id || '/' || coalesce(cast({column} as varchar), 'none') as candidate_id,
    own.ticket_id
from own
join ticket_lives on ticket_lives.ticket_id = own.ticket_id""").pl()
        cursor.unregister("own")
        members = pl.concat([members.filter(pl.col("candidate_id") != name), parts])
    return members


def _as_decided(
    cursor: duckdb.DuckDBPyConnection, rows: pl.DataFrame, now: Standing, policy: Policy
) -> pl.DataFrame:
    """The rows with those of merged, split and linked candidates computed anew."""
    changed = {*now.merged_into, *map(now.whole, now.merged_into), *now.split_by, *now.problems}
    if not changed:
        return rows
    members = _members(cursor, now)
    touched = members.filter(pl.col("candidate_id").str.split("/").list.first().is_in(changed))
    if touched.is_empty():
        return rows
    linked = pl.DataFrame(
        list(now.problems.items()),
        schema={"candidate_id": pl.String, "problem_number": pl.String},
        orient="row",
    )
    evidence = evidence_of(cursor, touched, policy.recurrence.cost_per_hour, linked)
    told = _told_of_parts(rows, evidence["candidate_id"].to_list())
    # a number that somebody named changes no ticket: what was found of them stands
    regrouped = {*now.merged_into, *map(now.whole, now.merged_into), *now.split_by}
    is_other = pl.col("candidate_id").str.split("/").list.first().is_in(regrouped)
    rhythm = pl.concat(
        [
            _rhythms_of(cursor, touched.filter(is_other), policy, rows.height),
            rows.filter(~is_other).select("candidate_id", *RHYTHM_TYPES),
        ],
        how="vertical_relaxed",
    )
    fresh = evidence.join(told, on="candidate_id").join(rhythm, on="candidate_id", how="left")
    fresh = fresh.with_columns(pl.col("is_rhythmic").fill_null(value=False))
    return pl.concat(
        [rows.filter(~pl.col("candidate_id").is_in(changed)), fresh.select(rows.columns)],
        how="vertical_relaxed",
    )


def _told_of_parts(rows: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """What a part inherits from the candidate it was split from: title, terms, basis."""
    inherited = rows.select("candidate_id", "basis", "title", "terms", "similar_problem", "part_of")
    parts = pl.DataFrame({"part": names}).with_columns(
        candidate_id=pl.col("part").str.split("/").list.first(),
        value=pl.col("part").str.splitn("/", 2).struct.field("field_1"),
    )
    title = pl.concat_str(["title", "value"], separator=", ", ignore_nulls=True)
    return parts.join(inherited, on="candidate_id").select(
        "basis", "terms", "similar_problem", "part_of", title=title, candidate_id="part"
    )


def _rhythms_of(
    cursor: duckdb.DuckDBPyConnection, members: pl.DataFrame, policy: Policy, looked_at: int
) -> pl.DataFrame:
    cursor.register("members", members)
    series = cursor.sql("""
select candidate_id, list(opened_at order by opened_at)
from members
join ticket_lives on ticket_lives.ticket_id = members.ticket_id
group by candidate_id
order by candidate_id""").fetchall()
    cursor.unregister("members")
    when = Openings.of(cursor, policy.timezone)
    assert when is not None  # a ticket there is has been opened
    found = when.rhythms([instants for _, instants in series], looked_at)
    return rhythm_rows([name for name, _ in series], found)


def _by_cost(rows: pl.DataFrame) -> pl.DataFrame:
    hours = pl.col("working_hours").fill_null(0.0)
    rows = rows.filter(pl.col("basis") != "family")
    return rows.sort(
        [hours, "tickets", "candidate_id"], descending=[True, True, False]
    ).with_columns(
        share_of_hours=_share(hours, hours.sum()),
        running_share=_share(hours.cum_sum(), hours.sum()),
    )


def _share(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(part / whole)


def _by_rhythm(rows: pl.DataFrame) -> pl.DataFrame:
    nothing = pl.lit(None, pl.Float64)
    return (
        rows.filter(pl.col("is_rhythmic") & pl.col("part_of").is_null())
        .sort("regularity", "q", "candidate_id", descending=[True, False, False])
        .with_columns(share_of_hours=nothing, running_share=nothing)
    )


def rhythm_in_words(row: Mapping[str, object]) -> str:
    """The rhythm of a row in one line: "every 23.5 days, give or take 1.9", or "no rhythm"; of one
    that has ended, with the day of its last occurrence (UTC)."""
    if not row["is_rhythmic"]:
        known = row["occurrences"] is not None
        return "no rhythm" if known else "too few occurrences to tell"
    match row["kind"]:
        case "weekday":
            days = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays")
            days = (*days, "Saturdays", "Sundays")
            words = f"on {days[int(str(row['weekday']))]}"
        case "day of the month":
            words = f"around day {row['day_of_month']} of the month"
        case "hour":
            words = "nearly every day"
        case _:
            words = (
                f"every {float(str(row['period_days'])):.1f} days, "
                f"give or take {float(str(row['spread_days'])):.1f}"
            )
    if row["hour"] is not None:
        words += f", around {int(str(row['hour'])):02}:00"
    ended_at = row["ended_at"]
    return words + (f", until {ended_at:%Y-%m-%d}" if isinstance(ended_at, datetime) else "")
