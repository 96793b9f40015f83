"""What may belong together besides the wording: tickets with one key, or one word of a service.

Where the texts are missing, one key of service, category, symptom and resolution stands for them.
Other keys are looked at for a rhythm alone: a time-out that five people word in five ways still has
its symptom, its component, its word or the beginning of it, and what two services word alike may
come back in one of them. What a service alone tells of is one more, whatever the languages, and so
are the branches of its texts (`insights.kin`). Symptoms and resolutions tell a part of a family
apart where they are oftener in it than elsewhere in the service, which asks no dates and so costs
no significance.
"""

from __future__ import annotations

import duckdb
import polars as pl

from insights.kin import STEM, branches
from insights.texts import is_word

FEWEST_TICKETS = 5
MOST_TICKETS = 400  # what happens more often in a key is not one thing
ODD = 2.0  # standard deviations by which what tells a family apart is oftener in it than elsewhere
OWN_WORD = 0.6  # of a word's tickets in one service: then it is the service's own

# How the ids of families by a word, by several, by these and a key, by a key alone begin.
WORD, WIDE, KEYED, KEY = "w", "v", "x", "k"
BEGINNINGS = (WORD, WIDE, KEYED, KEY)

_ID = {"candidate_id": pl.String}
WHOLE_KEY = ("service", "category", "symptom", "resolution_code")
KEYS = (
    ("service", "symptom"),
    ("service", "resolution_code"),
    ("service", "symptom", "resolution_code"),
    ("service", "category", "symptom"),
    ("service", "category", "resolution_code"),
    ("service", "category", "subcategory"),
    ("configuration_item",),
    ("configuration_item", "symptom"),
)


def write_key_candidates(cursor: duckdb.DuckDBPyConnection) -> None:
    """Fill `candidate_tickets` and `candidate_names` from the whole key, as far as it is known."""
    cursor.execute(f"""
create or replace temp table candidate_openings as
{_keyed(WHOLE_KEY, needs_all=False)}""")
    _adopt(cursor, "candidate_openings", "key")


def write_families(cursor: duckdb.DuckDBPyConnection) -> None:
    """`families`: candidate_id, block, told, title, ticket_id, opened_at of every other key of few
    tickets.

    `block` is the service, or the category where it is not known. Of several keys that hold the
    same tickets one is a family, and none is that holds those of a candidate.
    """
    kin = branches(cursor, FEWEST_TICKETS, MOST_TICKETS)
    cursor.register("kin", kin)
    keys = "\nunion all\n".join(f"({_keyed(key, needs_all=True)})" for key in KEYS)
    cursor.execute(f"""
create or replace temp table families as
with said as (
    select
        coalesce(cast(service as varchar), cast(category as varchar), '') as block,
        text_number,
        any_value(cluster_id) as cluster_id,
        count(*) as tickets
    from told_tickets
    where text_number is not null
    group by all
),

words as (
    select distinct *
    from (
        select
            said.block,
            said.text_number,
            said.tickets,
            unnest(string_split(told_texts.text, ' ')) as word
        from said
        join told_texts on told_texts.text_number = said.text_number
    )
    where {is_word("word")}
),

own_words as (
    select block, word
    from (
        select
            block,
            word,
            sum(tickets) as tickets,
            sum(sum(tickets)) over (partition by word) as everywhere
        from words
        group by block, word
    )
    where tickets >= {OWN_WORD} * everywhere
        and everywhere > 1
        and block <> ''
),

told_of as (
    select '{WORD}' as begins, block, text_number, tickets, word as name, word as told
    from words
    union all
    select
        '{WIDE}' as begins,
        said.block,
        said.text_number,
        said.tickets,
        'branch ' || kin.name as name,
        kin.told
    from said
    join kin on kin.block = said.block and kin.text_number = said.text_number
    union all
    select distinct
        '{WORD}' as begins,
        block,
        text_number,
        tickets,
        left(word, {STEM}) || '…' as name,
        left(word, {STEM}) || '…' as told
    from words
    union all
    select
        '{WIDE}' as begins,
        said.block,
        said.text_number,
        said.tickets,
        said.cluster_id as name,
        medoid_title as told
    from said
    join text_clusters on text_clusters.cluster_id = said.cluster_id
    union all
    select distinct
        '{WIDE}' as begins,
        words.block,
        words.text_number,
        words.tickets,
        '' as name,
        'in its own words' as told
    from words
    semi join own_words on own_words.block = words.block and own_words.word = words.word
),

few as (
    select
        begins,
        block,
        name,
        any_value(told) as told,
        begins || left(md5(concat_ws('|', block, name)), 8) as candidate_id
    from told_of
    group by begins, block, name
    having sum(tickets) between {FEWEST_TICKETS} and {MOST_TICKETS}
),

wanted as (
    select
        few.candidate_id,
        few.told,
        told_of.block,
        told_of.text_number
    from told_of
    join few
        on few.begins = told_of.begins and few.block = told_of.block and few.name = told_of.name
),

whole as (
    select
        wanted.candidate_id,
        wanted.block,
        wanted.told,
        concat_ws(', ', nullif(wanted.block, ''), wanted.told) as title,
        told_tickets.ticket_id,
        told_tickets.opened_at
    from told_tickets
    join wanted
        on wanted.text_number = told_tickets.text_number
        and wanted.block
            = coalesce(cast(service as varchar), cast(category as varchar), '')
    union all
    {keys}
),

valued as (
    select
        coalesce(cast(service as varchar), cast(category as varchar), '') as block,
        ticket_id,
        name,
        case name
            when 'symptom' then cast(symptom as varchar)
            else cast(resolution_code as varchar)
        end as value
    from counted_tickets
    cross join (values ('symptom'), ('resolution_code')) as told_by (name)
    where state is distinct from 'cancelled'
        and value is not null
),

shares as (
    select
        block,
        name,
        value,
        count(*) as tickets,
        sum(count(*)) over (partition by block, name) as known
    from valued
    group by block, name, value
),

keyed as materialized (
    select
        few.candidate_id,
        few.block,
        whole.ticket_id,
        whole.opened_at,
        valued.name,
        valued.value
    from whole
    join few on few.candidate_id = whole.candidate_id
    join valued on valued.ticket_id = whole.ticket_id
),

parts as (
    select
        candidate_id,
        any_value(block) as block,
        name,
        value,
        count(*) as own,
        sum(count(*)) over (partition by candidate_id, name) as known
    from keyed
    group by candidate_id, name, value
),

odd as (
    select
        candidate_id,
        parts.name,
        parts.value,
        (shares.tickets - own + 1) / (shares.known - parts.known + 2) as usual
    from parts
    join shares
        on shares.block = parts.block
        and shares.name = parts.name
        and shares.value = parts.value
    where own >= {FEWEST_TICKETS}
        and own - parts.known * usual >= {ODD} * sqrt(parts.known * usual * (1 - usual))
),

told_apart as (
    select candidate_id, name, value, value as by_what
    from odd
    union all
    select
        candidate_id,
        name,
        value,
        string_agg(value, ' / ' order by name, value) over (partition by candidate_id) as by_what
    from odd
    qualify min(name) over (partition by candidate_id)
        < max(name) over (partition by candidate_id)
),

everything as (
    select *
    from whole
    union all
    select distinct
        '{KEYED}' || left(md5(concat_ws('|', keyed.candidate_id, by_what)), 8) as candidate_id,
        keyed.block,
        concat_ws(' ', few.told, by_what) as told,
        concat_ws(', ', nullif(keyed.block, ''), few.told, by_what) as title,
        keyed.ticket_id,
        keyed.opened_at
    from keyed
    join told_apart
        on told_apart.candidate_id = keyed.candidate_id
        and told_apart.name = keyed.name
        and told_apart.value = keyed.value
    join few on few.candidate_id = keyed.candidate_id
),

digests as (
    select
        candidate_id,
        count(*) as tickets,
        bit_xor(hash(ticket_id)) as digest
    from everything
    group by candidate_id
),

held as (
    select
        count(*) as tickets,
        bit_xor(hash(ticket_id)) as digest
    from candidate_tickets
    group by candidate_id
),

chosen as (
    select min(candidate_id) as candidate_id
    from digests
    anti join held on held.tickets = digests.tickets and held.digest = digests.digest
    group by digests.tickets, digests.digest
)

select everything.*
from everything
semi join chosen on chosen.candidate_id = everything.candidate_id""")
    cursor.unregister("kin")


def _keyed(key: tuple[str, ...], *, needs_all: bool) -> str:
    """Tickets by key: candidate_id, block, told, title, ticket_id, opened_at. An empty part is none
    of the key.

    Keys are counted before the tickets are looked up: most have too many or too few.
    """
    names = ", ".join(key)
    texts = ", ".join(f"cast({name} as varchar)" for name in key)
    told = ", ".join(f"cast({name} as varchar)" for name in key if name != "service")
    known = (" and " if needs_all else " or ").join(f"{name} is not null" for name in key)
    most = f"and {MOST_TICKETS}" if needs_all else "and 1e18"
    same = "=" if needs_all else "is not distinct from"
    return f"""
select
    few.candidate_id,
    coalesce(
        cast(counted_tickets.service as varchar),
        cast(counted_tickets.category as varchar),
        ''
    ) as block,
    few.told,
    few.title,
    counted_tickets.ticket_id,
    counted_tickets.opened_at
from counted_tickets
join (
    select
        {names},
        '{KEY}' || left(md5(concat_ws('|', '{"/".join(key)}', {texts})), 8) as candidate_id,
        concat_ws(' ', {told}) as told,
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
    cursor.register("chosen_families", pl.DataFrame({"candidate_id": chosen}, _ID))
    cursor.execute("""
create or replace temp table adopted as
select families.*
from families
semi join chosen_families on chosen_families.candidate_id = families.candidate_id""")
    cursor.unregister("chosen_families")
    _adopt(cursor, "adopted", "family")
