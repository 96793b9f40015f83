"""Natural process limits, worked by hand."""

from __future__ import annotations

import pytest

from insights.limits import process_limits


def test_limits_are_the_mean_and_its_mean_moving_range() -> None:
    limits = process_limits([10, 12, 10, 12, 10, 12])
    assert limits is not None
    assert limits.mean == 11
    assert limits.low == pytest.approx(11 - 2.66 * 2)
    assert limits.high == pytest.approx(11 + 2.66 * 2)
    assert limits.signals == ()


def test_fewer_than_six_points_have_no_limits() -> None:
    assert process_limits([1, 2, None, 3, 4, 5]) is None


def test_a_point_outside_is_a_signal_at_its_own_place() -> None:
    limits = process_limits([10, None, 11, 10, 11, 10, 11, 10, 40])
    assert limits is not None
    assert limits.signals == (8,)


def test_eight_in_a_row_on_one_side_are_a_signal() -> None:
    limits = process_limits([20, 8, 9, 8, 9, 8, 9, 8, 9, 20])
    assert limits is not None
    assert 8 in limits.signals


def test_a_share_has_no_limits_that_it_cannot_pass() -> None:
    limits = process_limits([0.9, 1.0, 0.9, 1.0, 0.9, 1.0], floor=0.0, ceiling=1.0)
    assert limits is not None
    assert limits.high == 1.0
