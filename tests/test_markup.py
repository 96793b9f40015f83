"""XML is read as records: unloads and lists of ServiceNow, Jira's feed, event logs, any list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.command import load, meantime, refused

UNLOAD = """<?xml version="1.0" encoding="UTF-8"?>
<unload unload_date="2026-02-12 16:40:28">
<incident action="INSERT_OR_UPDATE">
<assigned_to display_value=""/>
<assignment_group display_value="Network">d5cd799dd7600200e5982cf65e610322</assignment_group>
<caller_id display_value="Ada Example">d5cd799dd7600200e5982cf65e610321</caller_id>
<calendar_duration>1970-01-01 00:20:02</calendar_duration>
<number>INC1</number><opened_at>2026-02-01 08:00:00</opened_at>
<resolved_at>2026-02-01 10:30:00</resolved_at><priority>2</priority><state>6</state>
<short_description>Mail &amp; calendar</short_description><sys_mod_count>3</sys_mod_count>
<sys_updated_on>2026-02-01 10:30:00</sys_updated_on>
</incident>
<sys_journal_field action="INSERT_OR_UPDATE">
<element>work_notes</element><value>looked at</value>
</sys_journal_field>
<incident action="INSERT_OR_UPDATE">
<assignment_group display_value=""/><number>INC2</number>
<opened_at>2026-02-02 08:00:00</opened_at><resolved_at/><priority>4</priority><state>1</state>
<short_description>VPN</short_description><sys_mod_count>0</sys_mod_count>
<sys_updated_on>2026-02-02 08:00:00</sys_updated_on>
</incident>
</unload>
"""

FEED = """<!-- RSS generated at Tue May 26 14:39:54 CEST 2026 -->
<!-- uncomment this: <?xml-stylesheet href="x.xsl" type="text/xsl"?> -->
<rss version="0.92"><channel><title>Jira</title><link>https://jira.example</link>
<issue start="0" end="2" total="2"/><build-info><version>8.6.1</version></build-info>
<item><title>[HD-1] Mail</title><link>https://jira.example/browse/HD-1</link>
<project id="1" key="HD">Helpdesk</project><key id="101">HD-1</key><summary>Mail</summary>
<type id="1">Incident</type><priority id="1">Highest</priority><status id="5">Ready</status>
<statusCategory id="3" key="done" colorName="green"/><resolution id="1">Fixed</resolution>
<assignee username="ada">Ada</assignee><reporter username="bo">Bo</reporter>
<created>Mon, 18 May 2026 08:47:15 +0200</created><updated>Tue, 19 May 2026 16:49:19 +0200</updated>
<resolved>Tue, 19 May 2026 16:49:06 +0200</resolved><due></due>
<customfields><customfield id="c"><customfieldname>Team</customfieldname><customfieldvalues>
<customfieldvalue>Desk</customfieldvalue></customfieldvalues></customfield></customfields></item>
<item><title>[HD-2] VPN</title><link>https://jira.example/browse/HD-2</link>
<project id="1" key="HD">Helpdesk</project><key id="102">HD-2</key><summary>VPN</summary>
<type id="1">Incident</type><priority id="3">Medium</priority><status id="1">Queue</status>
<statusCategory id="2" key="new" colorName="blue"/><resolution id="-1">Sans objet</resolution>
<assignee username="-1">Personne</assignee><reporter username="bo">Bo</reporter>
<created>Tue, 26 May 2026 11:44:59 +0200</created><updated>Tue, 26 May 2026 11:45:34 +0200</updated>
<due></due></item></channel></rss>
"""

LIST = """<?xml version="1.0" encoding="ISO-8859-1"?>
<tickets erstellt="2026-01-25">
<ticket id="T-1" priorität="Hoch"><betreff>Störung</betreff><status>Geschlossen</status>
<eröffnet>03.01.2026 09:15</eröffnet><geschlossen>04.01.2026 10:00</geschlossen></ticket>
<ticket id="T-2" priorität="Niedrig"><betreff>VPN</betreff><status>Offen</status>
<eröffnet>25.01.2026 09:15</eröffnet></ticket>
</tickets>
"""


def event(name: str, step: str, at: str) -> str:
    return (
        f'<event><string key="concept:name" value="{name}"/>'
        f'<string key="lifecycle:transition" value="{step}"/>'
        f'<string key="org:group" value="Desk"/><date key="time:timestamp" value="{at}"/></event>'
    )


def log(*events: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<log xes.version="1.0" xmlns="http://www.xes-standard.org/">'
        '<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>'
        '<global scope="trace"><string key="concept:name" value="?"/></global>'
        f'<trace><string key="concept:name" value="1-7"/>{"".join(events)}</trace>'
        f'<trace><string key="concept:name" value="1-8"/>{events[0]}</trace></log>'
    )


def tickets(tmp_path: Path, name: str, content: bytes, *flags: str | Path) -> dict[str, Any]:
    path, folder = tmp_path / name, tmp_path / "warehouse"
    path.write_bytes(content)
    load(folder, path, *flags)
    found = meantime("tickets", "--warehouse", folder, "--format", "json").json
    return {row["number"]: row for row in found}


def test_an_unload_of_servicenow_shows_names_and_is_stored_in_utc(tmp_path: Path) -> None:
    found = tickets(tmp_path, "incident.xml", UNLOAD.encode())
    first = found["INC1"]
    assert (first["resolver_group"], first["caller"]) == ("Network", "Ada Example")
    assert (first["opened_at"], first["resolved_at"]) == (
        "2026-02-01T08:00:00Z",
        "2026-02-01T10:30:00Z",
    )
    assert (first["state"], first["priority"], first["title"]) == (
        "resolved",
        "P2",
        "Mail & calendar",
    )
    assert (found["INC2"]["state"], found["INC2"]["resolver_group"]) == ("new", None)


def test_the_feed_of_jira_is_read_like_its_csv(tmp_path: Path) -> None:
    found = tickets(tmp_path, "issues.xml", FEED.encode())
    first, second = found["HD-1"], found["HD-2"]
    assert (first["opened_at"], first["resolved_at"]) == (
        "2026-05-18T06:47:15Z",
        "2026-05-19T14:49:06Z",
    )
    assert (first["state"], first["kind"], first["priority"]) == ("closed", "incident", "P1")
    assert (first["resolver_group"], first["assignee"], first["caller"]) == ("Desk", "Ada", "Bo")
    assert (second["state"], second["assignee"], second["resolution_code"]) == ("new", None, None)


def test_an_event_log_is_a_log_of_status_changes(tmp_path: Path) -> None:
    states = log(
        event("Accepted", "In Progress", "2026-03-31T10:00:00.000+02:00"),
        event("Accepted", "Wait - User", "2026-03-31T11:00:00.000+02:00"),
        event("Completed", "Resolved", "2026-03-31T12:00:00.000+02:00"),
    )
    found = tickets(tmp_path, "states.xes", states.encode())
    assert found["1-7"]["resolved_at"] == "2026-03-31T10:00:00Z"
    held = meantime("clocks", "--warehouse", tmp_path / "warehouse", "--format", "json")
    assert held.status == 0
    assert found["1-7"]["resolver_group"] == "Desk"


def test_a_step_of_an_activity_is_no_state(tmp_path: Path) -> None:
    steps = log(
        event("Open", "complete", "2026-03-31T10:00:00.000+02:00"),
        event("In progress", "complete", "2026-03-31T11:00:00.000+02:00"),
    )
    found = tickets(tmp_path, "steps.xes", steps.encode())
    assert (found["1-7"]["state"], found["1-7"]["resolved_at"]) == ("in_progress", None)


def test_any_list_is_proposed_with_its_attributes(tmp_path: Path) -> None:
    path, proposed = tmp_path / "liste.xml", tmp_path / "liste.toml"
    path.write_bytes(LIST.encode("latin-1"))
    flags = ("--timezone", "Europe/Berlin")
    assert meantime("map", path, "--out", proposed, *flags).status == 0
    found = tickets(tmp_path, "liste.xml", LIST.encode("latin-1"), "--map", proposed)
    first = found["T-1"]
    assert (first["title"], first["priority"], first["state"]) == ("Störung", "P2", "closed")
    assert (first["opened_at"], first["closed_at"]) == (
        "2026-01-03T08:15:00Z",
        "2026-01-04T09:00:00Z",
    )


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "lol">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    + "]><a><b><c>&l11;</c></b></a>"
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<?xml version='1.0'?><tickets><ticket><id>1</id></ticket>", "cut or damaged"),
        ("<tickets>\n</tickets>", "holds no record"),
        ("<?xml version='1.0'?><!-- x -->\n<html><body/></html>", "without a table"),
        ("<?xml version='1.0'?><Workbook><Worksheet/></Workbook>", "saved as XML"),
        (BOMB, "cut or damaged"),
    ],
)
def test_xml_without_records_is_refused(content: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    path.write_text(content)
    assert said in refused("load", path, "--warehouse", tmp_path / "warehouse")


@pytest.mark.parametrize(
    "encoding", ["Shift_JIS", "GBK", "windows-1251", "UTF-16", "no-such-thing", "hex"]
)
def test_the_encoding_that_xml_states_is_read_if_anybody_knows_it(
    encoding: str, tmp_path: Path
) -> None:
    titles = {"Shift_JIS": "メール", "GBK": "邮件", "windows-1251": "Почта"}
    title = titles.get(encoding, "Mail")
    written = UNLOAD.replace('encoding="UTF-8"', f'encoding="{encoding}"')
    written = written.replace("Mail &amp; calendar", title)
    path = tmp_path / "incident.xml"
    path.write_bytes(written.encode(encoding if encoding in titles else "ascii"))
    load(tmp_path / "warehouse", path, "--timezone", "UTC")
    listed = meantime("tickets", "--warehouse", tmp_path / "warehouse", "--format", "json").json
    assert {row["title"] for row in listed} == {title, "VPN"}
