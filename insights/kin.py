"""Families by kinship of words: what a service words in many ways has no word that all of it
shares, but each wording shares some with another, and few other services use them.

Within a service the texts are joined two by two, the nearest first (single linkage), into a tree.
Every branch of it that is neither too small nor too large is a family: how widely a complaint is
worded nobody knows beforehand, but one of the branches comes near to it.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np
import polars as pl
import scipy.sparse as sp

from insights.texts import is_word

STEM = 5  # letters of a word that endings and compounds leave alone
LEAST_LIFT = 2.0  # how much oftener a service uses a stem than all do, for it to tell of kinship
LENT = 0.5  # tickets, so that what is seen once has no great lift
MOST_WORDINGS = 1_500  # of a service, the commonest: distances grow with their square
FURTHEST = 0.8  # texts further apart than this (1 less the cosine) are no kin
NAMED_BY = 2  # words

_SAID = """
with said as (
    select
        coalesce(cast(service as varchar), cast(category as varchar), '') as block,
        text_number
    from told_tickets
    where text_number is not null
)

select
    block,
    text_number,
    count(*) as tickets
from said
where block <> ''
group by block, text_number
order by block, text_number"""

_STEMS = f"""
with words as (
    select
        text_number,
        unnest(string_split(text, ' ')) as word
    from told_texts
),

stems as (
    select
        left(word, {STEM}) as stem,
        mode(word order by word) as word,
        row_number() over (order by left(word, {STEM})) - 1 as place
    from words
    where {is_word("word")}
    group by left(word, {STEM})
)

select distinct
    text_number,
    place,
    stems.word
from words
join stems on stems.stem = left(words.word, {STEM})
where {is_word("words.word")}"""

SCHEMA = {"block": pl.String, "name": pl.String, "told": pl.String, "text_number": pl.Int64}


def branches(cursor: duckdb.DuckDBPyConnection, fewest: int, most: int) -> pl.DataFrame:
    """The branches of each service's tree with at least and at most so many tickets: block, name,
    told, text_number."""
    said, stems = cursor.sql(_SAID).pl(), cursor.sql(_STEMS).pl()
    if said.is_empty() or stems.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    words = dict(zip(stems["place"].to_list(), stems["word"].to_list(), strict=True))
    texts = said["text_number"].to_numpy()
    tickets = said["tickets"].to_numpy().astype(np.float64)
    shape = (1 + max(int(texts.max()), stems["text_number"].to_numpy().max()), len(words))
    ones = np.ones(stems.height, np.float32)
    used = sp.csr_matrix((ones, (stems["text_number"], stems["place"])), shape=shape)
    everywhere = used[texts].T @ tickets
    found = []
    for (block,), own in said.with_row_index("row").group_by("block", maintain_order=True):
        mine = own["row"].to_numpy()
        rows = sp.csr_matrix(used[texts[mine]])
        here = rows.T @ tickets[mine]
        expected = everywhere * (tickets[mine].sum() / tickets.sum())
        lift = (here + LENT) / (expected + LENT)
        tells = np.flatnonzero((lift >= LEAST_LIFT) & (here > 1) & (here <= most))
        weight = np.log(lift[tells])
        rows = sp.csr_matrix(rows[:, tells])
        for number, members in enumerate(_branches(rows, weight, tickets[mine], (fewest, most))):
            said_most = np.argsort(-(rows[members].T @ tickets[mine][members]) * weight)
            told = " ".join(words[int(tells[stem])] for stem in said_most[:NAMED_BY])
            found.append((str(block), str(number), told, texts[mine[members]].tolist()))
    schema = {**SCHEMA, "text_number": pl.List(pl.Int64)}
    return pl.DataFrame(found, schema=schema, orient="row").explode("text_number")


def _branches(
    rows: sp.csr_matrix, weight: np.ndarray, tickets: np.ndarray, sizes: tuple[int, int]
) -> Iterator[np.ndarray]:
    """The texts of each branch of enough and not too many tickets."""
    from scipy.cluster.hierarchy import linkage  # slow to import, and pages only read

    wordings = _wordings(rows, tickets)
    if len(wordings) < 2:
        return
    dense = rows[[each[0] for each in wordings]].multiply(weight).toarray()
    dense /= np.linalg.norm(dense, axis=1, keepdims=True)
    apart = np.maximum(1 - dense @ dense.T, 0)
    tree = linkage(apart[np.triu_indices(len(wordings), 1)], "single")
    members = dict(enumerate(wordings))
    for step, (one, other, far, _) in enumerate(tree):
        if far > FURTHEST:
            break
        both = members.pop(int(one)) + members.pop(int(other))
        members[len(wordings) + step] = both
        if sizes[0] <= tickets[both].sum() <= sizes[1]:
            yield np.array(both)


def _wordings(rows: sp.csr_matrix, tickets: np.ndarray) -> list[list[int]]:
    """The texts with the same stems that tell of kinship, the commonest first."""
    same: dict[bytes, list[int]] = {}
    rows.sort_indices()
    for text in np.flatnonzero(np.diff(rows.indptr)):
        stems = rows.indices[rows.indptr[text] : rows.indptr[text + 1]]
        same.setdefault(stems.tobytes(), []).append(int(text))
    wordings = sorted(same.values(), key=lambda each: (-tickets[each].sum(), each[0]))
    return wordings[:MOST_WORDINGS]
