"""How much a file's name for a column is like what tools call the contract's columns."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

NAMES_FILE = Path(__file__).with_name("column_names.toml")
SPELT_ALIKE = 0.86
# "Service ID" may stand for the service where nothing better does, "Customer age" never does.
LESS_FOR_AN_ID = 0.1
ONE_WORD = 0.96  # "id" is less than "ticket id"


def likeness(column: str, name: str) -> tuple[float, str]:
    """How much a file's name is like what tools call a contract column: 0 to 1, and which name."""
    # of "fields.status" the end says what it is
    spoken = {plain_words(name), plain_words(name.rsplit(".", 1)[-1])}
    best = (0.0, "")
    for said in filter(None, spoken):
        for synonym in (column.replace("_", " "), *names()["columns"].get(column, ())):
            score = _alike(said, synonym)
            if score == 1.0 and synonym in names()["parts"]["alone"]:
                score = ONE_WORD
            if score > best[0]:
                best = (score, synonym)
    return best


def _alike(said: str, synonym: str) -> float:
    if said == synonym:
        return 1.0
    parts = names()["parts"]
    words, wanted = said.split(), synonym.split()
    more = set(words) - set(wanted)
    is_whole = synonym not in parts["alone"] or more <= set(parts["objects"])
    has_all = set(wanted) <= set(words) and is_whole
    if has_all and more <= set(parts["idle"]):
        return 0.97
    if more & set(parts["of_something_else"]):
        return 0.0
    if has_all and len(synonym) > 2:
        less = LESS_FOR_AN_ID if more & set(parts["ids"]) else 0.0
        return 0.7 + 0.25 * len(synonym) / len(said) - less
    ratio = SequenceMatcher(None, said, synonym).ratio()
    return ratio * 0.95 if ratio >= SPELT_ALIKE and min(len(said), len(synonym)) > 4 else 0.0


def tells_another_date(name: str) -> bool:
    """Whether a date's name says that it is no opening: a purchase, a birth, an end ..."""
    return not set(names()["parts"]["other_dates"]).isdisjoint(plain_words(name).split())


def plain_words(text: str) -> str:
    """A name without capitals, accents and signs: "Fecha_Creación" -> "fecha creacion"."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", bare.casefold().replace("ß", "ss")))


@cache
def names() -> dict[str, Any]:
    """What tools call columns and words, from `column_names.toml`."""
    return tomllib.loads(NAMES_FILE.read_text(encoding="utf-8"))
