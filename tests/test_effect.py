"""Before and after a marker: the effect, the mix held still, the honest verdict."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from insights.effect import effect
from insights.markers import Marker, markers, set_marker
from policies.model import Policy
from policies.refusal import Refused
from queries.catalogue import read_metrics
from tests.conftest import build_warehouse

METRICS = read_metrics()
ON = date(2026, 6, 1)
MARKER = Marker(ON, "New rules", {"kind": ("incident",)})
HOURS = {"P2": 10, "P4": 60}


def _tickets(seed: int, ratio: float, urgent_after: float = 0.5) -> list[dict[str, object]]:
    """Two priorities with their own durations; after the day, `ratio` of them and another mix."""
    dice = random.Random(seed)
    rows = []
    for number in range(800):
        opened = datetime(2026, 2, 1) + timedelta(hours=dice.randrange(240 * 24))
        is_after = opened.date() >= ON
        priority = "P2" if dice.random() < (urgent_after if is_after else 0.5) else "P4"
        hours = HOURS[priority] * dice.lognormvariate(0, 0.6) * (ratio if is_after else 1)
        rows.append(
            {
                "number": f"INC{number:04}",
                "kind": "incident",
                "state": "closed",
                "priority": priority,
                "category": dice.choice(("Software", "Network")),
                "opened_at": opened.isoformat(sep=" "),
                "resolved_at": (opened + timedelta(hours=hours)).isoformat(sep=" "),
            }
        )
    return rows


@pytest.mark.parametrize("seed", range(3))
def test_an_effect_is_told_with_an_interval_that_holds_it(policy: Policy, seed: int) -> None:
    connection = build_warehouse(policy, _tickets(seed, 0.62))
    found = effect(connection, METRICS["mttr"], MARKER, policy)
    assert found.verdict == "improved"
    assert found.relative_low is not None
    assert found.relative_high is not None
    assert found.relative_low <= -0.38 <= found.relative_high
    assert found.days == 120


def test_another_mix_is_no_effect(policy: Policy) -> None:
    """Fewer urgent tickets make the mean longer, while each priority is as fast as ever."""
    connection = build_warehouse(policy, _tickets(5, 1.0, urgent_after=0.1))
    found = effect(connection, METRICS["mttr"], MARKER, policy)
    assert found.before is not None
    assert found.after is not None
    assert found.after > 1.3 * found.before
    assert found.verdict == "cannot tell"
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0 < found.high


def test_worse_is_called_worse(policy: Policy) -> None:
    connection = build_warehouse(policy, _tickets(6, 1.6))
    assert effect(connection, METRICS["mttr"], MARKER, policy).verdict == "worse"


def test_counts_are_compared_per_day(policy: Policy) -> None:
    connection = build_warehouse(policy, _tickets(7, 1.0))
    found = effect(connection, METRICS["ticket_volume"], MARKER, policy)
    assert found.before == pytest.approx(found.n_before / found.days)
    assert found.verdict == "cannot tell"


def test_what_no_ticket_adds_to_is_refused(policy: Policy) -> None:
    connection = build_warehouse(policy, _tickets(8, 1.0))
    with pytest.raises(Refused, match="is a level"):
        effect(connection, METRICS["backlog"], MARKER, policy)
    with pytest.raises(Refused, match="days before and 0 after"):
        late = Marker(date(2027, 3, 1), "Later")
        effect(connection, METRICS["mttr"], late, policy)


def test_markers_come_from_the_policy_and_from_people(policy: Policy, tmp_path: Path) -> None:
    set_marker(tmp_path, Marker(date(2026, 5, 1), "More staff", {"service": ("Mail",)}, "ana"))
    assert [(each.title, each.who) for each in markers(policy, tmp_path)] == [("More staff", "ana")]
    with pytest.raises(Refused, match="needs a title"):
        set_marker(tmp_path, Marker(date(2026, 5, 1), " ", {}, "ana"))
    (tmp_path / "markers.ndjson").write_text("{}\n")
    with pytest.raises(Refused, match="line 1"):
        markers(policy, tmp_path)
