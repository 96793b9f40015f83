"""Kept promises by a dimension, the widest gap to the target first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import wording
from dashboard.bullets import Bullet
from dashboard.filters import View
from dashboard.session import Data, answer

KEPT = "sla_compliance"


def gaps(data: Data, view: View, dimension: str) -> list[Bullet]:
    """The due figure cut by a dimension, the lowest first."""
    metric = data.metrics[KEPT]
    now = answer(data, metric, view.of_month(dimension))
    earlier: Mapping[str, Any] = {}
    if view.compared:
        rows = answer(data, metric, view.of(view.compared, dimension)).rows
        earlier = dict(rows.select("bucket", "value").iter_rows())
    found = []
    for row in now.rows.filter(pl.col("value").is_not_null()).iter_rows(named=True):
        name = wording.value_name(row["bucket"])
        found.append(
            Bullet(
                label=name,
                opens=(KEPT, dimension, row["bucket"]),
                value=row["value"],
                before=earlier.get(row["bucket"]),
                n=row["n"],
            )
        )
    return sorted(found, key=lambda each: each.value)
