"""Texts that say the same thing: HDBSCAN within blocks, then like clusters made one.

HDBSCAN is quadratic, so texts are clustered service by service, large blocks in parts; what was
cut apart by that, or by a greeting, is joined again by the likeness of the cores.
"""

from __future__ import annotations

import os
from functools import partial
from typing import TypeAlias

import numpy as np
import scipy.sparse as sp

from insights.vectors import cores
from queries.at_once import at_once

PROCESSORS = min(os.cpu_count() or 1, 4)  # that clusters are made on: more would wait for memory
DIMENSIONS = 64
FEWEST_TEXTS = 4  # distinct texts that make a cluster
FEWEST_TICKETS = 5  # tickets with one text that make a cluster of their own
LARGEST_PART = 1_500
ALIKE = 0.78  # cores more alike than this are one cluster
SMALL_PART = 0.1  # of a cluster's tickets: a text that has more of its own founds another one
NEAR = 0.62  # a single text this near to a core belongs to it
SEED = 20_251
ROWS_AT_ONCE = 1_000
CENTRES_AT_ONCE = 100  # that texts are compared with: what stays in a processor's cache
CELLS_AT_ONCE = 10_000_000  # of rows compared with centres
MOST_PAIRS = 50_000_000  # of new and known texts: more are compared with the cores alone

# clusters that are alike, each pair both ways round: the one, the other, their likeness
_Pairs: TypeAlias = tuple[np.ndarray, np.ndarray, np.ndarray]


def cluster_texts(
    rows: sp.csr_matrix, blocks: np.ndarray, tickets: np.ndarray, known: np.ndarray | None = None
) -> np.ndarray:
    """A label per text, -1 where it belongs nowhere.

    `rows` are the texts' vectors, `blocks` tells where each belongs, `tickets` how many tickets
    have it. `known` are the labels of an earlier time, -1 for texts that are new or belonged
    nowhere: known texts keep their label, new ones join the nearest, and only what is left is
    clustered anew, under labels above the known ones.
    """
    labels = np.full(rows.shape[0], -1) if known is None else known.copy()
    if known is not None:
        labels = attached(rows, labels, tickets)
    left = np.flatnonzero(labels < 0)
    first = int(labels.max(initial=-1)) + 1
    next_label = first
    own = [left[blocks[left] == block] for block in np.unique(blocks[left])]
    parts = [part for some in at_once(partial(_parts, rows), own, PROCESSORS) for part in some]
    for part, found in zip(parts, at_once(partial(_within, rows), parts, PROCESSORS), strict=True):
        labels[part[found >= 0]] = found[found >= 0] + next_label
        next_label += int(found.max(initial=-1)) + 1
    labels = attached(rows, merged(rows, labels, tickets, first), tickets, most=SMALL_PART)
    often = np.flatnonzero((labels < 0) & (tickets >= FEWEST_TICKETS))
    labels[often] = np.arange(len(often)) + int(labels.max(initial=-1)) + 1
    return attached(rows, merged(rows, labels, tickets, first), tickets)


def _parts(rows: sp.csr_matrix, places: np.ndarray) -> list[np.ndarray]:
    """A block, or where it is too large, parts of it that lie together."""
    if len(places) <= LARGEST_PART:
        return [places]
    from sklearn.cluster import MiniBatchKMeans  # as slow to import as HDBSCAN

    reduced = _reduced(rows[places])
    means = MiniBatchKMeans(
        n_clusters=-(-len(places) * 2 // LARGEST_PART),
        random_state=SEED,
        n_init=1,
        batch_size=4_096,
        max_iter=20,
    ).fit_predict(reduced)
    parts = []
    for number in np.unique(means):
        part = places[means == number]
        # a part of texts that differ little may still be too large: then it is cut as it lies
        parts += np.array_split(part, -(-len(part) // (2 * LARGEST_PART)))
    return parts


def _within(rows: sp.csr_matrix, part: np.ndarray) -> np.ndarray:
    """Labels within one part, from 0, -1 where a text belongs nowhere."""
    if len(part) < 2 * FEWEST_TEXTS:
        return np.full(len(part), -1)
    from sklearn.cluster import HDBSCAN  # takes two seconds to import: not for a few texts

    labels = HDBSCAN(
        min_cluster_size=FEWEST_TEXTS,
        min_samples=FEWEST_TEXTS - 1,
        algorithm="brute",  # in parts of this size faster than trees of 64 dimensions
        copy=True,
    ).fit_predict(_reduced(sp.csr_matrix(rows[part])))
    return np.where(labels < 0, -1, labels)


def _reduced(rows: sp.csr_matrix) -> np.ndarray:
    """The rows in few dimensions, of length one."""
    wanted = min(DIMENSIONS, rows.shape[0] - 1, rows.shape[1] - 1)
    if wanted < 2:
        return rows.toarray()
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    svd = TruncatedSVD(wanted, n_iter=3, random_state=SEED)
    return normalize(svd.fit_transform(rows))


def merged(
    rows: sp.csr_matrix, labels: np.ndarray, tickets: np.ndarray, first_new: int = 0
) -> np.ndarray:
    """Clusters that are each other's nearest and alike are one, until none are.

    Labels below `first_new` are known ones: one of them swallows a new one but is never changed.
    """
    labels = labels.copy()
    centres = cores(rows, labels, tickets)
    own = np.arange(centres.shape[0])
    pairs = _alike(centres, own)
    while True:
        nearest = _nearest_of(pairs, len(own))
        gone = (nearest[nearest] == own) & (nearest < own) & (own >= first_new)
        if not gone.any():
            break
        labels[labels >= 0] = np.where(gone, nearest, own)[labels[labels >= 0]]
        grown = np.sort(nearest[gone])
        centres = _grown(rows, labels, tickets, centres, grown, gone)
        pairs = _alike_again(pairs, centres, grown, gone)
    kept = np.unique(labels[labels >= first_new])
    labels[labels >= first_new] = first_new + np.searchsorted(kept, labels[labels >= first_new])
    return labels


def _grown(
    rows: sp.csr_matrix,
    labels: np.ndarray,
    tickets: np.ndarray,
    centres: sp.csr_matrix,
    grown: np.ndarray,
    gone: np.ndarray,
) -> sp.csr_matrix:
    """The cores with those of the grown clusters anew, and nothing for the ones that are gone."""
    texts = np.flatnonzero(np.isin(labels, grown))
    anew = cores(rows[texts], np.searchsorted(grown, labels[texts]), tickets[texts])
    nothing = sp.csr_matrix((1, rows.shape[1]), dtype=np.float32)
    source = np.arange(centres.shape[0])
    source[grown] = len(source) + np.arange(len(grown))
    source[gone] = len(source) + len(grown)
    return sp.csr_matrix(sp.vstack([centres, anew, nothing], format="csr")[source])


def _alike(centres: sp.csr_matrix, places: np.ndarray) -> _Pairs:
    """Each of the cores at these places with every other core that it is alike to."""
    turned = sp.csr_matrix(centres.T)

    def pairs_of(start: int) -> _Pairs:
        some = places[start : start + ROWS_AT_ONCE]
        products = sp.coo_matrix(centres[some] @ turned)
        one, other = some[products.row], products.col
        enough = (products.data >= ALIKE) & (one != other)
        return one[enough], other[enough], products.data[enough]

    found = at_once(pairs_of, range(0, len(places), ROWS_AT_ONCE), PROCESSORS)
    empty = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32)
    one, other, likeness = (np.concatenate(each) for each in zip(empty, *found, strict=True))
    return one, other, likeness


def _alike_again(
    pairs: _Pairs, centres: sp.csr_matrix, grown: np.ndarray, gone: np.ndarray
) -> _Pairs:
    """The pairs once some clusters have grown and some are gone: only those of the grown ones are
    compared again, each with all."""
    is_grown = np.zeros(len(gone), dtype=bool)
    is_grown[grown] = True
    stays = ~(is_grown | gone)
    one, other, likeness = pairs
    old = stays[one] & stays[other]
    new_one, new_other, new_likeness = _alike(centres, grown)
    back = ~is_grown[new_other]
    return (
        np.concatenate([one[old], new_one, new_other[back]]),
        np.concatenate([other[old], new_other, new_one[back]]),
        np.concatenate([likeness[old], new_likeness, new_likeness[back]]),
    )


def _nearest_of(pairs: _Pairs, count: int) -> np.ndarray:
    """For each cluster the one that it is most alike to, the first of several; itself if none."""
    one, other, likeness = pairs
    best = np.zeros(count, dtype=np.float32)
    np.maximum.at(best, one, likeness)
    first = np.full(count, count)
    is_best = likeness == best[one]
    np.minimum.at(first, one[is_best], other[is_best])
    return np.where(first < count, first, np.arange(count))


def attached(
    rows: sp.csr_matrix, labels: np.ndarray, tickets: np.ndarray, most: float = np.inf
) -> np.ndarray:
    """The labels, with each text that belongs nowhere at the core that it is near to, if any.

    Texts of many tickets join only clusters of which they are at most a share of `most`: else a
    rare complaint would take in a frequent one.
    """
    single = np.flatnonzero(labels < 0)
    centres = cores(rows, labels, tickets)
    if not len(single) or not centres.shape[0]:
        return labels
    nearest, likeness = _nearest(rows[single], centres)
    labels = labels.copy()
    near = likeness >= NEAR
    sizes = np.bincount(labels[labels >= 0], weights=tickets[labels >= 0])
    own = tickets[single]
    near &= (own < FEWEST_TICKETS) | (own <= most * sizes[nearest])
    labels[single[near]] = nearest[near]
    return labels


def resembling(rows: sp.csr_matrix, labels: np.ndarray, is_new: np.ndarray) -> np.ndarray:
    """The labels, with each new text in the cluster of the text that it is most like, if it is
    alike: the core of a complaint in two languages is near to neither.

    Very many new ones keep what they have.
    """
    new, placed = np.flatnonzero(is_new), np.flatnonzero(labels >= 0)
    if not len(new) or not len(placed) or len(new) * len(placed) > MOST_PAIRS:
        return labels
    nearest, likeness = _nearest(rows[new], sp.csr_matrix(rows[placed]))
    labels = labels.copy()
    alike = likeness >= ALIKE
    labels[new[alike]] = labels[placed[nearest[alike]]]
    return labels


def joined(words_of: sp.csr_matrix, words: sp.csr_matrix, centres: sp.csr_matrix) -> np.ndarray:
    """The label of the core that each text is near to, -1 where there is none.

    A text is the sum of its words (`LetterGroups.words`), so that each word is compared with the
    cores once, not each text; a letter group that two of its words have counts twice.
    """
    summed = sp.csr_matrix(words_of @ words)
    lengths = np.sqrt(np.asarray(summed.multiply(summed).sum(axis=1)).ravel())
    used = np.unique(centres.indices)
    words, centres = sp.csr_matrix(words[:, used]), sp.csr_matrix(centres[:, used])

    def nearest(start: int) -> tuple[np.ndarray, np.ndarray]:
        some = centres[start : start + CENTRES_AT_ONCE].toarray()
        alike = words_of @ (words @ np.ascontiguousarray(some.T))
        best = alike.argmax(axis=1)
        return start + best, alike[np.arange(len(best)), best]

    found = at_once(nearest, range(0, centres.shape[0], CENTRES_AT_ONCE), PROCESSORS)
    best, alike = (np.stack(each) for each in zip(*found, strict=True))
    first, own = alike.argmax(axis=0), np.arange(words_of.shape[0])
    near = (lengths > 0) & (alike[first, own] >= NEAR * lengths)
    return np.where(near, best[first, own], -1)


def _nearest(rows: sp.csr_matrix, centres: sp.csr_matrix) -> tuple[np.ndarray, np.ndarray]:
    """For each row the place of the nearest centre, and how alike they are, 0 to 1."""
    nearest = np.zeros(rows.shape[0], dtype=np.int64)
    likeness = np.zeros(rows.shape[0], dtype=np.float32)
    turned = sp.csr_matrix(centres.T)

    at_a_time = min(ROWS_AT_ONCE, max(CELLS_AT_ONCE // max(centres.shape[0], 1), 1))

    def fill(start: int) -> None:
        alike = (rows[start : start + at_a_time] @ turned).toarray()
        own = np.arange(alike.shape[0])
        best = alike.argmax(axis=1)
        nearest[start + own] = best
        likeness[start + own] = alike[own, best]

    at_once(fill, range(0, rows.shape[0], at_a_time), PROCESSORS)
    return nearest, likeness
