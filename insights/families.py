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
    sql = """
select
    (select count(*) from ticket_texts)
    >= $least * (select count(*) from ticket_lives where state is distinct from 'cancelled')"""
    return bool(cursor.sql(sql, params={"least": FEWEST_WITH_TEXT}).pl().item())


def write_key_candidates(cursor: duckdb.DuckDBPyConnection) -> None:
    """Fill `candidate_tickets` and `candidate_names` from the whole key, as far as it is known."""
    cursor.execute(f"""
create or replace temp table keyed as
{_keyed(WHOLE_KEY, needs_all=False)}""")
    _name(cursor, "keyed")


def write_families(cursor: duckdb.DuckDBPyConnection) -> None:
    """`families`: candidate_id, title, ticket_id of every other key of few tickets."""
    keys = "\nunion all\n".join(f"({_keyed(key, needs_all=True)})" for key in KEYS)
    cursor.execute(f"""
create or replace temp table families as
with words as (
    select
        ticket_texts.ticket_id,
        ticket_lives.service,
        unnest(string_split(ticket_texts.text, ' ')) as word
    from ticket_texts
    join ticket_lives on ticket_lives.ticket_id = ticket_texts.ticket_id
    where ticket_lives.service is not null
),

counted_words as (
    select
        'w' || left(md5(concat_ws('|', service, word)), 8) as candidate_id,
        concat_ws(', ', service, word) as title,
        ticket_id
    from words
    where length(word) > 2
    qualify count(*) over (partition by service, word) between {FEWEST_TICKETS} and {MOST_TICKETS}
)

select * from counted_words
union all
{keys}""")


def _keyed(key: tuple[str, ...], *, needs_all: bool) -> str:
    """Tickets by key: candidate_id, title, ticket_id. An empty part is no part of the key."""
    texts = ", ".join(f"cast({name} as varchar)" for name in key)
    known = (" and " if needs_all else " or ").join(f"{name} is not null" for name in key)
    most = f"and {MOST_TICKETS}" if needs_all else "and 1e18"
    return f"""
select
    'k' || left(md5(concat_ws('|', '{"/".join(key)}', {texts})), 8) as candidate_id,
    concat_ws(', ', {texts}) as title,
    ticket_id
from ticket_lives
where state is distinct from 'cancelled'
    and ({known})
qualify count(*) over (partition by {texts}) between {FEWEST_TICKETS} {most}"""


def _name(cursor: duckdb.DuckDBPyConnection, table: str) -> None:
    cursor.execute(f"insert into candidate_tickets select candidate_id, ticket_id from {table}")
    cursor.execute(f"""
insert into candidate_names
select candidate_id, 'key', any_value(title), any_value(title)
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
    cursor.execute("insert into candidate_tickets select candidate_id, ticket_id from adopted")
    cursor.execute("""
insert into candidate_names
select candidate_id, 'family', any_value(title), any_value(title)
from adopted
group by candidate_id""")
