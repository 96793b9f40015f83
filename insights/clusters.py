"""Texts that say the same thing: HDBSCAN within blocks, then like clusters made one.

HDBSCAN is quadratic, so texts are clustered service by service, large blocks in parts; what was
cut apart by that, or by a greeting, is joined again by the likeness of the cores.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from insights.vectors import cores

DIMENSIONS = 64
FEWEST_TEXTS = 4  # distinct texts that make a cluster
FEWEST_TICKETS = 5  # tickets with one text that make a cluster of their own
LARGEST_PART = 1_500
ALIKE = 0.78  # cores more alike than this are one cluster
NEAR = 0.62  # a single text this near to a core belongs to it
SEED = 20_251
ROWS_AT_ONCE = 2_000


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
    for block in np.unique(blocks[left]):
        for part in _parts(rows, left[blocks[left] == block]):
            found = _within(rows[part], tickets[part])
            labels[part[found >= 0]] = found[found >= 0] + next_label
            next_label += int(found.max(initial=-1)) + 1
    labels = merged(rows, labels, tickets, first)
    return attached(rows, labels, tickets)


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


def _within(rows: sp.csr_matrix, tickets: np.ndarray) -> np.ndarray:
    """Labels within one part, from 0; a text of many tickets is a cluster by itself."""
    if rows.shape[0] >= 2 * FEWEST_TEXTS:
        from sklearn.cluster import HDBSCAN  # takes two seconds to import: not for a few texts

        labels = HDBSCAN(
            min_cluster_size=FEWEST_TEXTS,
            min_samples=FEWEST_TEXTS - 1,
            algorithm="brute",  # in parts of this size faster than trees of 64 dimensions
            copy=True,
        ).fit_predict(_reduced(rows))
        labels = np.where(labels < 0, -1, labels)
    else:
        labels = np.full(rows.shape[0], -1)
    often = np.flatnonzero((labels < 0) & (tickets >= FEWEST_TICKETS))
    labels[often] = np.arange(len(often)) + int(labels.max(initial=-1)) + 1
    return labels


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
    while True:
        centres = cores(rows, labels, tickets)
        nearest, likeness = _nearest(centres, centres, other_than_itself=True)
        own = np.arange(len(nearest))
        mutual = (nearest[nearest] == own) & (likeness >= ALIKE) & (nearest < own)
        mutual &= own >= first_new
        if not mutual.any():
            return labels
        becomes = np.where(mutual, nearest, own)
        labels[labels >= 0] = becomes[labels[labels >= 0]]
        kept = np.unique(labels[labels >= first_new])
        labels[labels >= first_new] = first_new + np.searchsorted(kept, labels[labels >= first_new])


def attached(rows: sp.csr_matrix, labels: np.ndarray, tickets: np.ndarray) -> np.ndarray:
    """The labels, with each text that belongs nowhere at the core that it is near to, if any."""
    single = np.flatnonzero(labels < 0)
    centres = cores(rows, labels, tickets)
    if not len(single) or not centres.shape[0]:
        return labels
    nearest, likeness = _nearest(rows[single], centres)
    labels = labels.copy()
    near = likeness >= NEAR
    labels[single[near]] = nearest[near]
    return labels


def _nearest(
    rows: sp.csr_matrix, centres: sp.csr_matrix, *, other_than_itself: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """For each row the place of the nearest centre, and how alike they are, 0 to 1."""
    nearest = np.zeros(rows.shape[0], dtype=np.int64)
    likeness = np.zeros(rows.shape[0], dtype=np.float32)
    turned = sp.csc_matrix(centres.T)
    for start in range(0, rows.shape[0], ROWS_AT_ONCE):
        alike = (rows[start : start + ROWS_AT_ONCE] @ turned).toarray()
        own = np.arange(alike.shape[0])
        if other_than_itself:
            alike[own, own + start] = 0
        best = alike.argmax(axis=1)
        nearest[start + own] = best
        likeness[start + own] = alike[own, best]
    return nearest, likeness
