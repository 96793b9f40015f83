"""What a ticket is about, in words alone: case, reply marks, numbers, hosts, dates, addresses and
the order of the words taken away, so that one complaint worded twice is one text."""

from __future__ import annotations

import re
from unicodedata import normalize

import duckdb
import polars as pl

LONGEST = 240  # letters of a text that are looked at: mails go on with signatures
FEWEST_LETTERS = 4

# RE:, FW:, AW: and what the mail programs of other languages write; several, numbered, spaced.
_MARKS = "re|fw|fwd|aw|wg|tr|rv|res|enc|sv|vs|vl|antw|doorst|odp|pd|ynt|ilt|rif|i|r"  # letters only
_REPLY = rf"^\s*(({_MARKS})\s*(\[\d+\])?\s*[:\x{{FF1A}}]\s*)+"
# What writes no blanks between words: an address or a number ends where it begins.
_VOICED = r"\x{3099}\x{309A}"  # marks that make other letters of Japanese ones
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\x{30FC}" + _VOICED
_ANY = rf"[^\s{_UNSPACED}]"
_ADDRESS = rf"{_ANY}+@{_ANY}+|[a-z\d_]+://{_ANY}+|www\.{_ANY}+|[a-z]:\\{_ANY}+|\\\\{_ANY}+"
_PART = r"[\p{L}\d_--[" + _UNSPACED + r"]\-]+"
_DOMAIN = rf"{_PART}(\.{_PART}){{2,}}"
_BESIDE_DIGIT = rf"[^\s,;()\[\]\"'{_UNSPACED}]*"
_WITH_DIGIT = rf"{_BESIDE_DIGIT}\d{_BESIDE_DIGIT}"
_MARK = rf"[\p{{M}}--[{_VOICED}]]"
_NO_LETTER = rf"[^\p{{L}}{_VOICED}]+"
_HAN = "[\u3400-\u9fff]"
_KATAKANA = "[\u30a1-\u30ff]"

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


def is_word(word: str) -> str:
    """The condition (SQL) that a word says something: of three letters, or two of some scripts."""
    return f"(length({word}) > 2 or regexp_full_match({word}, '[\\p{{Han}}\\p{{Katakana}}]{{2}}'))"


def normalised(texts: pl.Series) -> pl.Series:
    """Each text as lower-case words without accents, marks and digits; what holds a digit goes.

    What writes no blanks is divided: at every change of Japanese script, and Chinese letters into
    all pairs of neighbours.
    """
    words = (
        texts.str.slice(0, LONGEST)
        .str.normalize("NFKD")
        .str.replace_all(_MARK, "")
        .str.to_lowercase()
        .str.replace(_REPLY, "")
        .str.replace_all(_ADDRESS, " ")
        .str.replace_all(_DOMAIN, " ")
        .str.replace_all(_WITH_DIGIT, " ")
        .str.replace_all(_NO_LETTER, " ")
        .str.strip_chars()
    )
    unspaced = words.str.contains(r"[\p{Han}\p{Katakana}]")
    if not unspaced.any():
        return words
    divided = words.filter(unspaced).map_elements(_divided, return_dtype=pl.String)
    return words.scatter(unspaced.arg_true(), divided)


def _divided(text: str) -> str:
    text = re.sub(f"{_HAN}+", lambda run: f" {_pairs(run[0])} ", normalize("NFC", text))
    return " ".join(re.sub(f"{_KATAKANA}+", r" \g<0> ", text).split())


def _pairs(run: str) -> str:
    """The letters of a run two by two, each but the first and the last twice."""
    return " ".join(run[at : at + 2] for at in range(max(len(run) - 1, 1)))


def word_sets(words: pl.Series) -> pl.Series:
    """The words of each text once, in order of the alphabet: two orders of words are one text."""
    # sorted as elements: `list.sort` takes twenty times as long
    return words.str.split(" ").list.eval(pl.element().unique().sort()).list.join(" ")


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
