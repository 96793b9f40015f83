"""Which column of a file is the tool's verdict on a promise, and what its words are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import load, meantime
from tests.test_proposed_columns import proposed


@pytest.mark.parametrize(
    ("words", "column"),
    [
        (("No prazo", "Vencido"), {"No prazo": "true", "Vencido": "false"}),
        (("Met", "Breached"), {"Met": "true", "Breached": "false"}),
        (("4:0", "8:0"), None),
        (("Gold support", "Silver support"), None),
    ],
)
def test_a_verdict_is_told_by_words_and_a_promise_is_none(
    tmp_path: Path, words: tuple[str, str], column: dict[str, str] | None
) -> None:
    rows = "".join(f"T-{n},2026-01-0{n} 09:00,{words[n % 2]}\n" for n in range(1, 7))
    text = f"Ticket,Created,SLA\n{rows}"
    written = proposed(tmp_path, text)
    assert ("tool_sla_met" in written["columns"]) is (column is not None)
    assert written.get("values", {}).get("tool_sla_met") == column
    # no row of it is rejected for what the promise is called
    load(tmp_path / "warehouse", tmp_path / "list.csv", "--map", tmp_path / "list.toml",
         "--timezone", "UTC")  # fmt: skip
    found = meantime("tickets", "--warehouse", tmp_path / "warehouse", "--format", "json").json
    assert len(found) == 6


@pytest.mark.parametrize("name", ["EstadoSLA", "SLA Status", "Status do SLA"])
def test_the_state_of_a_promise_is_no_state_of_a_ticket(tmp_path: Path, name: str) -> None:
    rows = "TK-1,2026-03-26 16:38,Incumplido\nTK-2,2026-03-27 16:38,Cumplido\n"
    columns = proposed(tmp_path, f"TicketID,FechaCreacion,{name}\n{rows}")["columns"]
    assert columns["tool_sla_met"] == name
    assert "state" not in columns


@pytest.mark.parametrize(
    ("name", "no", "yes"),
    [("SLA Breached", "No", "Yes"), ("sla_violated", "0", "1"), ("Breached", "False", "True")],
)
def test_a_broken_promise_is_no_kept_one(tmp_path: Path, name: str, no: str, yes: str) -> None:
    rows = f"TK-1,2026-03-26 16:38,{yes}\nTK-2,2026-03-27 16:38,{no}\n"
    written = proposed(tmp_path, f"TicketID,Created,{name}\n{rows}")
    assert written["columns"]["tool_sla_met"] == name
    load(
        tmp_path / "w", tmp_path / "list.csv", "--map", tmp_path / "list.toml", "--timezone", "UTC"
    )
    found = meantime("tickets", "--warehouse", tmp_path / "w", "--format", "json").json
    assert {row["number"]: row["tool_sla_met"] for row in found} == {"TK-1": False, "TK-2": True}


def test_the_verdict_is_of_the_resolution_and_may_be_a_number(tmp_path: Path) -> None:
    rows = "TK-1,2026-03-26 16:38,1.0,0.0\nTK-2,2026-03-27 16:38,0.0,1.0\nTK-3,2026-03-28 16:38,,\n"
    text = f"TicketID,Created,response_sla_met,resolution_sla_met\n{rows}"
    assert proposed(tmp_path, text)["columns"]["tool_sla_met"] == "resolution_sla_met"
    load(
        tmp_path / "w", tmp_path / "list.csv", "--map", tmp_path / "list.toml", "--timezone", "UTC"
    )
    found = meantime("tickets", "--warehouse", tmp_path / "w", "--format", "json").json
    verdicts = {row["number"]: row["tool_sla_met"] for row in found}
    assert verdicts == {"TK-1": False, "TK-2": True, "TK-3": None}
