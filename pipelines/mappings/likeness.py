"""How much a file's name for a column is like what tools call the contract's columns."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.sources import forms

NAMES_FILE = Path(__file__).with_name("column_names.toml")
MORE_LANGUAGES = Path(__file__).with_name("more_languages")
SPELT_ALIKE = 0.86
# "Service ID" may stand for the service where nothing better does, "Customer age" never does.
LESS_FOR_AN_ID = 0.1
# "Resolution action updated date" is none of these, whatever else it says.
MOMENTS = ("opened_at", "first_response_at", "resolved_at", "closed_at")
VOICED = "\u3099\u309a"  # marks of Japanese that make another letter, not an accent
ONE_WORD = 0.96  # "id" is less than "ticket id"


def likeness(column: str, name: str) -> tuple[float, str]:
    """How much a file's name is like what tools call a contract column: 0 to 1, and which name."""
    # of "fields.status" the end says what it is
    spoken = {plain_words(name), plain_words(name.rsplit(".", 1)[-1])}
    spoken |= {re.sub(r"\bdate ?time\b", "date", said) for said in spoken}
    if _says_otherwise(column, name, {word for said in spoken for word in said.split()}):
        return 0.0, ""
    best = (0.0, "")
    for said in filter(None, spoken):
        for synonym in (column.replace("_", " "), *names()["columns"].get(column, ())):
            score = _alike(said, synonym)
            if score == 1.0 and synonym in _part("alone"):
                score = ONE_WORD
            if score > best[0]:
                best = (score, synonym)
    return best


def _says_otherwise(column: str, name: str, words: set[str]) -> bool:
    """Whether a word of a file's name says that it is not this column, whatever else it says."""
    if column in MOMENTS:
        return not _part("updates").isdisjoint(words)
    if column in ("state", "resolution_code"):  # of a promise
        return "sla" in words
    if column == "problem_id":  # a code of what went wrong
        return not _part("kinds_of").isdisjoint(words)
    if column == "tool_sla_met":  # the verdict on the response alone
        return not words.isdisjoint(names()["durations"]["first_response_at"])
    return column == "number" and tells_how_many(name)


def _alike(said: str, synonym: str) -> float:
    if said == synonym:
        return 1.0
    words, wanted = frozenset(said.split()), _words_of(synonym)
    if wanted <= words:
        more = words - wanted
        is_whole = synonym not in _part("alone") or more <= _part("objects")
        if is_whole and more <= _part("idle"):
            return 0.97
        if more & _part("of_something_else"):
            return 0.0
        if is_whole and len(synonym) > 2:
            less = LESS_FOR_AN_ID if more & _part("ids") else 0.0
            return 0.7 + 0.25 * len(synonym) / len(said) - less
    elif (words - wanted) & _part("of_something_else"):
        return 0.0
    return _spelt_alike(said, synonym)


def _spelt_alike(said: str, synonym: str) -> float:
    """Slips of the fingers; what differs much in length is not looked at."""
    short, long = sorted((len(said), len(synonym)))
    if short <= 4 or 2 * short < SPELT_ALIKE * (short + long):
        return 0.0
    matcher = SequenceMatcher(None, said, synonym)
    if matcher.quick_ratio() < SPELT_ALIKE or (ratio := matcher.ratio()) < SPELT_ALIKE:
        return 0.0
    return ratio * 0.95


@cache
def _words_of(synonym: str) -> frozenset[str]:
    return frozenset(synonym.split())


@cache
def _part(name: str) -> frozenset[str]:
    return frozenset(names()["parts"][name])


def tells_another_date(name: str) -> bool:
    """Whether a date's name says that it is no opening: a purchase, a birth, an end ..."""
    return not _part("other_dates").isdisjoint(plain_words(name).split())


def tells_how_many(name: str) -> bool:
    """Whether a column's name says that it counts tickets: it is a number's, in the plural, or
    says what became of them ("tickets opened")."""
    said = plain_words(name)
    if said.endswith("s") and said[:-1] in names()["columns"]["number"]:
        return True
    words = set(said.split())
    return bool(words & {f"{word}s" for word in _part("objects")}) and not words & _part("ids")


def tells_a_breach(name: str) -> bool:
    """Whether a verdict's name says that a promise was broken: its yes is our no."""
    return not _part("breaches").isdisjoint(plain_words(name).split())


def tells_what_was(name: str) -> bool:
    """Whether a column's name says that it holds what was before a change."""
    return not _part("before").isdisjoint(plain_words(name).split())


def tells_activities(name: str) -> bool:
    """Whether a column's name says that it holds what was done, as logs of processes call it."""
    return plain_words(name) in _part("activities")


def plain_words(text: str) -> str:
    """A name without capitals, accents and signs: "Fecha_Creación" -> "fecha creacion"."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    parts = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in parts if c in VOICED or not unicodedata.combining(c))
    bare = unicodedata.normalize("NFC", bare)
    return " ".join(re.findall(r"[^\W_]+", bare.casefold().replace("ß", "ss")))


@cache
def names() -> dict[str, Any]:
    """What tools call columns and words: `column_names.toml`, with those of `more_languages`.

    Where two languages mean different things by one word, the first of them is believed.
    """
    found = tomllib.loads(NAMES_FILE.read_text(encoding="utf-8"))
    for file in sorted(MORE_LANGUAGES.glob("*.toml")):
        more = tomllib.loads(file.read_text(encoding="utf-8"))
        _add(found["columns"], more["columns"])
        _add(found["parts"], more["parts"])
        for column, words in more["words"].items():
            _add(found["words"][column], words)
    return found


@cache
def words_beyond_ascii() -> frozenset[str]:
    """What exports say in letters that encodings differ in: columns and words, as spelled."""
    spelled: set[str] = set()
    for file in sorted(MORE_LANGUAGES.glob("*.toml")):
        more = tomllib.loads(file.read_text(encoding="utf-8"))
        for group in (more["columns"], *more["words"].values()):
            spelled.update(word.casefold() for words in group.values() for word in words)
    for form in forms():
        spelled.update(name.casefold() for names in form.columns.values() for name in names)
        spelled.update(word for words in form.values.values() for word in words)
    return frozenset(word for word in spelled if not word.isascii())


def _add(known: dict[str, list[str]], more: Mapping[str, Sequence[str]]) -> None:
    """Append names as they are compared; they are written as the language spells them."""
    taken = {name for each in known.values() for name in each}
    for meaning, spelled in more.items():
        plain = dict.fromkeys(filter(None, map(plain_words, spelled)))
        known.setdefault(meaning, []).extend(name for name in plain if name not in taken)
