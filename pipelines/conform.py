"""From a file's text to the contract's types: one SQL statement for all rows of a file.

Every row ends up in the temporary table `staged`: typed, with `bad_column`, `bad_value` and
`bad_reason` where it cannot be accepted, and `unknown_<column>` where a word is not ours.
The row's place in the file is its `rowid`.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from pipelines.binding import Bindings, quoted
from pipelines.contract import Column
from pipelines.leftovers import unmapped
from pipelines.numbers_sql import integer_sql, joined_digits_sql, number_sql
from pipelines.plan import Plan
from pipelines.scales import NUMBERED
from pipelines.sources import folded
from pipelines.times.instants import (
    first_line,
    instant,
    is_to_come,
    place_dates,
    precision,
    read_dates,
    shown_offset,
    tidy_dates,
    trimmed,
    where_it_counts,
)

BOOLEANS = {
    **dict.fromkeys(
        ("true", "t", "yes", "y", "1", "1.0", "sí", "si", "sim", "oui", "ja", "x"), True
    ),
    **dict.fromkeys(("verdadero", "verdadeiro", "vrai", "wahr"), True),
    **dict.fromkeys(("false", "f", "no", "n", "0", "0.0", "não", "nao", "non", "nein"), False),
    **dict.fromkeys(("falso", "faux", "falsch"), False),
}
REPEATED_HEADER = "it repeats the header"
KEYS = ("number", "ticket_id", "change_id", "problem_id")
UNREADABLE = {
    "instant": "not a date that can be read",
    "integer": "not a whole number",
    "number": "not a number",
    "boolean": "not a yes or a no",
}


def stage(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Create the temporary table `staged` from the file; broken lines go to `reject_errors`."""
    bind = Bindings()
    texts = {name: _text(plan, name, bind) for name in plan.cells}
    named_texts = [f"{sql} as t_{name}" for name, sql in texts.items()]
    for table in ("reject_errors", "reject_scans"):
        connection.execute(f"drop table if exists {table}")
    relation = plan.opened.relation(bind, plan.form.null_markers, keep_broken=True)
    lines = [f"{_typed(plan, column, bind)} as {quoted(column.name)}" for column in plan.columns]
    lines += [
        f"{_unknown(plan, column, bind)} as {quoted('unknown_' + column.name)}"
        for column in plan.columns
        if _has_words(plan, column)
    ]
    lines += [f"t_{name} as {name}" for name in _identities(plan)]
    lines += _history_cells(plan)
    lines += precision(plan)
    lines += shown_offset(plan)
    lines.append(f"{unmapped(plan.opened.header, plan.cells, plan.form, bind)} as extra")
    tests = _repeated_header(plan, bind)
    tests += [each for column in plan.columns if (each := _bad(plan, column))]
    places = " ".join(f"when {test} then {place}" for place, (_, test, _) in enumerate(tests))
    names = " ".join(
        f"when {place} then {bind(plan.named(name))}" for place, (name, _, _) in enumerate(tests)
    )
    values = " ".join(f"when {place} then t_{name}" for place, (name, _, _) in enumerate(tests))
    reasons = " ".join(
        f"when {place} then {bind(reason)}" for place, (_, _, reason) in enumerate(tests)
    )
    tested = dict.fromkeys(f"t_{name}" for name, _, _ in tests)
    connection.execute(
        f"""
        create or replace temp table staged as
        with texts as (
            select {", ".join(["*", *named_texts, *tidy_dates(plan, bind)])}
            from {relation}
        ),

        read as (
            select {", ".join(["*", *_read_words(plan, bind), *read_dates(plan, bind)])}
            from texts
        ),

        placed as (
            select {", ".join(["*", *place_dates(plan)])}
            from read
        ),

        typed as (
            select {", ".join([*lines, *tested])}
            from placed
        ),

        judged as (
            select *, case {places} end as bad_place
            from typed
        )

        select
            * exclude ({", ".join([*tested, "bad_place"])}),
            case when bad_place is not null then case bad_place {names} end end as bad_column,
            case when bad_place is not null then case bad_place {values} end end as bad_value,
            case when bad_place is not null then case bad_place {reasons} end end as bad_reason
        from judged
        """,
        bind.values,
    )


def _identities(plan: Plan) -> list[str]:
    """What an id is made of, where the table itself has no such column or computes it."""
    names = ("number", "source", "ticket_id", "change_id", "problem_id")
    read = {column.name for column in plan.columns}
    return [name for name in names if name in plan.places and name not in read]


def _has_words(plan: Plan, column: Column) -> bool:
    return bool(column.choices) and column.name in plan.form.values and column.name in plan.places


def _text(plan: Plan, name: str, bind: Bindings) -> str:
    """The first cell with a value, trimmed unless it is prose."""
    cells = [where_it_counts(plan, place, f"c{place}", bind) for place in plan.cells[name]]
    if name in plan.form.first_of:
        cells = [first_line(cell) for cell in cells]
    text = cells[0] if len(cells) == 1 else f"coalesce({', '.join(cells)})"
    column = plan.table.by_name.get(name)
    if (
        column is not None
        and column.type == "text"
        and not column.dimension
        and not column.required
    ):
        return text
    if name in plan.form.joined_digits:
        return joined_digits_sql(trimmed(text))
    return trimmed(text)


def _typed(plan: Plan, column: Column, bind: Bindings) -> str:
    """SQL of one column in the contract's type; null where the text cannot be read."""
    typed = _read_or_derived(plan, column, bind)
    proof = plan.form.void_without.get(column.name)
    if proof is None or proof not in plan.places:
        return typed
    return f"case when t_{proof} is not null then {typed} end"


def _read_or_derived(plan: Plan, column: Column, bind: Bindings) -> str:
    is_shown = column.name in plan.places or column.name in plan.elapsed
    own = _own(plan, column, bind) if is_shown else None
    fallback = _fallback(plan, column, bind)
    if fallback is None:
        return own or f"null::{column.sql_type}"
    if own is None:
        return fallback
    if _is_for_unknown_words(plan, column):
        return f"coalesce(m_{column.name}, {fallback}, {own})"
    return f"coalesce({own}, {fallback})"


def _fallback(plan: Plan, column: Column, bind: Bindings) -> str | None:
    """SQL of a column as another one tells it, where the form says so and the file has that one."""
    derived = plan.form.derived.get(column.name)
    if derived is None or derived.column not in plan.places:
        return None
    through = f"lower(t_{derived.column})"
    if derived.by_prefix:
        return _by_prefix(through, derived.words, bind)
    return _mapped(through, derived.words, bind)


def _is_for_unknown_words(plan: Plan, column: Column) -> bool:
    derived = plan.form.derived.get(column.name)
    return derived is not None and derived.for_unknown_words and _has_words(plan, column)


def _unknown(plan: Plan, column: Column, bind: Bindings) -> str:
    """SQL of a word that nobody knows, null where the word or what stands for it is known."""
    known = f"m_{column.name}"
    fallback = _fallback(plan, column, bind) if _is_for_unknown_words(plan, column) else None
    if fallback is not None:
        known = f"coalesce({known}, {fallback})"
    return f"case when {known} is null then t_{column.name} end"


def _by_prefix(text: str, words: Mapping[str, str], bind: Bindings) -> str:
    """Our word for the letters that `text` begins with, all of them."""
    whens = " ".join(
        f"when starts_with({text}, {bind(word)}) "
        f"and not substr({text}, {len(word) + 1}, 1) between 'a' and 'z' then {bind(ours)}"
        for word, ours in words.items()
    )
    return f"case {whens} end"


def _own(plan: Plan, column: Column, bind: Bindings) -> str:
    text = f"t_{column.name}"
    if column.type == "instant":
        return instant(column.name)
    if column.type == "integer":
        return integer_sql(text)
    if column.type == "number":
        return number_sql(text)
    words = plan.form.values.get(column.name)
    if column.type == "boolean":
        own_words = {word: ours == "true" for word, ours in (words or {}).items()}
        read = _mapped(f"lower({text})", BOOLEANS | own_words, bind)
        if column.name in plan.form.blank_is_no:
            return f"case when {text} is null then false else {read} end"
        return read
    if words and not column.choices:
        return f"coalesce({_mapped(f'lower({text})', words, bind)}, {text})"
    if words:
        found = f"m_{column.name}"
        if column.otherwise is None:
            return found
        return f"case when {text} is not null then coalesce({found}, {bind(column.otherwise)}) end"
    if column.name in plan.pseudonymise:
        return pseudonym(text, plan.pseudonym_key, bind)
    return text


def pseudonym(text: str, key: str, bind: Bindings) -> str:
    """SQL for a stable stand-in of a person's name: keyed, so that nobody can try names on it."""
    return f"left(sha256({bind(key)} || nullif({text}, '')), 12)"


def _read_words(plan: Plan, bind: Bindings) -> list[str]:
    """`m_` our word for the file's, null for a word of which none knows."""
    return [
        f"{_choice(plan, column, bind)} as m_{column.name}"
        for column in plan.columns
        if _has_words(plan, column)
    ]


def _mapped(text: str, words: Mapping[str, str] | Mapping[str, bool], bind: Bindings) -> str:
    whens = " ".join(f"when {bind(word)} then {bind(ours)}" for word, ours in words.items())
    return f"case {text} {whens} end"


def _choice(plan: Plan, column: Column, bind: Bindings) -> str:
    """Our word for the whole text, or for what stands before " - ", as in "1 - Critical".

    In a scale that counts upwards what stands after the number decides, as in "4 - Critical".
    """
    text, words = f"t_{column.name}", plan.form.values[column.name]
    whole = _mapped(f"lower({text})", words, bind)
    if column.name in plan.upwards:
        word = _mapped(f"regexp_extract(lower({text}), {bind(NUMBERED)}, 2)", words, bind)
        return f"coalesce({whole}, {word})"
    leading = _mapped(f"lower(split_part({text}, ' - ', 1))", words, bind)
    return f"coalesce({whole}, {leading})"


def _repeated_header(plan: Plan, bind: Bindings) -> list[tuple[str, str, str]]:
    """A row that says what its columns are called, as where exports were put together."""
    name = next((name for name in KEYS if name in plan.cells), None)
    if name is None:
        return []
    shown = [plan.opened.header[place] for place in plan.cells[name]]
    marked = [f"\ufeff{each}" for each in shown]
    return [(name, f"t_{name} in ({bind.all((*shown, *marked))})", REPEATED_HEADER)]


def _bad(plan: Plan, column: Column) -> tuple[str, str, str] | None:
    """When a row cannot be accepted because of this column: its name, the test, the reason."""
    if column.name not in plan.places and column.name not in plan.elapsed:
        return None
    name, text = quoted(column.name), f"t_{column.name}"
    is_needed = column.required or (plan.form.is_log and column.name == "updated_at")
    if is_needed and column.type == "instant":
        return column.name, f"{name} is null", "it is needed, and it is missing or not a date"
    if column.required:
        test = f"{name} is null"
        if column.name == "number" and "ticket_id" in plan.places:
            test += " and ticket_id is null"
        return column.name, test, "it is needed, and it is empty"
    if column.type not in UNREADABLE:
        return None
    test = f"{text} is not null and {name} is null"
    if column.name in plan.elapsed:
        test += f" and {quoted(plan.form.elapsed[column.name].since)} is not null"
        test += f" and not {is_to_come(plan, column.name, 'state')}"
    proof = plan.form.void_without.get(column.name)
    if proof in plan.places:
        test += f" and t_{proof} is not null"
    return column.name, test, UNREADABLE[column.type]


def _history_cells(plan: Plan) -> list[str]:
    """For rows that are updates: the count of the update, and who made it."""
    if plan.form.history is None:
        return []
    names = [folded(name) for name in plan.opened.header]
    history = folded(plan.form.history)
    actor = next((name for name in map(folded, plan.form.actor) if name in names), None)
    update = f"try_cast(c{names.index(history)} as bigint)" if history in names else "null::bigint"
    who = f"nullif(trim(c{names.index(actor)}), '')" if actor else "null::varchar"
    return [f"{update} as row_update", f"{who} as row_actor"]
