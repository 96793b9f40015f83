"""Which column of a file is which of the contract's: by its name, its words and its content."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.contract import Column
from pipelines.mappings.content import Content
from pipelines.mappings.likeness import likeness, tells_a_breach, tells_another_date, tells_how_many
from pipelines.mappings.mapping import columns_of
from pipelines.mappings.meanings import is_opposite, is_upwards, known, meant, share_understood
from pipelines.mappings.proposed_durations import counts_time
from pipelines.scales import RANKED

NEAR_ENOUGH = 0.74
FITTING: dict[str, tuple[str, ...]] = {
    "instant": ("dates", "empty"),
    "integer": ("numbers", "yes or no", "empty"),
    "number": ("numbers", "yes or no", "words", "empty"),
    "boolean": ("yes or no", "words", "empty"),
}
PROSE = ("title", "description", "resolution_notes")
# An id in our own spelling, and the tool's name: no export of another tool has either.
NEVER_PROPOSED = ("ticket_id", "source")
ROWS_A_TICKET = 0.2
LESS_WHERE_EMPTY = 0.2
LESS_FOR_COUNTED_ROWS = 0.15
LONGEST_ID = 40
NEARLY_ALL = 0.95  # reports have lines of sums below, which are rejected one by one
MOSTLY = 0.5


@dataclass(frozen=True)
class ColumnProposal:
    """One column of the file: which of the contract it may be (None: kept in `extra`), and why."""

    content: Content
    column: str | None
    reason: str


def columns_like(found: list[Content]) -> tuple[ColumnProposal, ...]:
    """Each file column with at most one of the contract, the best pairs first."""
    valid = columns_of("tickets")
    pairs = sorted(
        (
            (-score, order, content.place, column.name, synonym)
            for content in found
            for order, column in enumerate(valid.values())
            if column.name not in NEVER_PROPOSED and _fits(column, content)
            for score, synonym in [_likeness(column, content)]
            if score >= NEAR_ENOUGH
        ),
    )
    chosen: dict[int, tuple[str, str]] = {}
    for _, _, place, column, synonym in pairs:
        if place not in chosen and column not in {name for name, _ in chosen.values()}:
            chosen[place] = (column, f"named like {synonym!r}")
    _told_by_words(found, chosen)
    _told_by_content(found, chosen)
    proposals = []
    for content in found:
        column, why = chosen.get(content.place, (None, "no column of the contract is named so"))
        if column in RANKED and is_upwards(valid[column], content):
            why += "; counts upwards, so that its words are read, not its numbers"
        elif column is not None and is_opposite(valid[column], content):
            why += "; its yes is a broken promise"
        proposals.append(ColumnProposal(content, column, f"{why}; {content.told}"))
    return tuple(proposals)


def _likeness(column: Column, content: Content) -> tuple[float, str]:
    """How much a file's column is like one of the contract by its name; of two that may be the
    ticket's number the one that differs in every row is more like it, and less one that counts the
    rows; an empty one gives way."""
    score, synonym = likeness(column.name, content.name)
    if content.kind == "empty":
        score -= LESS_WHERE_EMPTY
    if column.name == "number" and content.is_unique:
        score += min(score, 0.1)
        score -= LESS_FOR_COUNTED_ROWS if content.counts_rows else 0.0
    return score, synonym


def _told_by_words(found: list[Content], chosen: dict[int, tuple[str, str]]) -> None:
    """Kinds, priorities and a category, told by what their words mean where no name tells it."""
    _state_understood(found, chosen)
    taken = {column for column, _ in chosen.values()}
    kind, priority = columns_of("tickets")["kind"], columns_of("tickets")["priority"]
    for each in found:
        named = chosen.get(each.place, ("category", ""))[0]
        understood = share_understood(kind, each) > MOSTLY
        if "kind" not in taken and named == "category" and understood:
            if "incident" in {known(kind, word) or meant(kind, word) for word, _ in each.words}:
                chosen[each.place] = ("kind", "its words are kinds of tickets")
                taken.add("kind")
        elif "priority" not in taken and named == "severity":
            if share_understood(priority, each) > MOSTLY:
                chosen[each.place] = ("priority", "a severity whose words are priorities")
                taken.add("priority")
        elif (
            "category" not in taken
            and each.place not in chosen
            and each.words
            and likeness("kind", each.name)[0] >= NEAR_ENOUGH
        ):
            chosen[each.place] = ("category", "a type whose words are no kinds of tickets")
            taken.add("category")


def _state_understood(found: list[Content], chosen: dict[int, tuple[str, str]]) -> None:
    """Of several columns named like the state the one whose words are states."""
    state = columns_of("tickets")["state"]
    places = {column: place for place, (column, _) in chosen.items()}
    named = next((each for each in found if each.place == places.get("state")), None)
    if named is None or share_understood(state, named):
        return
    for each in found:
        score, synonym = likeness("state", each.name)
        is_free = each.place not in chosen
        if is_free and score >= NEAR_ENOUGH and share_understood(state, each) > MOSTLY:
            del chosen[named.place]
            chosen[each.place] = ("state", f"named like {synonym!r}, and its words are states")
            return


def _told_by_content(found: list[Content], chosen: dict[int, tuple[str, str]]) -> None:
    """What a ticket cannot do without, told by content where no name tells it."""
    taken = {column for column, _ in chosen.values()}
    rest = [each for each in found if each.place not in chosen]
    if "number" not in taken:
        ids = [each for each in rest if each.is_unique and each.longest <= LONGEST_ID]
        ids = [each for each in ids if each.kind not in ("dates", "durations", "prose")]
        ids = [each for each in ids if not tells_how_many(each.name) and not counts_time(each)]
        if ids:
            chosen[ids[0].place] = ("number", "another value in every row")
    if "opened_at" not in taken:
        dates = [each for each in rest if each.kind == "dates" and each.filled == each.rows]
        dates = [each for each in dates if not tells_another_date(each.name)]
        if dates:
            chosen[dates[0].place] = ("opened_at", "the first date that every row has")


def _fits(column: Column, content: Content) -> bool:
    """Whether the content can be what the contract's column holds."""
    if column.name in ("number", "ticket_id"):
        is_whole = content.filled >= NEARLY_ALL * content.rows and content.kind not in (
            "dates",
            "durations",
        )
        is_id = content.longest <= LONGEST_ID and all(map(has_digit, content.examples))
        return is_whole and is_id and content.distinct > ROWS_A_TICKET * min(content.rows, 10)
    if column.reference and content.kind in ("words", "names", "prose"):
        shown = [word for word, _ in content.words] or content.examples
        return sum(map(has_digit, shown)) > MOSTLY * len(shown)  # "Paper jam" is no problem's id
    kinds = FITTING.get(column.type, ())
    if column.type == "number" and content.kind == "words":  # "4 of 5" is one, "Offered" is none
        with_digits = sum(rows for word, rows in content.words if has_digit(word))
        return with_digits > MOSTLY * content.filled
    if column.type == "boolean" and tells_a_breach(content.name):
        # a mapping that has seen one answer would read the other as it stands
        return {known(column, word) for word, _ in content.words} == {"true", "false"}
    if column.type == "boolean" and content.kind == "words":  # "4 hours, 24x7" is no verdict
        return share_understood(column, content) > MOSTLY
    if kinds:
        return content.kind in kinds
    if column.name == "kind":  # what is taken for another kind drops out of nearly every figure
        return share_understood(column, content) > MOSTLY
    if column.choices and not column.reference:
        return content.kind in ("words", "numbers", "names", "yes or no", "empty")
    if counts_time(content):  # "Resolution time (hours)" is no code of resolution
        return False
    if content.is_answer:
        return False
    if column.name in PROSE:
        if share_understood(columns_of("tickets")["state"], content) > MOSTLY:
            return False  # "Estado detalle" describes nothing
        return content.kind not in ("dates", "durations", "numbers", "yes or no")
    return content.kind not in ("dates", "durations")


def has_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)
