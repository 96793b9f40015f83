"""Reading a policy: the default one works, a wrong one is refused in one helpful sentence."""

from __future__ import annotations

import tomllib
from datetime import date, time
from pathlib import Path

import pytest

from pipelines.contract import TICKETS
from policies.model import Policy
from policies.read import DEFAULT_POLICY, read_policy
from policies.refusal import Refused

DESIGN_EXAMPLE = """
timezone = "Europe/Madrid"
[calendars.office]
timezone = "Europe/Madrid"
mon = ["09:00-14:00", "15:00-18:00"]
holidays = { country = "ES", subdivision = "MD" }
from = 2025-01-01
[calendars.office.dates]
"2025-12-24" = ["09:00-14:00"]
"2025-12-31" = []
[[sla]]
name = "P1 resolution"
clock = "resolution"
where = { kind = "incident", priority = "P1" }
target = "4h"
calendar = "always"
pause = ["on_hold"]
retroactive = true
from = 2025-01-01
[[escalation]]
where = { priority = "P2" }
after = "30m"
[priority_matrix]
high = { high = "P1", medium = "P2", low = "P3" }
[outage]
where = { priority = "P1" }
[[service]]
name = "Mail"
since = 2024-01-01
calendar = "always"
slo = 0.999
[groups]
first_level = ["Service Desk"]
[definitions]
mttr_clock = "calendar"
first_contact_within = "1h"
repeat_key = ["caller", "category", "subcategory"]
repeat_days = 30
[targets]
sla_compliance = 0.95
[privacy]
pseudonymise = ["caller", "assignee"]
"""


def policy_of(tmp_path: Path, text: str) -> Policy:
    file = tmp_path / "policy.toml"
    file.write_text(text)
    return read_policy(file, TICKETS.names)


def test_default_policy_promises_response_and_resolution_for_p1_to_p4() -> None:
    policy = read_policy(None, TICKETS.names)
    promised = {
        (sla.clock, *sla.where["priority"]) for sla in policy.sla if "priority" in sla.where
    }
    for priority in ("P1", "P2", "P3", "P4"):
        assert {("response", priority), ("resolution", priority)} <= promised
    assert policy.priority_matrix["high"]["high"] == "P1"
    assert policy.default_calendar == "office"


def test_default_policy_writes_every_table_it_can() -> None:
    written = tomllib.loads(DEFAULT_POLICY.read_text())
    text = DEFAULT_POLICY.read_text()
    for name, field in Policy.model_fields.items():
        assert (field.alias or name) in written or f"{name} =" in text or f"[[{name}]]" in text


def test_design_example_is_read_whole(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, DESIGN_EXAMPLE)
    (office,) = policy.calendars["office"].versions
    assert [(w.opens, w.closes) for w in office.mon] == [(540, 840), (900, 1080)]
    assert office.dates[date(2025, 12, 31)] == ()
    assert office.from_day == date(2025, 1, 1)
    (sla,) = policy.sla
    assert sla.target is not None
    assert sla.target.seconds == 4 * 3600
    assert sla.where == {"kind": ("incident",), "priority": ("P1",)}
    assert policy.escalation[0].after == 1800
    assert policy.definitions.first_contact_within == 3600
    assert policy.privacy.pseudonymise == ("caller", "assignee")
    assert policy.service[0].since == date(2024, 1, 1)


def test_an_empty_policy_is_a_policy(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, "")
    assert policy.default_calendar == "always"
    assert set(policy.calendars) == {"always"}


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("90s", 90), ("15m", 900), ("4h", 14_400), ("1d", 86_400), ("1h 30m", 5400)],
)
def test_targets_in_calendar_time(tmp_path: Path, written: str, seconds: int) -> None:
    text = f'[[sla]]\nname = "x"\nclock = "response"\ntarget = "{written}"'
    target = policy_of(tmp_path, text).sla[0].target
    assert target is not None
    assert target.seconds == seconds


def test_targets_in_working_days_and_at_a_time(tmp_path: Path) -> None:
    text = """
        [[sla]]
        name = "days"
        clock = "resolution"
        target = "2 working days"
        [[sla]]
        name = "relative"
        clock = "resolution"
        target = "next working day 16:00"
    """
    days, relative = (sla.target for sla in policy_of(tmp_path, text).sla)
    assert days is not None
    assert relative is not None
    assert days.working_days == 2
    assert relative.next_day_time == time(16)


REFUSALS = [
    ('timezone = "Madrid"', "timezone", "Europe/Madrid"),
    ("timezon = 1", "timezon", "timezone"),
    ('[calendars.office]\nmonn = ["09:00-10:00"]', "calendars.office.monn", "'mon'"),
    (
        '[calendars.office]\nmon = ["09:00-12:00", "11:00-13:00"]',
        "calendars.office.mon",
        "09:00-12:00 and 11:00-13:00",
    ),
    (
        '[calendars.office]\nmon = ["22:00-06:00"]',
        "calendars.office.mon",
        "22:00-24:00",
    ),
    ('[calendars.office]\nmon = ["9-17"]', "calendars.office.mon", "09:00-17:00"),
    (
        '[[calendars.o]]\n[[calendars.o]]\nfrom = 2025-01-01\ntue = ["1"]',
        "calendars.o[2].tue",
        "'1'",
    ),
    ("[[calendars.o]]\n[[calendars.o]]", "calendars.o", "`from`"),
    (
        '[calendars.o]\ndates = { "2025-13-01" = [] }',
        'calendars.o.dates."2025-13-01"',
        "date",
    ),
    (
        '[calendars.o]\ndates = { "2025-12-01" = ["9"] }',
        'calendars.o.dates."2025-12-01"',
        "09:00-17:00",
    ),
    (
        '[calendars.o]\nholidays = { country = "ESP1" }',
        "calendars.o.holidays.country",
        "'ESP'",
    ),
    (
        '[calendars.o]\nholidays = { country = "ES", subdivision = "MAD" }',
        "calendars.o.holidays.subdivision",
        "'MD'",
    ),
    (
        '[calendars.o]\nholidays_file = "none.ics"',
        "calendars.o.holidays_file",
        "none.ics",
    ),
    ("[calendars.always]", "calendars.always", "built in"),
    (
        '[calendars.office]\n[[sla]]\nname = "x"\nclock = "response"\ncalendar = "offce"',
        "sla[1].calendar",
        "'office'",
    ),
    (
        '[calendars.office]\n[[service]]\nname = "x"\nsince = 2025-01-01\ncalendar = "ofice"',
        "service[1].calendar",
        "'office'",
    ),
    ('default_calendar = "alway"', "default_calendar", "'always'"),
    ('[[sla]]\nname = "x"\nclock = "resolutoin"', "sla[1].clock", "'resolution'"),
    (
        '[[sla]]\nname = "x"\nclock = "response"\nwhere = { prioriti = "P1" }',
        "sla[1].where",
        "'priority'",
    ),
    (
        '[[sla]]\nname = "x"\nclock = "response"\ntarget = "4 hours"',
        "sla[1].target",
        '"4h"',
    ),
    ('[[sla]]\nclock = "response"', "sla[1].name", "missing"),
    (
        '[[sla]]\nname = "x"\nclock = "response"\n[[sla]]\nname = "x"\nclock = "response"',
        "sla[2].name",
        "`from`",
    ),
    (
        '[priority_matrix]\nhigh = { hihg = "P1" }',
        "priority_matrix.high.hihg",
        "'high'",
    ),
    ('[definitions]\nmttr_clock = "caledar"', "definitions.mttr_clock", "'calendar'"),
    ('[definitions]\nrepeat_key = ["callr"]', "definitions.repeat_key", "'caller'"),
    ('[privacy]\npseudonymise = ["asignee"]', "privacy.pseudonymise", "'assignee'"),
    ('metrics_folder = "nowhere"', "metrics_folder", "nowhere"),
    ('targets = { mttr = "a" }', "targets.mttr", "number"),
    ("a = 1\nb = [\n\nc = 2", "not valid TOML", "line"),
]


@pytest.mark.parametrize(("text", "key", "way_out"), REFUSALS, ids=[key for _, key, _ in REFUSALS])
def test_refusals_name_file_key_and_way_out(
    tmp_path: Path, text: str, key: str, way_out: str
) -> None:
    with pytest.raises(Refused) as refused:
        policy_of(tmp_path, text)
    sentence = str(refused.value)
    assert sentence.startswith(f"{tmp_path / 'policy.toml'}: ")
    assert key in sentence
    assert way_out in sentence
    assert "\n" not in sentence


def test_a_missing_policy_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        read_policy(tmp_path / "none.toml", TICKETS.names)


def test_digest_tells_policies_apart_and_ignores_their_layout(tmp_path: Path) -> None:
    plain = policy_of(tmp_path, 'timezone = "UTC"\n[definitions]\nrepeat_days = 30')
    commented = policy_of(tmp_path, '# words\ntimezone = "UTC"')
    other = policy_of(tmp_path, "[definitions]\nrepeat_days = 31")
    assert plain.digest == commented.digest
    assert plain.digest != other.digest


def test_metrics_folder_is_found_beside_the_policy(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    assert policy_of(tmp_path, 'metrics_folder = "ours"').metrics_folder == tmp_path / "ours"
