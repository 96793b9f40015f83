"""From tickets with texts to problem candidates, waves and changes: the insights of a build."""

from __future__ import annotations

from pathlib import Path

from bench.child import in_child
from bench.lines import Line
from insights.build import build_insights
from pipelines.contract import TABLES, TICKETS
from policies.read import read_policy
from queries.model.build import build_model
from queries.model.connection import connect

# 200 complaints, worded with 100,000 names: so many distinct texts, and no more.
TICKETS_SQL = """
insert into tickets
    (ticket_id, source, number, kind, state, priority, title, service, category, resolver_group,
    caller, resolution_code, opened_at, resolved_at, exported_at)
with named as (
    select
        range as n,
        (hash(range // 100000, 'name') % 100000 + range)::bigint % 100000 as name,
        timestamp '2024-11-01' + to_seconds((hash(range, 'at') % 63072000)::bigint) as opened_at
    from range($tickets)
),

drawn as (
    select *, (hash(name, 'complaint') % 200)::bigint as complaint
    from named
),

syllables as (
    select ['ba', 'ce', 'di', 'fo', 'gu', 'hal', 'jen', 'kir', 'lom', 'mus'] as part
)

select
    'bench:' || n,
    'bench',
    'INC' || n,
    'incident',
    'closed',
    'P' || (1 + n % 4),
    part[1 + complaint % 10] || part[1 + complaint // 10 % 10] || 'ter '
        || part[1 + (complaint * 7) % 10] || 'ing ' || part[1 + complaint // 20] || 'or does not '
        || part[1 + (complaint * 3) % 10] || 'work for '
        || part[1 + name % 10] || part[1 + name // 10 % 10] || part[1 + name // 100 % 10] || 'son '
        || part[1 + name // 1000 % 10] || part[1 + name // 10000] || 'ric',
    'Service ' || (complaint % $services),
    'Category ' || (complaint % 7),
    'Group ' || (complaint % 5),
    'User ' || (n % 20000),
    'Code ' || (n % 4),
    opened_at,
    opened_at + to_seconds(3600 + (hash(n) % 90000)::bigint),
    timestamp '2026-11-01'
from drawn
cross join syllables
"""


def compare_recurrence(folder: Path, tickets: int) -> list[Line]:
    """What a build's insights take, each time in a process of their own: with the texts in ten
    services, and with as many in one."""
    return [_measured(folder, tickets, services) for services in (10, 1)]


def _measured(folder: Path, tickets: int, services: int) -> Line:
    path = folder / f"recurrence-{tickets}.duckdb"
    in_child(_prepare, path, tickets, services)
    measured = in_child(_insights, path)
    path.unlink()
    texts, candidates = measured.returned
    where = f"{services} services" if services > 1 else "one service"
    return Line(
        f"insights of {where}: {texts:,} texts, {candidates:,} candidates, "
        f"{measured.processor_seconds:.0f} s of processors",
        tickets,
        measured.seconds,
        target="60 s at 100,000; 5 min at 1,000,000; 4 GB",
        peak_bytes=measured.peak_bytes,
    )


def _prepare(path: Path, tickets: int, services: int) -> None:
    with connect(path) as connection:
        for table in TABLES:
            connection.execute(table.create_sql)
        connection.execute(TICKETS_SQL, {"tickets": tickets, "services": services})
        connection.execute("set preserve_insertion_order = false")
        build_model(connection, read_policy(None, TICKETS.names))


def _insights(path: Path) -> tuple[int, int]:
    """Distinct texts and candidates."""
    with connect(path) as connection:
        connection.execute("set memory_limit = '2GB'")
        build_insights(connection, read_policy(None, TICKETS.names))
        texts = connection.sql("select count(*) from clustered_texts").pl().item()
        return texts, connection.sql("select count(*) from candidates").pl().item()
