"""What a ticket is about, in words alone: case, reply marks, numbers, hosts, dates, addresses and
the order of the words taken away, so that one complaint worded twice is one text."""

from __future__ import annotations

import duckdb
import polars as pl

LONGEST = 240  # letters of a text that are looked at: mails go on with signatures
FEWEST_LETTERS = 4

# RE:, FW:, AW: and what the mail programs of other languages write; several, numbered, spaced.
_MARKS = "re|fw|fwd|aw|wg|tr|rv|res|enc|sv|vs|vl|antw|doorst|odp|pd|ynt|ilt|rif|i|r"  # letters only
_REPLY = rf"^\s*(({_MARKS})\s*(\[\d+\])?\s*[:\x{{FF1A}}]\s*)+"
_ADDRESS = r"\S+@\S+|\w+://\S+|www\.\S+|[a-z]:\\\S+|\\\\\S+"
_DOMAIN = r"[\p{L}\d_-]+(\.[\p{L}\d_-]+){2,}"
_WITH_DIGIT = r"[^\s,;()\[\]\"']*\d[^\s,;()\[\]\"']*"
_NO_LETTER = r"[^\p{L}]+"

_DISTINCT = """
select
    coalesce(title, '') as title,
    case when length(coalesce(title, '')) < 12 then left(description, 240) end as more,
    coalesce(cast({block} as varchar), '') as block,
    count(*) as tickets
from ticket_lives
where state is distinct from 'cancelled'
    and (title is not null or description is not null)
group by all"""


def normalised(texts: pl.Series) -> pl.Series:
    """Each text as lower-case words without accents, marks and digits; what holds a digit goes."""
    return (
        texts.str.slice(0, LONGEST)
        .str.normalize("NFKD")
        .str.replace_all(r"\p{M}", "")
        .str.to_lowercase()
        .str.replace(_REPLY, "")
        .str.replace_all(_ADDRESS, " ")
        .str.replace_all(_DOMAIN, " ")
        .str.replace_all(_WITH_DIGIT, " ")
        .str.replace_all(_NO_LETTER, " ")
        .str.strip_chars()
    )


def word_sets(words: pl.Series) -> pl.Series:
    """The words of each text once, in order of the alphabet: two orders of words are one text."""
    return words.str.split(" ").list.unique().list.sort().list.join(" ")


def ticket_texts(cursor: duckdb.DuckDBPyConnection, block: str) -> pl.DataFrame:
    """One row per title as written: title, more, block, tickets, and `text`, its set of words.

    `block` is the column whose commonest value tells where a text belongs. A title that says
    nothing is helped out by the beginning of the description. Texts without letters are left out.
    """
    rows = (
        cursor.sql(_DISTINCT.format(block=block))
        .pl()
        .sort(pl.col("block") == "", "tickets", "block", descending=[False, True, False])
        .group_by("title", "more", maintain_order=True)
        .agg(pl.col("block").first(), pl.col("tickets").sum())
    )
    told = rows.select(told=pl.col("title") + " " + pl.col("more").fill_null(""))["told"]
    rows = rows.with_columns(words=normalised(told))
    # a hundred thousand titles with a number in each are a few texts
    distinct = rows["words"].unique()
    texts = pl.DataFrame({"words": distinct, "text": word_sets(distinct)})
    texts = texts.filter(pl.col("text").str.len_chars() >= FEWEST_LETTERS)
    return rows.join(texts, on="words").drop("words")
