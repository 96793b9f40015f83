"""The sample exports: the same bytes for a seed, true to the tool, with the stories in them.

Everything is measured in the written files, as a loader would find it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import holidays
import polars as pl
import pytest

from pipelines.contract import TICKETS
from policies.read import read_policy
from sample_data.generate import write_exports
from sample_data.stories_file import stories_toml

ROOT = Path(__file__).parent.parent
STORIES: dict[str, dict[str, Any]] = tomllib.loads(
    (ROOT / "sample_data" / "stories.toml").read_text("utf-8")
)
SHOWN = "%d/%m/%Y %H:%M:%S"
EXPORTED = datetime(2026, 10, 31, 23, 40)
HOLIDAYS = holidays.country_holidays("ES", subdiv="MD", years=range(2024, 2028))
INSTANTS = (
    "opened_at",
    "sys_created_at",
    "sys_updated_at",
    "resolved_at",
    "closed_at",
    "sla_due",
    "u_impact_started_at",
    "u_detected_at",
)


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default sample in a folder of its own, with its stories beside it."""
    folder = tmp_path_factory.mktemp("exports")
    history = write_exports(folder)
    text = stories_toml(history.tickets, history.planted)
    (folder.parent / "stories.toml").write_text(text, encoding="utf-8")
    return folder


def read(path: Path, encoding: str = "cp1252") -> pl.DataFrame:
    """A CSV as text, empty cells as null."""
    return pl.read_csv(path.read_bytes().decode(encoding).encode(), infer_schema=False)


@pytest.fixture(scope="session")
def events(exports: Path) -> pl.DataFrame:
    """The event form: one row per update, instants as local wall-clock times."""
    return read(exports / "incident_events.csv").with_columns(
        pl.col(INSTANTS).str.to_datetime(SHOWN), pl.col("sys_mod_count").cast(pl.Int64)
    )


@pytest.fixture(scope="session")
def tickets(events: pl.DataFrame) -> pl.DataFrame:
    """One row per ticket, as its last update left it, with hours from opened to resolved."""
    return (
        events.sort("number", "sys_mod_count")
        .group_by("number", maintain_order=True)
        .last()
        .with_columns(hours=(pl.col("resolved_at") - pl.col("opened_at")).dt.total_seconds() / 3600)
    )


def mean(values: pl.Series) -> float:
    """The mean of numbers, or the share of true."""
    found = values.cast(pl.Float64).mean()
    assert isinstance(found, float)
    return found


def near_clock_change(column: str) -> pl.Expr:
    """Times in the night in which an hour is repeated, where wall-clock order may deceive."""
    moment = pl.col(column)
    nights = [date(2025, 10, 26), date(2026, 10, 25)]
    return moment.dt.date().is_in(nights) & (moment.dt.hour() < 3)


def working_seconds(start: datetime, end: datetime) -> int:
    """Office seconds between two local times, counted day by day."""
    total = 0.0
    day = start.date()
    while day <= end.date():
        windows = [("09:00", "14:00"), ("15:00", "18:00")]
        if day.weekday() > 4 or day in HOLIDAYS or (day.month, day.day) == (12, 31):
            windows = []
        elif (day.month, day.day) == (12, 24):
            windows = windows[:1]
        for opens, closes in windows:
            first = max(start, datetime.combine(day, time.fromisoformat(opens)))
            last = min(end, datetime.combine(day, time.fromisoformat(closes)))
            total += max((last - first).total_seconds(), 0)
        day += timedelta(days=1)
    return int(total)


def run_generator(folder: Path, *options: str, hash_seed: str) -> dict[str, bytes]:
    subprocess.run(
        [sys.executable, "-m", "sample_data.generate", "--out", str(folder), *options],
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": "Asia/Tokyo"},
        capture_output=True,
    )
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_seed_means_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    first = run_generator(tmp_path / "a", "--tickets", "900", hash_seed="1")
    again = run_generator(tmp_path / "b", "--tickets", "900", hash_seed="2")
    other = run_generator(tmp_path / "c", "--tickets", "900", "--seed", "7", hash_seed="1")
    assert first == again
    assert first["incident_events.csv"] != other["incident_events.csv"]


def test_the_stories_file_is_that_of_the_default_seed(exports: Path) -> None:
    written = (exports.parent / "stories.toml").read_text("utf-8")
    assert written == (ROOT / "sample_data" / "stories.toml").read_text("utf-8")


def test_files_are_written_as_the_tool_writes_them(exports: Path) -> None:
    raw = (exports / "incident_events.csv").read_bytes()
    assert len(raw) < 60_000_000
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    text = raw.decode("cp1252")
    first = text.split("\r\n", 2)[1]
    assert re.search(r",\d\d/\d\d/20\d\d \d\d:\d\d:\d\d,", first)
    lone_breaks = text.count("\n") - text.count("\r\n")
    assert lone_breaks > 1000, "descriptions hold line breaks inside quotes"
    reviews = read(exports / "reviews.csv", "utf-8")
    assert reviews["ticket_id"].str.starts_with("servicenow:INC").all()
    assert reviews["held_at"].str.contains(r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+0[12]:00$").all()


def test_about_twenty_thousand_tickets_in_twenty_four_months(
    events: pl.DataFrame, tickets: pl.DataFrame
) -> None:
    assert 19_000 <= tickets.height <= 21_000
    assert events.height % 10_000 != 0
    months = tickets["opened_at"].dt.strftime("%Y-%m").unique()
    assert months.len() == 24
    assert months.min() == "2024-11" and months.max() == "2026-10"
    newest = events["sys_updated_at"].max()
    assert isinstance(newest, datetime)
    assert EXPORTED - timedelta(minutes=5) < newest <= EXPORTED


def test_values_are_display_values_in_lifelike_shares(tickets: pl.DataFrame) -> None:
    def share(column: str, value: str) -> float:
        return mean(tickets[column].fill_null("") == value)

    states = "New, In Progress, On Hold, Resolved, Closed, Canceled"
    assert set(tickets["incident_state"]) == set(states.split(", "))
    assert 0.006 < share("priority", "1 - Critical") < 0.015
    assert 0.055 < share("priority", "2 - High") < 0.085
    assert 0.95 < share("reopen_count", "0") < 0.985
    assert 0.15 < mean(tickets["u_satisfaction"].is_not_null()) < 0.2
    channels = "Phone, Email, Self-service, Chat, Monitoring, Walk-in"
    assert set(tickets["contact_type"]) == set(channels.split(", "))
    assert tickets["business_service"].n_unique() == 14
    assert tickets["assignment_group"].n_unique() == 12
    matrix = {"11": "1", "12": "2", "21": "2", "13": "3", "22": "3", "31": "3"}
    key = pl.col("impact").str.head(1) + pl.col("urgency").str.head(1)
    conform = tickets.select(
        key.replace_strict(matrix, default="4") == pl.col("priority").str.head(1)
    )
    assert 0.9 < mean(conform.to_series()) < 0.97


def test_the_sample_policy_knows_the_services_and_groups(tickets: pl.DataFrame) -> None:
    policy = read_policy(ROOT / "sample_data" / "policy.toml", TICKETS.names)
    assert {service.name for service in policy.service} == set(tickets["business_service"])
    assert set(policy.groups.first_level) <= set(tickets["assignment_group"])
    first = tickets.group_by("business_service").agg(pl.col("opened_at").min().dt.date())
    since = {service.name: service.since for service in policy.service}
    assert all(since[name] <= opened for name, opened in first.iter_rows())


def test_timelines_are_consistent(events: pl.DataFrame, tickets: pl.DataFrame) -> None:
    ordered = events.sort("number", "sys_mod_count", maintain_order=True)
    assert ordered["number"].equals(events["number"]), "rows come by number and update"
    steps = events.with_columns(
        step=pl.col("sys_updated_at").diff().over("number"),
        counted=pl.col("sys_mod_count").diff().over("number"),
    ).filter(pl.col("step").is_not_null())
    assert (steps["counted"] == 1).all()
    back = steps.filter(pl.col("step") < timedelta(0), ~near_clock_change("sys_updated_at"))
    assert back.is_empty()
    close = steps.filter(pl.col("step") < timedelta(minutes=1))
    assert close.height > 2000, "several updates within a minute"
    sane = tickets.filter(~near_clock_change("opened_at"))
    assert (sane["opened_at"] <= sane["sys_created_at"]).all()
    assert (sane["hours"].drop_nulls() > 0).all()
    assert (sane["closed_at"] >= sane["resolved_at"]).drop_nulls().all()
    assert (sane["u_impact_started_at"] <= sane["opened_at"]).drop_nulls().all()
    assert (events["sys_updated_at"] <= EXPORTED).all()


def test_most_tickets_close_by_themselves_five_days_after_resolution(events: pl.DataFrame) -> None:
    closings = events.filter(
        pl.col("incident_state") == "Closed", pl.col("sys_updated_by") == "system"
    )
    waited = (closings["closed_at"] - closings["resolved_at"]).dt.total_hours()
    assert closings.height > 15_000
    assert waited.is_between(118, 122).all()


def test_life_leaves_loose_ends(tickets: pl.DataFrame) -> None:
    state = pl.col("incident_state")
    waiting = tickets.filter(state.is_in(["New", "In Progress", "On Hold"]))
    assert 60 < waiting.height < 600
    assert tickets.filter(state == "Closed", pl.col("resolved_at").is_null()).height > 30
    assert tickets.filter(pl.col("u_duplicate_of").is_not_null()).height > 50
    assert tickets.filter(pl.col("parent_incident").is_not_null()).height > 100
    assert tickets.filter(pl.col("problem_id").is_not_null()).height > 200
    assert tickets.filter(pl.col("caused_by").is_not_null()).height > 20
    texts = tickets.select(pl.col(pl.String))
    assert not any((texts[column] == "?").any() for column in texts.columns)


def test_links_point_to_records_that_exist(exports: Path, tickets: pl.DataFrame) -> None:
    changes = set(read(exports / "change_request.csv")["number"])
    problems = read(exports / "problem.csv")
    known = set(tickets["number"])
    assert set(tickets["problem_id"].drop_nulls()) <= set(problems["number"])
    assert set(tickets["rfc"].drop_nulls()) <= changes
    assert set(problems["rfc"].drop_nulls()) <= changes
    assert set(tickets["caused_by"].drop_nulls()) <= changes
    assert set(tickets["parent_incident"].drop_nulls()) <= known
    assert set(tickets["u_duplicate_of"].drop_nulls()) <= known
    reviewed = read(exports / "reviews.csv", "utf-8")["ticket_id"].str.slice(len("servicenow:"))
    assert set(reviewed) <= known


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


def test_the_tools_own_flag_mostly_agrees_with_a_plain_computation(tickets: pl.DataFrame) -> None:
    slow = tickets.filter(pl.col("hours").is_not_null(), pl.col("priority").str.contains("^[12]"))
    target = pl.when(pl.col("priority") == "1 - Critical").then(4).otherwise(12)
    plain = slow.select((pl.col("hours") <= target) == (pl.col("made_sla") == "true")).to_series()
    assert 0.9 < mean(plain) < 1
    assert tickets["sla_due"].null_count() == 0


def test_a_p1_gets_word_about_every_quarter_of_an_hour(events: pl.DataFrame) -> None:
    steps = (
        events.filter(
            pl.col("priority") == "1 - Critical",
            pl.col("incident_state").is_in(["In Progress", "New"]),
        )
        .with_columns(
            minutes=pl.col("sys_updated_at").diff().over("number").dt.total_seconds() / 60
        )
        .filter(pl.col("minutes") > 8)["minutes"]
    )
    assert mean(steps.is_between(8, 20)) > 0.6
    assert mean(steps > 20) > 0.08, "and sometimes it is missed"
