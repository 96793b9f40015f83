"""One export format = one file. Nothing after this room knows which tool a ticket came from.

A source is a module with `NAME`, `TITLE`, `HOW_TO_EXPORT` and `FORMS`. A form says which header it
is told by, and where each contract column comes from; `pipelines/conform.py` does the rest for all
of them. A module whose tool nests records in JSON also has `DOCUMENTS`, which write such records as
rows that its forms know; `UNREAD` names files of the tool that are known and of no use.
`HOW_TO_EXPORT` tells a user of the tool, in Markdown, where to click and what to choose.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pipelines.reading.unfolding import Document
from pipelines.times.durations import Unit
from policies.refusal import Refused


class UnknownHeader(Refused):
    """No source knows the header of a table: beside others that are known, it may be left out."""


NULL_MARKERS = ("?", "-", "null", "NULL", "None", "NA", "N/A", "#N/A", "NaN")


@dataclass(frozen=True)
class Derived:
    """A column read through another one's words: by the whole word, or by its leading letters.

    It counts where the column has no value of its own; with `for_unknown_words` also where that
    value is a word that nobody knows.
    """

    column: str
    words: Mapping[str, str]
    by_prefix: bool = False
    for_unknown_words: bool = False


@dataclass(frozen=True)
class Elapsed:
    """An instant that the file tells by the time since another one.

    `columns` are the file's names for the length of time (`H:MM`, "2 days 4 hours" ...), the
    first that has a value wins; `unit` is what a bare number in them counts.
    """

    since: str
    columns: tuple[str, ...]
    unit: Unit | None = None


@dataclass(frozen=True)
class Form:
    """One shape of export of one tool.

    columns     contract column -> the file's names for it; the first that has a value wins
    recognised_by  groups of names: a header is this form's when each group has a name in it
    values      contract column -> the file's words (lower case) -> ours
    derived     contract column -> where it is read from when it has no value of its own
    blank_is_no yes-or-no columns that the tool leaves empty to say no
    history     the rows are updates of a ticket: the last row is the ticket, the changes between
                rows are its events; `history` names the column that counts the updates
    actor       the names of the column that says who made the update
    is_log      the updates are all that is known of a ticket: see `pipelines/logs.py`
    events_only  the updates are the history of tickets that come from elsewhere
    ignored     names that are known and deliberately not kept
    also        names by which the tool is known and that stay in `extra`
    first_of    columns whose cells may hold several values, one a line: the first counts, and a
                cell with several is kept whole in `extra`
    date_or_none  columns of dates that the tool also uses for something else (a duration, a bar of
                progress): read only where the file has dates in them, else kept in `extra`
    own_types   types of tickets are the organisation's own words: where a file has none that is a
                kind of ours, they are read as its category
    void_without  column -> the column without which its value means nothing
    counts_where  the file's name of a column of dates -> a column of the form and its words: its
                cell counts in such rows alone, and in none where the file has other names' dates
    elapsed     contract column -> the time that passed until it, where the file has no date for it
    joined_digits  columns of ids that the tool writes with blanks between thousands ("52 267")
    is_mapping  made for one header: a column of it that a file lacks is a finding
    minutes     names whose times are known to the minute alone, however they are written
    """

    source: str
    name: str
    title: str
    table: str
    columns: Mapping[str, tuple[str, ...]]
    recognised_by: tuple[tuple[str, ...], ...]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    derived: Mapping[str, Derived] = field(default_factory=dict)
    blank_is_no: tuple[str, ...] = ()
    history: str | None = None
    actor: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    first_of: tuple[str, ...] = ()
    date_or_none: tuple[str, ...] = ()
    void_without: Mapping[str, str] = field(default_factory=dict)
    counts_where: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    minutes: tuple[str, ...] = ()
    elapsed: Mapping[str, Elapsed] = field(default_factory=dict)
    joined_digits: tuple[str, ...] = ()
    own_types: bool = False
    is_log: bool = False
    events_only: bool = False
    null_markers: tuple[str, ...] = NULL_MARKERS
    cannot_give: str = ""
    is_mapping: bool = False

    def places(self, header: tuple[str, ...]) -> dict[str, list[int]]:
        """Contract column -> the positions in this header that feed it, in order of preference."""
        return _positions(header, self.columns)

    def elapsed_places(self, header: tuple[str, ...]) -> dict[str, list[int]]:
        """Contract column -> the positions of the time until it, where its start is shown too."""
        shown = self.places(header)
        told = {name: each.columns for name, each in self.elapsed.items() if each.since in shown}
        return _positions(header, told)

    def recognises(self, header: tuple[str, ...]) -> int:
        """How many of the header's names this form knows; 0 when it is not this form's header."""
        names = {folded(name) for name in header}
        if not all(any(folded(name) in names for name in group) for group in self.recognised_by):
            return 0
        groups = [*self.columns.values(), *(each.columns for each in self.elapsed.values())]
        known = {folded(name) for group in groups for name in group}
        return len(names & (known | {folded(name) for name in (*self.ignored, *self.also)}))


def _positions(
    header: tuple[str, ...], columns: Mapping[str, tuple[str, ...]]
) -> dict[str, list[int]]:
    positions: dict[str, list[int]] = {}
    for place, name in enumerate(header):
        positions.setdefault(folded(name), []).append(place)
    found = {
        column: [place for name in names for place in positions.get(folded(name), ())]
        for column, names in columns.items()
    }
    return {column: places for column, places in found.items() if places}


@lru_cache(maxsize=8192)
def folded(name: str) -> str:
    """A column's name as it is compared: case, accents, blanks and the kind of apostrophe do not
    matter, because exports pass through spreadsheets and other encodings on their way."""
    if name.isascii():
        return " ".join(name.split()).casefold()
    letters = unicodedata.normalize("NFKD", name.replace("’", "'"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.split()).casefold()


@dataclass(frozen=True)
class Unread:
    """A file of the tool that is known and cannot be used: its header, and what to do instead."""

    recognised_by: tuple[str, ...]
    way_out: str


@dataclass(frozen=True)
class Source:
    """One tool: its name in commands, its title, how its users export from it, its forms."""

    name: str
    title: str
    how_to_export: str
    forms: tuple[Form, ...]
    documents: tuple[Document, ...] = ()
    unread: tuple[Unread, ...] = ()


@lru_cache(maxsize=1)
def sources() -> tuple[Source, ...]:
    """Every source in this folder, in order of file name."""
    found: list[Source] = []
    for each in sorted(pkgutil.iter_modules(__path__), key=lambda each: each.name):
        if not each.name.startswith("_"):
            module = importlib.import_module(f"{__name__}.{each.name}")
            how = inspect.cleandoc(module.HOW_TO_EXPORT)
            nested = tuple(getattr(module, "DOCUMENTS", ()))
            unread = tuple(getattr(module, "UNREAD", ()))
            forms_of = tuple(module.FORMS)
            found.append(Source(module.NAME, module.TITLE, how, forms_of, nested, unread))
    return tuple(found)


@lru_cache(maxsize=1)
def forms() -> tuple[Form, ...]:
    """Every form of every source."""
    return tuple(form for source in sources() for form in source.forms)


@lru_cache(maxsize=1)
def documents() -> tuple[Document, ...]:
    """Every kind of nested record that a source takes apart."""
    return tuple(document for source in sources() for document in source.documents)


def source_names() -> list[str]:
    return sorted({form.source for form in forms()})


def _logs_of(source: str) -> list[Form]:
    """Logs of changes as the history of another source's tickets."""
    logs = [form for form in forms() if form.is_log or form.source == "log"]
    return [replace(form, source=source, events_only=True) for form in logs]


def detect(header: tuple[str, ...], path: str, source: str | None) -> list[Form]:
    """The forms that this header fits best (more than one only where rows must decide).

    `source` restricts the choice. Raises Refused when no form knows the header, or when two
    sources know it equally well.
    """
    if source is not None and source not in source_names():
        raise Refused(
            f"--source {source} is unknown: Meantime reads {', '.join(source_names())}; "
            "see `meantime sources`."
        )
    candidates = [form for form in forms() if source is None or form.source == source]
    scores = [(form.recognises(header), form) for form in candidates]
    best = max((score for score, _ in scores), default=0)
    if best == 0 and source is not None:
        scores = [(form.recognises(header), form) for form in _logs_of(source)]
        best = max((score for score, _ in scores), default=0)
    if best == 0:
        names = {folded(name) for name in header}
        for unread in (each for source in sources() for each in source.unread):
            if names.issuperset(unread.recognised_by):
                raise UnknownHeader(f"{path} cannot be used: {unread.way_out}.")
        shown = ", ".join(name for name in header[:6] if name) or "no names"
        whose = f"as {source} " if source else ""
        raise UnknownHeader(
            f"{path} cannot be read {whose}(its header begins {shown}): see `meantime sources` for "
            "the columns each source is told by, or let `meantime map` propose its columns."
        )
    winners = [form for score, form in scores if score == best]
    if len({form.source for form in winners}) > 1:
        names = " or ".join(f"--source {name}" for name in sorted({f.source for f in winners}))
        raise Refused(f"{path} fits two sources equally well: say which with {names}.")
    return winners
