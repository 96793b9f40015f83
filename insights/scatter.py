"""How far gaps lie from one length, or from twice or three times it where one was missed."""

from __future__ import annotations

import numpy as np


def scatter(gaps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each row of gaps how far they lie from a period or its double or triple, as a share of
    the period, and the period. A multiple costs something, or any gaps would do."""
    best = np.full(gaps.shape[0], np.inf)
    period = np.zeros(gaps.shape[0])
    in_order = np.sort(gaps, axis=1)
    for quantile in (0.3, 0.5, 0.65):
        guess = np.maximum(in_order[:, [round(quantile * (gaps.shape[1] - 1))]], 1e-9)
        # the mean of what lies near the guess is a better period than one gap
        near = np.abs(gaps / guess - 1) < 0.35
        guess = (gaps * near).sum(axis=1, keepdims=True) / near.sum(axis=1, keepdims=True)
        ratio = gaps / guess
        away = np.minimum(np.abs(ratio - 1), 0.15 + np.abs(ratio / 2 - 1) * 2)
        away = np.minimum(away, 0.25 + np.abs(ratio / 3 - 1) * 3)
        scattered = np.minimum(away, 0.6).mean(axis=1)
        better = scattered < best
        best[better] = scattered[better]
        period[better] = guess[better, 0]
    return best, period
