"""A ServiceNow incident list of any size, always the same for the same size.

32 columns as a list view exports them: field names, display values, ISO dates in UTC, texts of
some 30 to 200 characters, about 570 bytes a row.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

TITLES = (
    "Cannot open the shared mailbox since this morning",
    "VPN drops after a few minutes when working from home",
    "Printer on the second floor prints blank pages",
    "Password expired and the self-service page does not load",
    "ERP session hangs while posting an invoice",
    "Laptop does not start after the last update",
    "No access to the project folder of the department",
    "Time-out while saving an order in the web shop",
)
SENTENCES = (
    "The user says that it worked yesterday and that nothing was changed since.",
    "A restart did not help; a colleague at the next desk has the same trouble.",
    "The message on the screen speaks of a time-out and of an unknown host.",
    "It happens every few minutes and only in this building.",
    "Customers are waiting, so please call back as soon as somebody has it.",
    "Se reinició el equipo y el error sigue igual.",
)
NOTES = (
    "Restarted the service and asked the user to try again; works.",
    "Replaced the cable, tested with the user.",
    "Rights were missing after the move to the new group; added and confirmed.",
    "Known error, workaround sent to the user.",
)
SERVICES = ("Mail", "VPN", "Printing", "ERP", "Web shop", "File shares", "Telephony", "Directory")
CATEGORIES = ("Software", "Hardware", "Network", "Access", "Database", "Inquiry")
GROUPS = ("Service Desk", "Network", "Windows", "Linux", "Databases", "ERP Support", "Field North")
CHANNELS = ("Phone", "Email", "Self-service", "Chat", "Monitoring")
CODES = ("Solved (Permanently)", "Solved (Work Around)", "Not Solved (Not Reproducible)")
LEVELS = ("1 - High", "2 - Medium", "3 - Low")
PRIORITIES = ("1 - Critical", "2 - High", "3 - Moderate", "4 - Low")
STATES = ("New", "In Progress", "On Hold", "Resolved", "Closed")

# Each ticket draws from the hash of its number and a name: no order, no thread changes it.
EXPORT_SQL = """
copy (
with numbers as (
    select
        range as n,
        hash(range, 'change') % 1000 < $changed_per_mille as is_changed
    from range($tickets)
),

drawn as (
    select
        n,
        is_changed,
        timestamp '2024-11-01'
            + to_seconds(n * 63072000 // $tickets + (hash(n, 'opened') % 3600)::bigint)
            as opened_at,
        (hash(n, 'state') % 100)::bigint as state_draw,
        60 + power(10, 1 + hash(n, 'duration') % 4800 / 1000.0)::bigint as resolve_seconds,
        (hash(n, 'title') % 1000000007)::bigint as title_draw,
        (hash(n, 'words') % 1000000007)::bigint as words_draw,
        (hash(n, 'person') % 1000000007)::bigint as person_draw
    from numbers
),

lived as (
    select
        *,
        case
            when is_changed or state_draw < 90 then 5
            when state_draw < 96 then 4
            else 1 + state_draw % 3
        end as state_place,
        opened_at + to_seconds(resolve_seconds) as ended_at
    from drawn
)

select
    printf('INC%08d', n) as number,
    strftime(opened_at, '%Y-%m-%d %H:%M:%S') as opened_at,
    'Agent ' || (person_draw % 300) as opened_by,
    strftime(opened_at, '%Y-%m-%d %H:%M:%S') as sys_created_on,
    'User ' || (person_draw % 20000) as caller_id,
    $titles[1 + title_draw % len($titles)] || ', device LT-' || (title_draw % 90000)
        as short_description,
    $sentences[1 + words_draw % len($sentences)]
        || ' Ticket of desk ' || (words_draw % 9000) || '. '
        || $sentences[1 + title_draw % len($sentences)] as description,
    $categories[1 + n % len($categories)] as category,
    'Kind ' || (n % 40) as subcategory,
    $services[1 + title_draw % len($services)] as business_service,
    'ci-' || (title_draw % 4000) as cmdb_ci,
    $channels[1 + person_draw % len($channels)] as contact_type,
    $states[state_place] as state,
    case when state_place = 3 then 'Awaiting Caller' end as hold_reason,
    $levels[1 + words_draw % 3] as impact,
    $levels[1 + title_draw % 3] as urgency,
    $priorities[1 + least(3, words_draw % 3 + title_draw % 3)] as priority,
    $levels[1 + person_draw % 3] as severity,
    $groups[1 + words_draw % len($groups)] as assignment_group,
    'Agent ' || (words_draw % 300) as assigned_to,
    n % 4 as reassignment_count,
    (n % 50 = 0)::int as reopen_count,
    case when state_place > 3 then strftime(ended_at, '%Y-%m-%d %H:%M:%S') end as resolved_at,
    case when state_place > 3 then 'Agent ' || (words_draw % 300) end as resolved_by,
    case
        when state_place = 5 then strftime(ended_at + interval 5 day, '%Y-%m-%d %H:%M:%S')
    end as closed_at,
    case when state_place > 3 then $codes[1 + person_draw % len($codes)] end as close_code,
    case
        when state_place > 3 then $notes[1 + words_draw % len($notes)]
            || case when is_changed then ' Checked again.' else '' end
    end as close_notes,
    hash(n, 'sla') % 10 < 8 as made_sla,
    strftime(opened_at + interval 2 day, '%Y-%m-%d %H:%M:%S') as sla_due,
    case when n % 500 = 3 then printf('INC%08d', n - 3) end as parent_incident,
    case when n % 100 = 0 then printf('PRB%07d', n // 10000) end as problem_id,
    strftime(
        ended_at + case when is_changed then interval 6 day else interval 5 day end,
        '%Y-%m-%d %H:%M:%S'
    ) as sys_updated_on
from lived
) to '{path}' (format csv, header)
"""


def write_export(path: Path, tickets: int, changed_share: float = 0.0) -> None:
    """Write the list; `changed_share` of the tickets read as after another day of work."""
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(
            EXPORT_SQL.replace("{path}", str(path).replace("'", "''")),
            {
                "tickets": tickets,
                "changed_per_mille": round(changed_share * 1000),
                "titles": TITLES,
                "sentences": SENTENCES,
                "categories": CATEGORIES,
                "services": SERVICES,
                "channels": CHANNELS,
                "states": STATES,
                "levels": LEVELS,
                "priorities": PRIORITIES,
                "groups": GROUPS,
                "codes": CODES,
                "notes": NOTES,
            },
        )
