"""Problem candidates as tables of a build: what keeps coming back, its cost and its rhythm.

`candidates` has one row per candidate, `candidate_tickets` its tickets. A candidate is a cluster of
similar texts, where there are no texts a key, or (`family`) tickets with one key or word that come
back in a rhythm that no cluster has.
"""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl

from insights import families
from insights.evidence import evidence_of
from insights.overlap import TABLES, overlap
from insights.purer import purer_parts
from insights.rhythm import FEWEST
from insights.rhythm_rows import Openings, rhythm_rows
from insights.stories import MAY_BE, confirmed
from insights.texts import normalised, word_sets
from insights.unions import GROWN, add_unions, unions
from insights.vectors import letter_groups
from policies.model import Policy

FEWEST_TICKETS = 3
FEWEST_WITH_TEXT = 0.2  # with texts on fewer tickets than this, the key stands for them
MOST_INSTANTS = 1_000
SAME_TICKETS = 0.5  # of a family in a candidate with a rhythm: then it tells nothing new
VERY_REGULAR = 5.0  # times more regular than chance
NEARLY_EVEN = 1.25
MOST_OF_A_PROBLEM = 0.5  # how alike the title of a candidate and that of a problem record are


def write_candidates(cursor: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Write `candidates` and `candidate_tickets`; needs the clusters and the model."""
    cursor.execute("create or replace table candidate_tickets (candidate_id text, ticket_id text)")
    cursor.execute("""
create or replace temp table candidate_names
(candidate_id text, basis text, title text, terms text)""")
    if _has_texts(cursor):
        _write_cluster_candidates(cursor)
    else:
        families.write_key_candidates(cursor)
    when = Openings.of(cursor, policy.timezone)
    families.write_families(cursor)
    strict = overlap(cursor, when)
    found = _rhythms(cursor, when, "candidate_openings", strict)
    other = pl.concat(
        _rhythms(
            cursor, when, f"(from families where starts_with(candidate_id, '{begins}'))", strict
        )
        for begins in families.BEGINNINGS
    )
    found, other = confirmed(found, other, _tickets_of(cursor, *map(_ids, (found, other))))
    other = _with_unions(cursor, when, found, other)
    chosen, held = _new_families(cursor, found, other)
    if when is not None:
        found, other, chosen, held = _purer(cursor, when, found, other, chosen, held)
    families.adopt_families(cursor, chosen)
    found = pl.concat([found, other.filter(pl.col("candidate_id").is_in(chosen))])
    rows = evidence_of(cursor, "candidate_tickets", policy.recurrence.cost_per_hour)
    names = cursor.sql("select * from candidate_names").pl()
    rows = _joined(names, rows, found, _similar_problems(cursor, names))
    rows = rows.join(held, on="candidate_id", how="left").sort("candidate_id")
    _write(cursor, "candidates", rows)


def _has_texts(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Whether enough tickets have a text that says something."""
    sql = "select count(text_number) >= $least * count(*) from told_tickets"
    return bool(cursor.sql(sql, params={"least": FEWEST_WITH_TEXT}).pl().item())


def _write_cluster_candidates(cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute(
        """
create or replace temp table candidate_openings as
select
    cluster_id as candidate_id,
    coalesce(cast(service as varchar), cast(category as varchar), '') as block,
    ticket_id,
    opened_at
from told_tickets
where cluster_id in (select cluster_id from text_clusters where tickets >= $fewest)""",
        {"fewest": FEWEST_TICKETS},
    )
    cursor.execute("""
insert into candidate_tickets
select candidate_id, ticket_id
from candidate_openings""")
    cursor.execute("""
insert into candidate_names
select cluster_id, 'text', medoid_title, terms
from text_clusters
where cluster_id in (select candidate_id from candidate_tickets)""")


def _rhythms(
    cursor: duckdb.DuckDBPyConnection, when: Openings | None, table: str, strict: float
) -> pl.DataFrame:
    """The rhythm of every candidate of a table of candidate_id and opened_at.

    Only the newest of its tickets count, so that a candidate of a hundred thousand costs no more
    than others. Each table has its equal part of the false alarms: a thousand words of which few
    could be a complaint would else drown a hundred candidates that are one. `strict` is by how much
    a correction for all of them is too strict.
    """
    if when is None:
        return rhythm_rows([], [])
    series = cursor.sql(f"""
select candidate_id, list_sort(list(opened_at))[-{MOST_INSTANTS}:] as instants
from {table}
group by candidate_id
order by candidate_id""").fetchall()
    enough = sum(len(instants) >= FEWEST for _, instants in series)
    looked_at = round(TABLES * enough / strict)
    found = when.rhythms([instants for _, instants in series], looked_at, MAY_BE)
    return rhythm_rows([name for name, _ in series], found)


def _ids(rows: pl.DataFrame) -> pl.Series:
    return rows.filter("is_rhythmic")["candidate_id"]


def _with_unions(
    cursor: duckdb.DuckDBPyConnection,
    when: Openings | None,
    found: pl.DataFrame,
    other: pl.DataFrame,
) -> pl.DataFrame:
    """The rhythms of the families, and those of what they and the candidates grow to, which become
    families too."""
    rhythmic = pl.concat([found, other]).filter("is_rhythmic")
    if when is None or rhythmic.is_empty():
        return other
    tickets, whole = unions(cursor, when, rhythmic, families.MOST_TICKETS)
    add_unions(cursor, tickets)
    return pl.concat([other, whole])


def _new_families(
    cursor: duckdb.DuckDBPyConnection, found: pl.DataFrame, other: pl.DataFrame
) -> tuple[list[str], pl.DataFrame]:
    """The families that become candidates, and which rhythmic candidates they hold: candidate_id,
    part_of.

    Those that speak most for a rhythm come first, by what comes regularly and how much so, of
    two that are nearly even the one with fewer tickets; but none that shares many with one chosen
    before. What grew from parts may hold any rhythmic candidate; other families only those that
    they tell more than: they must be surer, of more occurrences.
    """
    rhythmic = found.filter("is_rhythmic")
    ranked = other.filter("is_rhythmic")
    tickets = _tickets_of(cursor, rhythmic["candidate_id"], ranked["candidate_id"])
    # what is regular enough is not told better by being more regular, but by being more
    evidence = pl.col("regular") * pl.col("regularity").clip(1.01, VERY_REGULAR).log()
    many = pl.col("candidate_id").map_elements(lambda name: len(tickets[name]), pl.Int64)
    ranked = ranked.sort(
        (evidence.log() / np.log(NEARLY_EVEN)).floor(),
        many,
        "q",
        "candidate_id",
        descending=[True, False, False, False],
    )

    def share_tickets(one: str, other: str) -> bool:
        least = min(len(tickets[one]), len(tickets[other]))
        return len(tickets[one] & tickets[other]) >= SAME_TICKETS * least

    chosen: list[str] = []
    held: dict[str, str | None] = dict.fromkeys(rhythmic["candidate_id"])
    known = {row["candidate_id"]: row for row in rhythmic.iter_rows(named=True)}
    for row in ranked.iter_rows(named=True):
        name = row["candidate_id"]
        grew = name.startswith(GROWN)
        if any(share_tickets(name, earlier) for earlier in chosen):
            continue
        parts = [part for part, whole in held.items() if not whole and share_tickets(name, part)]
        tells_more = (
            row["q"] < known[part]["q"] and row["occurrences"] > known[part]["occurrences"]
            for part in parts
        )
        if grew or all(tells_more):
            chosen.append(name)
            held |= dict.fromkeys(parts, name)
    schema = {"candidate_id": pl.String, "part_of": pl.String}
    return chosen, pl.DataFrame(list(held.items()), schema=schema, orient="row")


def _purer(
    cursor: duckdb.DuckDBPyConnection,
    when: Openings,
    found: pl.DataFrame,
    other: pl.DataFrame,
    chosen: list[str],
    held: pl.DataFrame,
) -> tuple[pl.DataFrame, pl.DataFrame, list[str], pl.DataFrame]:
    """All of it with the parts that tell a listed rhythm with fewer strangers in its place."""
    alone = held.filter(pl.col("part_of").is_null())["candidate_id"].to_list()
    listed = pl.concat([found.filter(_is_in(alone)), other.filter(_is_in(chosen))])
    parts, rhythms = purer_parts(cursor, when, listed, families.MOST_TICKETS)
    known = set(found["candidate_id"])
    candidates = [part for part in parts.values() if part in known]
    new = [part for part in parts.values() if part not in known]
    chosen = [name for name in chosen if name not in parts] + new
    place = pl.col("part_of").replace(parts)
    whole = pl.col("candidate_id").replace_strict(parts, default=None, return_dtype=pl.String)
    held = pl.concat(
        [
            held.filter(~_is_in(candidates)).with_columns(part_of=pl.coalesce(place, whole)),
            pl.DataFrame({"candidate_id": candidates, "part_of": None}, held.schema),
        ]
    )
    return (
        pl.concat([found.filter(~_is_in(candidates)), rhythms.filter(_is_in(candidates))]),
        pl.concat([other.filter(~_is_in(new)), rhythms.filter(_is_in(new))]),
        chosen,
        held,
    )


def _is_in(names: list[str]) -> pl.Expr:
    return pl.col("candidate_id").is_in(names)


def _tickets_of(
    cursor: duckdb.DuckDBPyConnection, candidates: pl.Series, other: pl.Series
) -> dict[str, set[str]]:
    """The tickets of some candidates and of some families, by their ids."""
    tickets: dict[str, set[str]] = {}
    for table, names in (("candidate_tickets", candidates), ("families", other)):
        cursor.register("wanted", pl.DataFrame({"wanted_id": names}))
        wanted = f"""
select candidate_id, ticket_id
from {table}
semi join wanted on wanted_id = candidate_id"""
        for name, ticket in cursor.execute(wanted).fetchall():
            tickets.setdefault(name, set()).add(ticket)
        cursor.unregister("wanted")
    return tickets


def _similar_problems(cursor: duckdb.DuckDBPyConnection, names: pl.DataFrame) -> pl.DataFrame:
    """For each candidate the problem record whose title is most like its own, if any is."""
    problems = cursor.sql("""
select number, title from problems where title is not null order by opened_at, number""").pl()
    schema = {"candidate_id": pl.String, "similar_problem": pl.String}
    if problems.is_empty() or names.is_empty():
        return pl.DataFrame(schema=schema)
    told = pl.concat([names["title"], problems["title"]])
    rows = letter_groups(word_sets(normalised(told)).to_list())
    own, others = rows[: names.height], rows[names.height :]
    found = []
    for start in range(0, names.height, 1_000):
        alike = (own[start : start + 1_000] @ others.T).toarray()
        best = alike.argmax(axis=1)
        near = alike[np.arange(len(best)), best] >= MOST_OF_A_PROBLEM
        found += [
            (names["candidate_id"][start + int(place)], problems["number"][int(best[place])])
            for place in np.flatnonzero(near)
        ]
    return pl.DataFrame(found, schema=schema, orient="row")


def _joined(
    names: pl.DataFrame, rows: pl.DataFrame, found: pl.DataFrame, similar: pl.DataFrame
) -> pl.DataFrame:
    return (
        names.join(rows, on="candidate_id")
        .join(found, on="candidate_id", how="left")
        .join(similar, on="candidate_id", how="left")
        .with_columns(pl.col("is_rhythmic").fill_null(value=False))
    )


def _write(cursor: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    cursor.register("insight_rows", rows)
    cursor.execute(f"create or replace table {table} as select * from insight_rows")
    cursor.unregister("insight_rows")
