"""The sample exports: the same bytes for a seed, true to the tool, and consistent.

Everything is measured in the written files, as a loader would find it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipelines.contract import TICKETS
from policies.read import read_policy
from tests.sample_files import (
    EXPORTED,
    ROOT,
    mean,
    near_clock_change,
    read,
)


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
