"""What should have followed an incident: reviews that are missing, actions not done, chains."""

from __future__ import annotations

from datetime import datetime

import pytest

from policies.model import Policy
from policies.refusal import Refused
from queries import listing
from queries.model.build import build_model
from tests.conftest import build_warehouse


def _closed(number: str, day: int, **more: object) -> dict[str, object]:
    return {
        "number": number,
        "kind": "incident",
        "state": "closed",
        "priority": "P1",
        "service": "Mail",
        "caller": "Eva",
        "category": "Fault",
        "subcategory": "Login",
        "opened_at": f"2026-10-{day:02} 08:00:00",
        "resolved_at": f"2026-10-{day:02} 10:00:00",
        "closed_at": f"2026-10-{day:02} 12:00:00",
        **more,
    }


def test_missing_reviews_and_overdue_actions_are_listed(policy: Policy) -> None:
    """Of four P1s closed by November 1, two have no review; one of those closed too late for it."""
    tickets = [
        _closed("HELD", 5),
        _closed("MISSING", 10),
        _closed("TOO_NEW", 30),
        _closed("ON_ROW", 12, reviewed_at="2026-10-13 09:00:00"),
    ]
    connection = build_warehouse(policy, tickets)
    for action, due, done in (
        ("Add a disk", "2026-10-22", None),
        ("Write it down", "2026-10-22", "2026-10-20"),
        ("Later", "2026-12-01", None),
        ("Some day", None, None),
    ):
        connection.execute(
            "insert into reviews (ticket_id, held_at, action, owner, due_at, done_at) "
            "values ('generic:HELD', '2026-10-06', ?, 'Ana', ?, ?)",
            [action, due, done],
        )
    build_model(connection, policy)
    (missing,) = listing.missing_reviews(connection).iter_rows(named=True)
    assert missing["number"] == "MISSING"
    assert missing["due_at"] == datetime(2026, 10, 13, 12)
    # from October 13, 12:00, to November 1, 0:00
    assert missing["days_overdue"] == pytest.approx(18.5)
    (action,) = listing.overdue_actions(connection).iter_rows(named=True)
    assert (action["action"], action["owner"]) == ("Add a disk", "Ana")
    assert action["days_overdue"] == pytest.approx(10)


def test_without_any_review_nobody_knows_what_is_missing(policy: Policy) -> None:
    connection = build_warehouse(policy, [_closed("ONE", 5)])
    assert listing.missing_reviews(connection).is_empty()


def test_chains_tell_their_gaps_and_what_came_after_the_fix(policy: Policy) -> None:
    """Eva on days 1, 5 and 15, after her problem was fixed on day 10; Leo on days 2 and 4, his
    problem not exported, Kim on days 2 and 3 without one."""
    tickets = [
        _closed("E1", 1, problem_id="generic:PRB1"),
        _closed("E2", 5),
        _closed("E3", 15),
        _closed("K1", 2, caller="Kim"),
        _closed("K2", 3, caller="Kim"),
        _closed("L1", 2, caller="Leo", problem_id="generic:PRB2"),
        _closed("L2", 4, caller="Leo"),
        _closed("M1", 4, caller="Mia"),
    ]
    connection = build_warehouse(policy, tickets)
    connection.execute(
        "insert into problems (problem_id, number, opened_at, resolved_at) "
        "values ('generic:PRB1', 'PRB1', '2026-10-02', '2026-10-10')"
    )
    eva, leo, kim = listing.chains(connection).iter_rows(named=True)
    assert (eva["number"], eva["incidents"], eva["repeats"]) == ("E1", 3, 2)
    assert (eva["shortest_gap_days"], eva["median_gap_days"]) == (4, 7)
    assert (eva["problem_state"], eva["problems"]) == ("recurred after the fix", "PRB1")
    assert (leo["number"], leo["problem_state"]) == ("L1", "open problem")
    assert (leo["problems"], kim["problem_state"]) == ("PRB2", "none")
    rows = {row["value"]: row for row in listing.repeats_by(connection, "caller").to_dicts()}
    assert set(rows) == {"Eva", "Kim", "Leo"}
    assert rows["Eva"]["repeat_rate"] == pytest.approx(2 / 3)
    assert rows["Leo"]["chains"] == 1
    with pytest.raises(Refused, match="no column colour"):
        listing.repeats_by(connection, "colour")
