"""Texts as vectors of letter groups: rows of a sparse matrix, alike where the words are alike.

Groups of three to five letters within words forgive a slip of the fingers and an ending, in any
language. They are cut from each word once, not from each text: a hundred thousand texts share some
ten thousand words.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.preprocessing import normalize

LETTERS = (3, 5)
MOST_FEATURES = 60_000
FEW_TEXTS = 1_000
CORE = 0.3  # the share of a cluster's tickets that must have a letter group for it to count


def letter_groups(texts: Sequence[str]) -> sp.csr_matrix:
    """One row per text, weighted by how rare a group is, of length one.

    Raises ValueError where no text has a word.
    """
    by_word = CountVectorizer(analyzer=str.split, binary=True, dtype=np.float32)
    words_of = by_word.fit_transform(texts)
    groups = CountVectorizer(
        analyzer="char_wb", ngram_range=LETTERS, binary=True, dtype=np.float32
    ).fit_transform(by_word.get_feature_names_out())
    counts = sp.csr_matrix(words_of @ groups)
    counts.data[:] = 1
    texts_with = np.bincount(counts.indices, minlength=counts.shape[1])
    # among many texts, what one alone has tells nothing of likeness; the commonest say most
    wanted = np.flatnonzero(texts_with >= (2 if len(texts) > FEW_TEXTS else 1))
    if len(wanted) > MOST_FEATURES:
        wanted = np.sort(wanted[np.argsort(-texts_with[wanted], kind="stable")[:MOST_FEATURES]])
    weighted = TfidfTransformer().fit_transform(counts[:, wanted])
    return sp.csr_matrix(weighted, dtype=np.float32)


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
    return sp.csr_matrix(normalize(means), dtype=np.float32)
