"""The clusters as tables of a build: which text and which ticket belongs where, and what each
cluster is like. Clusters keep their ids from build to build."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import duckdb
import numpy as np
import polars as pl
import scipy.sparse as sp
from threadpoolctl import threadpool_limits

from insights.clusters import SEED, cluster_texts, joined, resembling
from insights.texts import ticket_texts
from insights.vectors import cores, learned

BLOCKS = ("service", "category")  # the first that most tickets have cuts the texts into blocks
MOST_NEW = 0.5  # with more new texts than this, everything is clustered anew
MOST_TERMS = 5
MOST_TEXTS = 100_000  # that are clustered; memory and time would grow with more
MOST_JOINED = 5_000  # clusters, the largest, that the others join: each word is compared with all
TEXTS_AT_ONCE = 100_000  # of the others

_MEDOID = ("cluster_id", "medoid_title")
_SCHEMA = {"text": pl.String, "cluster_id": pl.String}


def write_clusters(cursor: duckdb.DuckDBPyConnection, *, anew: bool = False) -> None:
    """Write `clustered_texts` (text, cluster_id) and `text_clusters` (one row per cluster) from the
    tickets of the model, and `told_tickets` for this connection.

    Texts that an earlier build knew keep their cluster and new ones join it where they are near;
    with `anew`, or where most texts are new, all are clustered again and each cluster takes the id
    of the earlier one that it shares most texts with.
    """
    titles = ticket_texts(cursor, _block(cursor))
    texts = (
        titles.sort("tickets", "block", descending=[True, False])
        .group_by("text", maintain_order=True)
        .agg(pl.col("block").first(), pl.col("tickets").sum())
        .sort("text")
    )
    earlier = _earlier(cursor)
    with threadpool_limits(1):  # small matrices: more threads only wait for each other
        found = _clustered(texts, earlier, anew)
    cursor.register("found_texts", found)
    cursor.execute("create or replace table clustered_texts as select * from found_texts")
    cursor.unregister("found_texts")
    told = titles.with_row_index("title_number").join(
        found.with_row_index("text_number"), on="text"
    )
    _write_tickets(cursor, told)
    _write_descriptions(cursor, told.drop_nulls("cluster_id"))


def _block(cursor: duckdb.DuckDBPyConnection) -> str:
    counts = ", ".join(f"count({name})" for name in BLOCKS)
    row = cursor.sql(f"select {counts}, count(*) from ticket_lives").pl().row(0)
    return next((n for n, known in zip(BLOCKS, row, strict=False) if known * 2 >= row[-1]), "kind")


def _earlier(cursor: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """What the build before knew: text, cluster_id."""
    known = "select count(*) from information_schema.tables where table_name = 'clustered_texts'"
    if not cursor.sql(f"{known} and table_catalog = current_database()").pl().item():
        return pl.DataFrame(schema=_SCHEMA)
    return cursor.sql("select text, cluster_id from clustered_texts order by text").pl()


def _clustered(texts: pl.DataFrame, earlier: pl.DataFrame, anew: bool) -> pl.DataFrame:
    """text, cluster_id of all texts; the id is null where a text belongs nowhere."""
    if texts.is_empty():
        return pl.DataFrame(schema=_SCHEMA)
    texts = texts.join(
        earlier.with_columns(is_known=True), on="text", how="left", maintain_order="left"
    )
    new = texts["is_known"].null_count() / texts.height
    if new == 0 and not anew:
        return texts.select("text", "cluster_id")
    tickets = texts["tickets"].to_numpy().astype(np.float32)
    ids = texts["cluster_id"].drop_nulls().unique().sort().to_list()
    places = {name: place for place, name in enumerate(ids)}
    known = np.array([places.get(name, -1) for name in texts["cluster_id"]], dtype=np.int64)
    if anew or new > MOST_NEW or not ids:
        labels = _labels(texts, tickets, None)
        names = _inherited(labels, known, tickets, ids)
    else:
        labels = _labels(texts, tickets, known)
        names = dict(enumerate(ids))
    names = _named(labels, texts["text"].to_list(), tickets, names)
    return texts.select(
        "text",
        pl.Series("cluster_id", [names.get(int(label)) for label in labels], dtype=pl.String),
    )


def _labels(texts: pl.DataFrame, tickets: np.ndarray, known: np.ndarray | None) -> np.ndarray:
    """A label per text; of very many the commonest are clustered, and the others join them."""
    told, blocks = texts["text"].to_list(), texts["block"].to_numpy()
    first = _first(tickets, texts["is_known"].is_not_null().to_numpy())
    groups, rows = learned([told[place] for place in first])
    labels = np.full(len(told), -1) if known is None else known.copy()
    is_new = texts["is_known"].is_null().to_numpy()[first]
    own = None if known is None else resembling(rows, known[first], is_new)
    labels[first] = cluster_texts(rows, blocks[first].astype(str), tickets[first], own)
    if len(first) == len(told):
        return labels
    sizes = np.bincount(labels[first] + 1, weights=tickets[first])[1:]
    largest = np.argsort(-sizes, kind="stable")[:MOST_JOINED]
    centres = sp.csr_matrix(cores(rows, labels[first], tickets[first])[largest])
    left = np.setdiff1d(np.flatnonzero(labels < 0), first)
    for start in range(0, len(left) if centres.shape[0] else 0, TEXTS_AT_ONCE):
        some = left[start : start + TEXTS_AT_ONCE]
        near = joined(*groups.words([told[place] for place in some]), centres)
        labels[some[near >= 0]] = largest[near[near >= 0]]
    return labels


def _first(tickets: np.ndarray, is_known: np.ndarray) -> np.ndarray:
    """The places of the texts that are clustered: all, or of too many the commonest, of the known
    and of the new ones half where there are as many; of equally common ones any."""
    if len(tickets) <= MOST_TEXTS:
        return np.arange(len(tickets))
    order = np.lexsort((np.random.default_rng(SEED).random(len(tickets)), -tickets))
    known, new = order[is_known[order]], order[~is_known[order]]
    of_known = max(MOST_TEXTS // 2, MOST_TEXTS - len(new))
    known = known[:of_known]
    return np.sort(np.concatenate([known, new[: MOST_TEXTS - len(known)]]))


def _inherited(
    labels: np.ndarray, known: np.ndarray, tickets: np.ndarray, ids: Sequence[str]
) -> dict[int, str]:
    """For each cluster the id of the earlier one with which it shares most tickets, each once."""
    both = (labels >= 0) & (known >= 0)
    shared = (
        pl.DataFrame({"label": labels[both], "known": known[both], "tickets": tickets[both]})
        .group_by("label", "known")
        .agg(pl.col("tickets").sum())
        .sort("tickets", "label", "known", descending=[True, False, False])
    )
    names: dict[int, str] = {}
    taken: set[int] = set()
    for label, earlier, _ in shared.iter_rows():
        if label not in names and earlier not in taken:
            names[label] = ids[earlier]
            taken.add(earlier)
    return names


def _named(
    labels: np.ndarray, texts: Sequence[str], tickets: np.ndarray, names: dict[int, str]
) -> dict[int, str]:
    """Every cluster with an id; a new one is called by its commonest text at birth."""
    order = np.lexsort((np.arange(len(labels)), -tickets))
    used = set(names.values())
    names = dict(names)
    for place in order:
        label = int(labels[place])
        if label < 0 or label in names:
            continue
        digest = hashlib.sha256(texts[place].encode()).hexdigest()
        length = next(n for n in range(6, 65) if f"c{digest[:n]}" not in used)
        names[label] = f"c{digest[:length]}"
        used.add(names[label])
    return names


def _write_tickets(cursor: duckdb.DuckDBPyConnection, titles: pl.DataFrame) -> None:
    """What the other insights are made of, for this connection: `told_texts` (text_number, text)
    and `told_tickets`, one narrow row per ticket that was not cancelled, its text and cluster null
    where it says nothing."""
    numbers = "title_number", "text_number", "cluster_id"
    cursor.register("found_titles", titles.select("title", "more", "text", *numbers))
    cursor.execute("""
create or replace temp table told_texts as
select distinct text_number, text
from found_titles""")
    cursor.execute("""
create or replace temp table told_tickets as
select
    ticket_lives.ticket_id,
    ticket_lives.kind,
    ticket_lives.opened_at,
    ticket_lives.service,
    ticket_lives.category,
    ticket_lives.resolver_group,
    found_titles.title_number,
    found_titles.text_number,
    found_titles.cluster_id
from ticket_lives
left join found_titles
    on found_titles.title = coalesce(ticket_lives.title, '')
    and found_titles.more is not distinct from
        case when length(coalesce(ticket_lives.title, '')) < 12
            then left(ticket_lives.description, 240) end
where state is distinct from 'cancelled'""")
    cursor.unregister("found_titles")


def _write_descriptions(cursor: duckdb.DuckDBPyConnection, titles: pl.DataFrame) -> None:
    """`text_clusters`: what each is called, how large, how pure by service, category, group."""
    words = _words(titles)
    medoids = titles.join(words, left_on=("cluster_id", "title"), right_on=_MEDOID)
    blanks = pl.col("medoid_title").str.replace_all(r"\s+", " ").str.strip_chars()
    cursor.register("cluster_words", words.with_columns(blanks))
    cursor.register("medoid_titles", medoids.select("cluster_id", "title_number"))
    cursor.execute("""
create or replace table text_clusters as
with medoids as (
    select
        medoid_titles.cluster_id,
        min(ticket_id) as medoid_ticket_id
    from medoid_titles
    join told_tickets on told_tickets.title_number = medoid_titles.title_number
    group by medoid_titles.cluster_id
),

valued as (
    select
        cluster_id,
        count(*) as tickets,
        mode(service order by service) as service,
        mode(category order by category) as category,
        mode(resolver_group order by resolver_group) as resolver_group
    from told_tickets
    where cluster_id is not null
    group by cluster_id
)

select
    valued.cluster_id,
    any_value(medoid_ticket_id) as medoid_ticket_id,
    any_value(medoid_title) as medoid_title,
    any_value(terms) as terms,
    any_value(valued.tickets) as tickets,
    any_value(titles) as titles,
    any_value(valued.service) as service,
    count(*) filter (where told_tickets.service = valued.service)
        / nullif(count(told_tickets.service), 0) as service_purity,
    any_value(valued.category) as category,
    count(*) filter (where told_tickets.category = valued.category)
        / nullif(count(told_tickets.category), 0) as category_purity,
    any_value(valued.resolver_group) as resolver_group,
    count(*) filter (where told_tickets.resolver_group = valued.resolver_group)
        / nullif(count(told_tickets.resolver_group), 0) as group_purity
from valued
join cluster_words on cluster_words.cluster_id = valued.cluster_id
join medoids on medoids.cluster_id = valued.cluster_id
join told_tickets on told_tickets.cluster_id = valued.cluster_id
group by valued.cluster_id
order by valued.cluster_id""")
    cursor.unregister("cluster_words")
    cursor.unregister("medoid_titles")


def _words(titles: pl.DataFrame) -> pl.DataFrame:
    """For each cluster the title that says most of what its tickets say, the words that most of
    its tickets share and few others have, and how many titles it has: cluster_id, medoid_title,
    terms, titles."""
    texts = titles.group_by("cluster_id", "text").agg(pl.col("tickets").sum())
    words = texts.with_columns(word=pl.col("text").str.split(" ")).explode("word")
    words = words.filter(pl.col("word").str.len_chars() > 1)
    sizes = titles.group_by("cluster_id").agg(
        size=pl.col("tickets").sum(),
        titles=pl.col("title").filter(pl.col("title") != "").n_unique().cast(pl.Int64),
    )
    everywhere = words.group_by("word").agg(all_tickets=pl.col("tickets").sum())
    rarity = (titles["tickets"].sum() / pl.col("all_tickets") + 1).log()
    within = (
        words.group_by("cluster_id", "word")
        .agg(own=pl.col("tickets").sum())
        .join(sizes, on="cluster_id")
        .join(everywhere, on="word")
        .with_columns(weight=pl.col("own") / pl.col("size") * rarity)
    )
    terms = (
        within.sort("cluster_id", "weight", "word", descending=[False, True, False])
        .group_by("cluster_id", maintain_order=True)
        .agg(terms=pl.col("word").head(MOST_TERMS).str.join(" "))
    )
    said = (
        words.join(within.select("cluster_id", "word", "weight"), on=["cluster_id", "word"])
        .group_by("text")
        .agg(pl.col("weight").sum(), words=pl.len())
    )
    medoids = (
        titles.join(said, on="text")
        .group_by("cluster_id", "title")
        .agg(
            closeness=(pl.col("weight").sum() / pl.col("words").sum().sqrt()).round(6),
            own=pl.max("tickets"),
        )
        .sort(
            "cluster_id",
            "closeness",
            "own",
            pl.col("title").str.len_chars(),
            "title",
            descending=[False, True, True, False, False],
        )
        .group_by("cluster_id", maintain_order=True)
        .agg(medoid_title=pl.col("title").first())
    )
    return (
        medoids.join(terms, on="cluster_id")
        .join(sizes.select("cluster_id", "titles"), on="cluster_id")
        .sort("cluster_id")
    )
