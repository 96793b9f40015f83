"""What may belong together besides the wording: tickets with one key, or one word of a service.

Where the texts are missing, one key of service, category, symptom and resolution stands for them.
Other keys are looked at for a rhythm alone: a time-out that five people word in five ways still has
its symptom, its component or its word.
"""

from __future__ import annotations

import duckdb

FEWEST_TICKETS = 5
MOST_TICKETS = 400  # what happens more often in a key is not one thing
FEWEST_WITH_TEXT = 0.2  # with texts on fewer tickets than this, the key stands for them

WHOLE_KEY = ("service", "category", "symptom", "resolution_code")
KEYS = (
    ("service", "symptom"),
    ("service", "resolution_code"),
    ("service", "category", "subcategory"),
    ("configuration_item",),
    ("configuration_item", "symptom"),
)


def has_texts(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Whether enough tickets have a text that says something."""
    sql = "select count(text_number) >= $least * count(*) from told_tickets"
    return bool(cursor.sql(sql, params={"least": FEWEST_WITH_TEXT}).pl().item())


def write_key_candidates(cursor: duckdb.DuckDBPyConnection) -> None:
    """Fill `candidate_tickets` and `candidate_names` from the whole key, as far as it is known."""
    cursor.execute(f"""
create or replace temp table candidate_openings as
{_keyed(WHOLE_KEY, needs_all=False)}""")
    _adopt(cursor, "candidate_openings", "key")


def write_families(cursor: duckdb.DuckDBPyConnection) -> None:
    """`families`: candidate_id, title, ticket_id, opened_at of every other key of few tickets."""
    keys = "\nunion all\n".join(f"({_keyed(key, needs_all=True)})" for key in KEYS)
    cursor.execute(f"""
create or replace temp table families as
with said as (
    select
        service,
        text_number,
        count(*) as tickets
    from told_tickets
    where service is not null
        and text_number is not null
    group by all
),

words as (
    select
        said.*,
        unnest(string_split(told_texts.text, ' ')) as word
    from said
    join told_texts on told_texts.text_number = said.text_number
),

few as (
    select
        service,
        word,
        'w' || left(md5(concat_ws('|', service, word)), 8) as candidate_id,
        concat_ws(', ', service, word) as title
    from words
    where length(word) > 2
    group by all
    having sum(tickets) between {FEWEST_TICKETS} and {MOST_TICKETS}
),

wanted as (
    select
        few.candidate_id,
        few.title,
        words.service,
        words.text_number
    from words
    join few
        on few.service = words.service
        and few.word = words.word
)

select
    wanted.candidate_id,
    wanted.title,
    told_tickets.ticket_id,
    told_tickets.opened_at
from told_tickets
join wanted
    on wanted.text_number = told_tickets.text_number
    and wanted.service = told_tickets.service
union all
{keys}""")


def _keyed(key: tuple[str, ...], *, needs_all: bool) -> str:
    """Tickets by key: candidate_id, title, ticket_id, opened_at. An empty part is none of the key.

    Keys are counted before the tickets are looked up: most have too many or too few.
    """
    names = ", ".join(key)
    texts = ", ".join(f"cast({name} as varchar)" for name in key)
    known = (" and " if needs_all else " or ").join(f"{name} is not null" for name in key)
    most = f"and {MOST_TICKETS}" if needs_all else "and 1e18"
    same = "=" if needs_all else "is not distinct from"
    return f"""
select
    few.candidate_id,
    few.title,
    counted_tickets.ticket_id,
    counted_tickets.opened_at
from counted_tickets
join (
    select
        {names},
        'k' || left(md5(concat_ws('|', '{"/".join(key)}', {texts})), 8) as candidate_id,
        concat_ws(', ', {texts}) as title
    from counted_tickets
    where state is distinct from 'cancelled'
        and ({known})
    group by {names}
    having count(*) between {FEWEST_TICKETS} {most}
) as few on {" and ".join(f"few.{name} {same} counted_tickets.{name}" for name in key)}
where state is distinct from 'cancelled'"""


def _adopt(cursor: duckdb.DuckDBPyConnection, table: str, basis: str) -> None:
    """Make candidates of a table of candidate_id, title and ticket_id."""
    cursor.execute(f"insert into candidate_tickets select candidate_id, ticket_id from {table}")
    cursor.execute(f"""
insert into candidate_names
select candidate_id, '{basis}', any_value(title), any_value(title)
from {table}
group by candidate_id""")


def adopt_families(cursor: duckdb.DuckDBPyConnection, chosen: list[str]) -> None:
    """Make candidates of some families, which then have a rhythm and nothing else like it."""
    cursor.execute(
        """
create or replace temp table adopted as
select * from families where list_contains($chosen::varchar[], candidate_id)""",
        {"chosen": chosen},
    )
    _adopt(cursor, "adopted", "family")
