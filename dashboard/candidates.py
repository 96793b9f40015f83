"""Candidates as they stand, and when their tickets were opened: looked up once for each of them.

A new build or a new decision asks anew, whatever is filtered does not.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import partial

import polars as pl
import streamlit as st

from dashboard.answers import Kept
from dashboard.session import Data, warehouse
from insights import standing
from insights.decisions import decisions
from insights.standing import Order

MOST = 400


def candidates(data: Data, order: Order, *, with_dismissed: bool = False) -> pl.DataFrame:
    """All candidates in an order, as `insights.standing` tells them."""
    kept = warehouse().kept
    return _kept().get(
        (_stand(data), order, with_dismissed),
        lambda: standing.candidates(
            data.connection, kept, data.policy, order, with_dismissed=with_dismissed
        ),
    )


def openings(data: Data, names: Sequence[str]) -> pl.DataFrame:
    """When the tickets of some candidates were opened, as `insights.standing` tells them."""
    stand, kept = _stand(data), _kept()
    unknown = [name for name in names if (stand, name) not in kept]
    if unknown:
        found = _asked(data, *unknown)
        parts = [found.filter(pl.col("candidate_id") == name) for name in unknown]
        kept.keep([(stand, name) for name in unknown], lambda: parts)
    each = [kept.get((stand, name), partial(_asked, data, name)) for name in names]
    return pl.concat(each).sort("opened_at", "number") if each else _asked(data)


def _asked(data: Data, *names: str) -> pl.DataFrame:
    return standing.openings(data.connection, warehouse().kept, names)


def _stand(data: Data) -> Hashable:
    """The build, and what people have decided since."""
    return data.key, tuple(decisions(warehouse().kept))


@st.cache_resource(max_entries=1, show_spinner=False)
def _kept() -> Kept[pl.DataFrame]:
    return Kept(MOST)
