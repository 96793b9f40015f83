"""ServiceNow's task_sla and incident_sla: a fan-out that is no list of tickets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command import load, meantime
from tests.ticket_rows import Loaded, loaded

INCIDENTS = """\
number,opened_at,sys_updated_on,resolved_at,state,priority,made_sla
INC1,2026-01-05 09:00:00,2026-01-06 09:00:00,2026-01-06 09:00:00,Closed,1 - Critical,true
INC2,2026-01-05 09:00:00,2026-01-05 10:00:00,2026-01-05 10:00:00,Closed,1 - Critical,false
INC3,2026-01-05 09:00:00,2026-01-05 10:00:00,,In Progress,1 - Critical,true
"""
# INC1: response kept, resolution breached though the ticket's flag says kept; INC2: the breached
# row was cancelled when the priority changed; INC3: still running
SLAS = """\
inc_number,taskslatable_sla,taskslatable_stage,taskslatable_has_breached,taskslatable_start_time,\
taskslatable_end_time,taskslatable_planned_end_time,taskslatable_business_percentage
INC1,Priority 1 response (15 minutes),Completed,false,2026-01-05 09:00:00,2026-01-05 09:10:00,,60
INC1,Priority 1 resolution (4 hours),Completed,true,2026-01-05 09:00:00,2026-01-06 09:00:00,\
2026-01-05 13:00:00,600
INC2,Priority 2 resolution (1 hour),Cancelled,true,2026-01-05 09:00:00,2026-01-05 09:30:00,,50
INC2,Priority 1 resolution (4 hours),Completed,false,2026-01-05 09:30:00,2026-01-05 10:00:00,,12
INC3,Priority 1 resolution (4 hours),In Progress,false,2026-01-05 09:00:00,,2026-01-05 13:00:00,25
INC9,Priority 1 resolution (4 hours),In Progress,false,2026-01-05 09:00:00,,,25
"""
POLICY = """
timezone = "UTC"
[[sla]]
name = "Resolution"
clock = "resolution"
target = "4h"
"""


@pytest.mark.parametrize("order", [("incidents", "slas"), ("slas", "incidents")], ids=" ".join)
def test_verdicts_per_clock_complement_the_tickets_in_any_order(
    order: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "incidents.csv").write_text(INCIDENTS)
    (tmp_path / "slas.csv").write_text(SLAS)
    (tmp_path / "policy.toml").write_text(POLICY)
    for name in order:
        report = load(tmp_path / "warehouse", tmp_path / f"{name}.csv", "--timezone", "UTC")
        file = report["files"][0]
        if name == "slas":
            assert file["form"] == "service levels of tasks"
            assert (file["rows"], file["rows_accepted"], file["tickets_new"]) == (6, 6, 0)
    found = Loaded(tmp_path / "warehouse", {})
    assert found.rows("select count(*) from tickets") == [(3,)]
    assert found.rows("select ticket_id, count(*) from tool_slas group by all order by all") == [
        ("servicenow:INC1", 2),
        ("servicenow:INC2", 2),
        ("servicenow:INC3", 1),
        ("servicenow:INC9", 1),
    ]
    told = meantime(
        "clocks", "--reconcile", "--format", "json", "--warehouse", tmp_path / "warehouse",
        "--policy", tmp_path / "policy.toml",
    ).json  # fmt: skip
    verdicts = {row["number"]: (row["tool_sla_met"], row["agrees"]) for row in told["tickets"]}
    # INC1 took 24 hours of 4: breached, as the row of the tool says and the flag does not
    assert verdicts == {"INC1": (False, True), "INC2": (True, True), "INC3": (None, None)}


def test_task_sla_by_labels(tmp_path: Path) -> None:
    text = (
        "Task,SLA definition,Target,Stage,Has breached,Start time,Stop time,"
        "Business elapsed percentage\n"
        "INC1,P1 fix,Resolution,Completed,true,2026-01-05 09:00:00,2026-01-06 09:00:00,600\n"
    )
    found = loaded(tmp_path, text, "--timezone", "UTC")
    assert found.file["form"] == "service levels of tasks"
    assert found.rows("select ticket_id, sla, clock, has_breached from tool_slas") == [
        ("servicenow:INC1", "P1 fix", "resolution", True)
    ]
    ((extra,),) = found.rows("select extra from tool_slas")
    assert json.loads(extra) == {"Business elapsed percentage": "600"}
