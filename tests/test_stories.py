"""The stories planted in the sample data, each measured in the written files."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

import polars as pl

from tests.sample_files import (
    SHOWN,
    STORIES,
    mean,
    read,
    working_seconds,
)


def test_the_database_times_out_every_three_to_four_weeks(tickets: pl.DataFrame) -> None:
    story = STORIES["database_timeouts"]
    found = tickets.filter(pl.col("number").is_in(story["tickets"])).sort("opened_at")
    assert found.height == 11
    gaps = found["opened_at"].diff().drop_nulls().dt.total_hours() / 24
    assert gaps.is_between(*story["gap_days"]).all()
    assert (found["business_service"] == story["service"]).all()
    assert (found["close_code"] == story["resolution_code"]).all()
    assert found["close_notes"].str.contains("(?i)restart|reini|bounced").all()
    assert found["problem_id"].null_count() == 11
    assert found["short_description"].n_unique() == 11
    assert found["assignment_group"].n_unique() > 1


def test_p2_resolution_falls_with_the_escalation_rules(tickets: pl.DataFrame) -> None:
    story = STORIES["p2_escalation"]
    urgent = tickets.filter(pl.col("priority") == "2 - High", pl.col("hours").is_not_null())
    after = pl.col("opened_at") >= datetime.combine(story["on"], time())
    old, new = urgent.filter(~after)["hours"], urgent.filter(after)["hours"]
    assert old.len() > 600 and new.len() > 300
    ratio = mean(new) / mean(old)
    spread = sum(
        mean((half - mean(half)) ** 2) / mean(half) ** 2 / half.len() for half in (old, new)
    )
    error = ratio * spread**0.5
    assert abs(ratio - story["ratio"]) < 0.04
    assert ratio - 1.96 * error < story["ratio"] < ratio + 1.96 * error < 1


def test_a_wave_follows_the_change_within_the_hour(exports: Path, tickets: pl.DataFrame) -> None:
    story = STORIES["change_wave"]
    changes = read(exports / "change_request.csv")
    (ended,) = changes.filter(number=story["change"])["work_end"].str.to_datetime(SHOWN)
    hour = tickets.filter(
        pl.col("business_service") == story["service"],
        pl.col("opened_at").is_between(ended, ended + timedelta(hours=1)),
    )
    assert 25 <= len(story["tickets"]) <= 40
    assert set(story["tickets"]) <= set(hour["number"])
    titles = hour.filter(pl.col("number").is_in(story["tickets"]))["short_description"]
    assert titles.str.contains("(?i)certific").all()
    parent = tickets.filter(number=story["parent"])
    assert parent["major_incident_state"].item() == "Accepted"
    assert parent["caused_by"].item() == story["change"]
    assert hour.filter(parent_incident=story["parent"]).height > 8


def test_monitoring_lets_the_time_to_detect_collapse(tickets: pl.DataFrame) -> None:
    story = STORIES["monitoring"]
    seconds = (pl.col("u_detected_at") - pl.col("u_impact_started_at")).dt.total_seconds()
    known = tickets.filter(business_service=story["service"]).with_columns(seconds=seconds)
    after = pl.col("opened_at") >= datetime.combine(story["on"], time())
    before_median = known.filter(~after)["seconds"].median()
    after_median = known.filter(after)["seconds"].median()
    assert isinstance(before_median, float) and isinstance(after_median, float)
    assert before_median > story["before_at_least_seconds"]
    assert after_median < story["after_at_most_seconds"]
    by_monitoring = known.filter(~after, contact_type="Monitoring")
    assert by_monitoring.is_empty()


def test_one_group_holds_tickets_shortly_before_their_deadline(events: pl.DataFrame) -> None:
    story = STORIES["holds_before_deadline"]
    holds = events.filter(
        pl.col("incident_state") == "On Hold",
        pl.col("priority").str.contains("^[34]"),
        pl.col("incident_state").shift().over("number") != "On Hold",
    ).unique("number", keep="first", maintain_order=True)
    late: dict[str, bool] = {}
    for number, priority, opened, held in holds.select(
        "number", "priority", "opened_at", "sys_updated_at"
    ).iter_rows():
        target = (16 if priority.startswith("3") else 40) * 3600
        used = working_seconds(opened, held) / target
        late[number] = 1 - story["last_share_of_target"] <= used < 1
    planted = [number for number in story["tickets"] if number in late]
    assert len(planted) > 300
    assert sum(late[number] for number in planted) / len(planted) > 0.97
    by_group = (
        holds.with_columns(late=pl.col("number").replace_strict(late))
        .group_by("assignment_group")
        .agg(pl.col("late").mean())
    )
    shares = dict(by_group.iter_rows())
    assert shares.pop(story["group"]) > 0.4
    assert max(shares.values()) < 0.15


def test_requests_are_logged_as_incidents(tickets: pl.DataFrame) -> None:
    story = STORIES["requests_as_incidents"]
    low, high = story["share"]
    assert low <= len(story["tickets"]) / tickets.height <= high
    found = tickets.filter(pl.col("number").is_in(story["tickets"]))
    asked = found["short_description"].str.contains(
        "(?i)request|grant|need|please|new |create|like to order|equipment"
        "|solicit|alta|dar perm|petici|instalar"
    )
    assert mean(asked) > 0.97


def test_one_month_rises_only_by_its_mix_of_priorities(tickets: pl.DataFrame) -> None:
    story = STORIES["mix_month"]
    resolved = tickets.filter(pl.col("hours").is_not_null()).with_columns(
        month=pl.col("resolved_at").dt.strftime("%Y-%m")
    )
    month = resolved.filter(month=story["month"])
    around = resolved.filter(pl.col("month").is_in(["2025-09", "2025-11"]))
    rise = mean(month["hours"]) / mean(around["hours"])
    assert rise >= story["rises_at_least"]
    for priority in ("2 - High", "3 - Moderate", "4 - Low"):
        then = mean(month.filter(priority=priority)["hours"])
        usual = mean(around.filter(priority=priority)["hours"])
        assert abs(then / usual - 1) < 0.1, priority


def test_some_p1s_were_never_reviewed(exports: Path, tickets: pl.DataFrame) -> None:
    story = STORIES["missing_reviews"]
    reviewed = set(read(exports / "reviews.csv", "utf-8")["ticket_id"].str.slice(11))
    critical = tickets.filter(pl.col("priority") == "1 - Critical")
    missing = set(critical.filter(~pl.col("number").is_in(list(reviewed)))["number"])
    assert len(story["tickets"]) > 15
    assert set(story["tickets"]) <= missing
    assert critical.height - len(missing) > 80


def test_one_customer_is_served_worse(tickets: pl.DataFrame) -> None:
    story = STORIES["worse_customer"]
    for column in ("hours", "u_satisfaction", "made_sla"):
        known = tickets.filter(pl.col("company").is_not_null(), pl.col(column).is_not_null())
        values = known[column] == "true" if column == "made_sla" else known[column]
        by_customer = {
            customer: mean(values.filter(known["company"] == customer))
            for customer in known["company"].unique()
        }
        worst = by_customer.pop(story["customer"])
        if column == "hours":
            assert worst > 1.2 * max(by_customer.values())
        else:
            assert worst < min(by_customer.values()), column
