"""Before and after a marker: the effect, the mix held still, the honest verdict."""

from __future__ import annotations

import json
import random
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from insights.effect import effect
from insights.markers import Marker, markers, set_marker
from policies.model import Policy
from policies.refusal import Refused
from queries.catalogue import read_metrics
from terminal.recurrence import printed_effects
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


def test_what_was_open_on_the_day_is_no_effect_of_it(policy: Policy) -> None:
    """One ticket a day, each open for 20 days, from the day on for 10: the twenty that were open on
    the day are resolved after it."""
    rows = []
    for number in range(240):
        opened = datetime(2026, 2, 1, 12) + timedelta(days=number)
        lasts = timedelta(days=10 if opened.date() >= ON else 20)
        rows.append(
            {
                "number": f"INC{number:04}",
                "kind": "incident",
                "state": "closed",
                "opened_at": opened.isoformat(sep=" "),
                "resolved_at": (opened + lasts).isoformat(sep=" "),
            }
        )
    found = effect(build_warehouse(policy, rows), METRICS["mttr"], MARKER, policy)
    assert (found.days, found.n_before, found.n_after) == (120, 100, 130)
    assert found.after == pytest.approx((20 * 20 + 110 * 10) / 130 * 86_400)
    assert found.difference == pytest.approx(-10 * 86_400)
    assert found.share_compared == pytest.approx(210 / 230)


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


def test_the_terminal_tells_an_effect_in_words(policy: Policy) -> None:
    connection = build_warehouse(policy, _tickets(6, 1.6))
    measured = [METRICS["mttr"], METRICS["ticket_volume"]]
    table = printed_effects(connection, measured, [MARKER], policy, 60, "table")
    _, duration, count = table.splitlines()
    assert re.search(r"\d h .* \+\d.*worse$", duration)
    assert re.search(r" \d+\.\d\d .*cannot tell$", count)
    plain = json.loads(printed_effects(connection, measured[:1], [MARKER], policy, 60, "json"))
    assert plain[0]["difference"] > 0


def test_counts_are_compared_per_day(policy: Policy) -> None:
    connection = build_warehouse(policy, _tickets(7, 1.0))
    found = effect(connection, METRICS["ticket_volume"], MARKER, policy)
    assert found.before == pytest.approx(found.n_before / found.days)
    assert found.verdict == "cannot tell"


def test_levels_and_exposure_are_told_by_weeks_and_failures(policy: Policy) -> None:
    """Tickets that live twice as long make twice the backlog; failures do not change."""
    connection = build_warehouse(policy, _tickets(9, 2.0))
    backlog = effect(connection, METRICS["backlog"], MARKER, policy)
    assert backlog.before is not None
    assert backlog.relative_low is not None
    assert backlog.relative_high is not None
    assert 3 < backlog.before < 8  # 800 in 240 days, of some 42 hours each
    assert backlog.relative_low <= 1.0 <= backlog.relative_high
    assert (backlog.n_before, backlog.n_after) == (120, 120)
    assert backlog.verdict == "worse"
    same = build_warehouse(policy, _tickets(10, 1.0))
    assert effect(same, METRICS["backlog"], MARKER, policy).verdict == "cannot tell"
    with pytest.raises(Refused, match="4 weeks"):
        effect(same, METRICS["backlog"], MARKER, policy, days=20)


def test_time_between_failures_has_poisson_limits(policy: Policy) -> None:
    """A failure every four days before the day, every two days after it: half the time between."""
    days = [*range(0, 120, 4), *range(120, 240, 2)]
    tickets = [
        {
            "number": f"INC{day:03}",
            "kind": "incident",
            "state": "closed",
            "priority": "P1",
            "service": "Mail",
            "opened_at": f"{datetime(2026, 2, 1, 9) + timedelta(days=day)}",
            "resolved_at": f"{datetime(2026, 2, 1, 10) + timedelta(days=day)}",
        }
        for day in days
    ]
    connection = build_warehouse(policy, tickets)
    found = effect(connection, METRICS["mtbf"], Marker(ON, "New release"), policy)
    assert (found.n_before, found.n_after) == (30, 60)
    assert found.relative == pytest.approx(-0.5, abs=0.02)
    assert found.relative_low is not None
    assert found.relative_high is not None
    # exp(±1.96 sqrt(1/30 + 1/60)) is 0.645 and 1.550, times a half
    assert (found.relative_low, found.relative_high) == pytest.approx((-0.68, -0.22), abs=0.03)
    assert found.verdict == "worse"


def test_a_marker_beyond_the_data_is_refused(policy: Policy) -> None:
    connection = build_warehouse(policy, _tickets(8, 1.0))
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
