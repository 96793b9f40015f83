"""Services ranked by what they endanger, worked by hand."""

from __future__ import annotations

import pytest

from insights.risk import ranked, spent


def test_risk_is_the_spent_budget_times_one_and_the_major_incidents() -> None:
    found = ranked({"Mail": -1.0, "Wiki": 0.75}, {"Mail": 2, "Wiki": None}, {"Mail": 3, "Wiki": 1})
    # Mail used 2 budgets and had 2 major incidents: 2 x 3 = 6; Wiki used a quarter of its budget
    assert [(each.service, each.spent, each.majors, each.risk) for each in found] == [
        ("Mail", 2.0, 2, 6.0),
        ("Wiki", 0.25, 0, 0.25),
    ]


def test_without_an_objective_no_risk_is_told() -> None:
    found = ranked({"Wiki": 1.0}, {"Chat": 5}, {"Chat": 1, "Fax": 4})
    assert [(each.service, each.risk) for each in found] == [
        ("Wiki", 0.0),
        ("Fax", None),
        ("Chat", None),
    ]


@pytest.mark.parametrize(("left", "used"), [(1.0, 0.0), (0.0, 1.0), (-0.5, 1.5), (None, None)])
def test_what_is_not_left_is_spent(left: float | None, used: float | None) -> None:
    assert spent(left) == used
