"""Texts as vectors of letter groups: rows of a sparse matrix, alike where the words are alike.

Groups of three to five letters within words forgive a slip of the fingers and an ending, in any
language. They are cut from each word once, not from each text: a hundred thousand texts share some
ten thousand words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

LETTERS = range(3, 6)
MOST_FEATURES = 60_000
FEW_TEXTS = 1_000
CORE = 0.3  # the share of a cluster's tickets that must have a letter group for it to count


@dataclass(frozen=True)
class LetterGroups:
    """The letter groups that count among some texts: the place of each, and what it weighs."""

    places: Mapping[str, int]
    weights: np.ndarray

    def words(self, texts: Sequence[str]) -> tuple[sp.csr_matrix, sp.csr_matrix]:
        """Which words each text has, and one row per word: its letter groups by their weights."""
        words_of, words = _occurrences([text.split() for text in texts])
        known = [
            [self.places[name] for name in dict.fromkeys(_groups(word)) if name in self.places]
            for word in words
        ]
        ends = np.cumsum([0, *map(len, known)])
        places = np.fromiter((place for own in known for place in own), np.int32, ends[-1])
        shape = (len(words), len(self.weights))
        return words_of, sp.csr_matrix((self.weights[places], places, ends), shape=shape)


def letter_groups(texts: Sequence[str]) -> sp.csr_matrix:
    """One row per text, weighted by how rare a group is, of length one (0 without a word)."""
    return learned(texts)[1]


def learned(texts: Sequence[str]) -> tuple[LetterGroups, sp.csr_matrix]:
    """The letter groups of some texts, and the texts as rows of them."""
    counts, names = _counted(texts)
    texts_with = np.bincount(counts.indices, minlength=counts.shape[1])
    # among many texts, what one alone has tells nothing of likeness; the commonest say most
    wanted = np.flatnonzero(texts_with >= (2 if len(texts) > FEW_TEXTS else 1))
    if len(wanted) > MOST_FEATURES:
        wanted = np.sort(wanted[np.argsort(-texts_with[wanted], kind="stable")[:MOST_FEATURES]])
    rarity = np.log(np.float32(1 + len(texts)) / (1 + texts_with[wanted]).astype(np.float32)) + 1
    places = {names[place]: own for own, place in enumerate(wanted.tolist())}
    return LetterGroups(places, rarity), _weighted(sp.csr_matrix(counts[:, wanted]), rarity)


def _counted(texts: Sequence[str]) -> tuple[sp.csr_matrix, list[str]]:
    """Which letter groups, in order of the alphabet, each text has."""
    words_of, words = _occurrences([text.split() for text in texts])
    groups, names = _occurrences([list(_groups(word)) for word in words])
    return sp.csr_matrix(words_of @ groups), names


def _weighted(counts: sp.csr_matrix, weights: np.ndarray) -> sp.csr_matrix:
    counts.data = weights[counts.indices]
    return of_length_one(counts)


def _occurrences(rows: Sequence[Sequence[str]]) -> tuple[sp.csr_matrix, list[str]]:
    """Which of the names, in order of the alphabet, each row has."""
    names = sorted({name for row in rows for name in row})
    places = {name: place for place, name in enumerate(names)}
    ends = np.cumsum([0, *map(len, rows)])
    columns = np.fromiter((places[name] for row in rows for name in row), np.int32, ends[-1])
    shape = (len(rows), len(names))
    found = sp.csr_matrix((np.ones(ends[-1], np.float32), columns, ends), shape=shape)
    found.sum_duplicates()
    found.data[:] = 1
    return found, names


def _groups(word: str) -> Iterator[str]:
    """The letter groups of a word, its beginning and its end marked by a blank."""
    marked = f" {word} "
    for length in LETTERS:
        for start in range(max(len(marked) - length, 0) + 1):
            yield marked[start : start + length]


def of_length_one(rows: sp.csr_matrix) -> sp.csr_matrix:
    """Each row divided by its length; rows of nothing stay so."""
    row_of = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    lengths = np.sqrt(np.bincount(row_of, weights=rows.data**2, minlength=rows.shape[0]))
    lengths[lengths == 0] = 1
    scaled = sp.csr_matrix(rows, dtype=np.float32)
    scaled.data = (rows.data / lengths[row_of]).astype(np.float32)
    return scaled


def cores(rows: sp.csr_matrix, labels: np.ndarray, weights: np.ndarray) -> sp.csr_matrix:
    """One row per label: the mean of its texts in the groups that at least `CORE` of them share.

    What only some of the texts say (a name, a greeting) would make two halves of one complaint
    look further apart than two complaints. Labels below 0 belong nowhere.
    """
    placed = np.flatnonzero(labels >= 0)
    count = int(labels.max()) + 1 if len(labels) else 0
    if count == 0:
        return sp.csr_matrix((0, rows.shape[1]), dtype=np.float32)
    own = weights[placed]
    totals = np.bincount(labels[placed], weights=own, minlength=count)
    shares = own / totals[labels[placed]]
    member = sp.csr_matrix((shares, (labels[placed], placed)), shape=(count, rows.shape[0]))
    present = rows.copy()
    present.data = np.ones_like(present.data)
    held = sp.csr_matrix(member @ present)
    means = sp.csr_matrix(member @ rows)
    held.sort_indices()
    means.sort_indices()
    means.data = np.where(held.data >= CORE, means.data, 0)
    means.eliminate_zeros()
    return of_length_one(means)
