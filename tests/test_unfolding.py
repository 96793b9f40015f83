"""Records of any shape are taken apart without a fault, into rows of text."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.reading.unfolding import SideLoads, flat, text
from pipelines.sources import documents, forms
from tests.test_jira import issue
from tests.test_servicenow_rest import STORED, linked
from tests.test_zendesk_history import AUDITS, EVENTS
from tests.zendesk_pages import SIDES, metrics, ticket

ODD = (
    None,
    True,
    -1,
    10**30,
    1.5,
    "",
    "x",
    "9" * 40,
    [],
    {},
    [None],
    [[1]],
    {"id": {}},
    {"name": []},
)
RECORDS: tuple[dict[str, Any], ...] = (
    issue(),
    ticket(metric_set=metrics(), metric_events=EVENTS, audits=AUDITS),
    ticket(),
    EVENTS[0] | {"ticket_id": 99},
    AUDITS[1],
    linked(STORED, "value"),
    {
        "link": "https://jira.example/browse/HD-1",
        "project": {"@id": "1", "@key": "HD", "#text": "Helpdesk"},
        "key": {"@id": "101", "#text": "HD-1"},
        "type": {"@id": "1", "#text": "Incident"},
        "status": {"@id": "5", "#text": "Done"},
        "statusCategory": {"@id": "3", "@key": "done"},
        "assignee": {"@username": "-1", "#text": "Unassigned"},
        "created": "Mon, 18 May 2026 08:47:15 +0200",
        "component": ["Mail", "Web"],
        "customfields": {
            "customfield": [
                {"customfieldname": "Team", "customfieldvalues": {"customfieldvalue": ["A", "B"]}}
            ]
        },
    },
    {
        "incident_number": 7,
        "id": "P7",
        "title": "Disk full",
        "status": "resolved",
        "created_at": "2026-03-31T10:00:00Z",
        "last_status_change_at": "2026-03-31T11:00:00Z",
        "service": {"id": "S1", "summary": "Database"},
        "teams": [{"id": "T1", "summary": "Ops"}],
        "assignments": [{"at": "2026-03-31T10:00:00Z", "assignee": {"summary": "Ada"}}],
        "acknowledgements": [{"at": "2026-03-31T10:05:00Z", "acknowledger": {"summary": "Ada"}}],
        "escalation_policy": {"summary": "Default"},
    },
    {
        "string": {"@key": "concept:name", "@value": "1-7"},
        "event": [
            {
                "string": [
                    {"@key": "concept:name", "@value": "Accepted"},
                    {"@key": "lifecycle:transition", "@value": "In Progress"},
                ],
                "date": {"@key": "time:timestamp", "@value": "2026-03-31T10:00:00Z"},
            }
        ],
    },
)


def places(value: object) -> Iterator[tuple[Any, Any]]:
    """Every container of a record with every key in it."""
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from places(value[key])


def mutated(record: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    copy = json.loads(json.dumps(record))
    for _ in range(dice.randint(1, 4)):
        container, key = dice.choice(list(places(copy)))
        if dice.random() < 0.2:
            del container[key]
        else:
            container[key] = json.loads(json.dumps(dice.choice(ODD)))
        if not copy:
            break
    return copy


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[SideLoads]:
    """Side-loads that are odd themselves."""
    loads = SideLoads(tmp_path / "sides")
    for name, objects in SIDES.items():
        loads.fill(name, [(str(each["id"]), each) for each in objects])
    loads.fill("tickets", [("7", ticket()), ("8", 5)])
    loads.fill("metric_sets", [("7", [1]), ("7", metrics(solved_at={"at": 1}))])
    loads.fill("ticket_metric_events", [("7", EVENTS[0]), ("7", None), ("7", {"time": []})])
    loads.fill("names", [("customfield_1", {"a": 1}), ("customfield_2", "Service")])
    loads.fill("statuses", [("Open", 3)])
    loads.ready()
    yield loads
    loads.close()


def test_mutated_records_become_rows_of_text(sides: SideLoads) -> None:
    dice = random.Random(20261121)
    rows = 0
    for place in range(1_200):
        record = mutated(RECORDS[place % len(RECORDS)], dice)
        for document in documents():
            document.knows(record)
            for part, row in document.unfold(record, sides):
                rows += 1
                assert isinstance(part, str)
                assert all(value is None or isinstance(value, str) for value in row.values())
    assert rows > 4_000


def test_every_document_knows_its_records_and_its_rows_are_known_to_a_form(
    sides: SideLoads,
) -> None:
    seen = []
    for record in RECORDS:
        (document,) = [each for each in documents() if each.knows(record)]
        seen.append(id(document))
        headers: dict[str, dict[str, None]] = {}
        for part, row in document.unfold(record, sides):
            headers.setdefault(part, {}).update(dict.fromkeys(row))
        assert headers
        for header in headers.values():
            assert any(
                form.recognises(tuple(header)) for form in forms() if form.source != "generic"
            )
    assert set(seen) == {id(document) for document in documents()}


def test_depth_and_numbers_are_kept_as_they_were_written() -> None:
    deep: dict[str, Any] = {"value": "end"}
    for _ in range(2_000):
        deep = {"in": deep}
    (cell,) = flat(deep).values()
    assert cell == "(nested too deeply to be shown)"
    assert text(10**20) == "100000000000000000000"
    assert text({"ä": [1]}) == '{"ä": [1]}'
