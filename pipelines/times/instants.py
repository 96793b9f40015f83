"""From the text of dates to instants: SQL in three steps, one CTE each."""

from __future__ import annotations

from pipelines.binding import Bindings
from pipelines.plan import Plan
from pipelines.sources import folded
from pipelines.times.date_readings import tidy_sql
from pipelines.times.durations import seconds_sql

EARLIEST, LATEST = "1970-01-01", "2100-01-01"
OFFSET_OF_ISO = "'([Zz]|UTC|[+-][0-9]{2}:?(?:[0-9]{2})?)$'"
STEP_OF_TIMES = ("opened_at", "first_response_at", "resolved_at")


def tidy_dates(plan: Plan, bind: Bindings) -> list[str]:
    """Before all: `d_` the text of a date in words, made tidy; a step of its own for its length."""
    return [
        f"{tidy_sql(f'c{place}', bind, reading.language)} as d_{place}"
        for place, reading in plan.dates.items()
        if reading.tidy
    ]


def read_dates(plan: Plan, bind: Bindings) -> list[str]:
    """First step from a date's text to its instant: `w_` the local time, or `i_` the UTC one.

    The steps stand in CTEs of their own because the way from local time to UTC is a tree of
    comparisons: written into one expression it would repeat the parsing at every leaf.
    """
    lines: list[str] = []
    for column in plan.columns:
        if column.type != "instant" or column.name not in plan.places:
            continue
        places = plan.places[column.name]
        text = f"t_{column.name}"
        walls, instants = [], []
        for place in places:
            cell = text if len(places) == 1 else _own_cell(plan, column.name, place)
            if plan.dates[place].tidy:
                cell = f"d_{place}"
            wall = plan.dates[place].wall_sql(cell, bind)
            shown = instants if plan.says_utc(place) else walls
            shown.append(where_it_counts(plan, place, wall, bind))
            utc = plan.dates[place].instant_sql(cell, bind)
            instants.append(where_it_counts(plan, place, utc, bind))
        lines.append(f"{_first(walls)} as w_{column.name}")
        lines.append(f"{_first(instants)} as i_{column.name}")
    for name, places in plan.elapsed.items():
        unit = plan.form.elapsed[name].unit
        seconds = (seconds_sql(f"c{place}", bind, unit) for place in places)
        lines.append(f"coalesce({', '.join(seconds)}) as s_{name}")
    return lines


def _own_cell(plan: Plan, name: str, place: int) -> str:
    """SQL of one of the cells that a column is read from."""
    cell = f"c{place}"
    return trimmed(first_line(cell) if name in plan.form.first_of else cell)


def _first(instants: list[str]) -> str:
    return f"coalesce({', '.join(instants)})" if instants else "null::timestamp"


def where_it_counts(plan: Plan, place: int, sql: str, bind: Bindings) -> str:
    """SQL that is null in rows in which the form does not count the cell."""
    told = plan.counts_where(place)
    if told is None:
        return sql
    beside, words = told
    if beside is None:
        return f"case when false then {sql} end"
    return f"case when lower(trim(c{beside})) in ({bind.all(words)}) then {sql} end"


def place_dates(plan: Plan) -> list[str]:
    """Second step: `u_` the instant in whole seconds of UTC; local time needs the file's zone."""
    lines: list[str] = []
    for column in plan.columns:
        if column.type != "instant" or column.name not in plan.places:
            continue
        utc = f"local_to_utc(w_{column.name})" if plan.has_zone else "null::timestamp"
        in_utc = any(plan.says_utc(place) for place in plan.places[column.name])
        if in_utc or not plan.is_plain(column.name):
            utc = f"date_trunc('second', coalesce(i_{column.name}, {utc}))"
        if column.name in plan.elapsed:
            utc = f"coalesce({utc}, {_after(plan, column.name)})"
        lines.append(f"{utc} as u_{column.name}")
    lines += [
        f"{_after(plan, name)} as u_{name}" for name in plan.elapsed if name not in plan.places
    ]
    return lines


def _after(plan: Plan, name: str) -> str:
    """An instant told by the time that passed until it, which is never negative."""
    since = plan.form.elapsed[name].since
    is_told = f"s_{name} >= 0 and not {is_to_come(plan, name, 'm_state')}"
    return f"case when {is_told} then u_{since} + to_seconds(round(s_{name})::bigint) end"


def is_to_come(plan: Plan, name: str, state: str) -> str:
    """SQL of whether a time of nothing stands for an end that has not come: tools write 0 into the
    time until the resolution of a ticket that is still worked on."""
    has_state = "state" in plan.places and plan.form.values.get("state")
    if name not in ("resolved_at", "closed_at") or not has_state:
        return "false"
    open_states = "('new', 'in_progress', 'on_hold')"
    return f"(coalesce({state} in {open_states}, false) and not regexp_matches(t_{name}, '[1-9]'))"


def instant(name: str) -> str:
    """Third step: nothing before 1970 or after 2100 is taken for a date."""
    return (
        f"case when u_{name} between timestamp '{EARLIEST}' and timestamp '{LATEST}' "
        f"then u_{name} end"
    )


def precision(plan: Plan) -> list[str]:
    """The coarsest step among the times that clocks start and stop at, as they are written."""
    if plan.form.table != "tickets":
        return []
    steps = [
        f"case when {text} is null or {text} like '%:__:__%' then 1 "
        f"when {text} like '%:__%' then 60 else {60 if name in plan.elapsed else 86_400} end"
        for name in STEP_OF_TIMES
        if name in plan.cells and not _is_exact(plan, name)
        for text in [_shown(plan, name)]
    ]
    steps += [
        f"case when c{place} is not null then 60 end"
        for place, name in enumerate(plan.opened.header)
        if folded(name) in {folded(each) for each in plan.form.minutes}
    ]
    return [f"greatest({', '.join(['1', *steps])})::bigint as precision_seconds"]


def first_line(cell: str) -> str:
    """SQL of the first of several values in a cell."""
    return f"rtrim(split_part(replace({cell}, '<br>', chr(10)), chr(10), 1), chr(13))"


def trimmed(text: str) -> str:
    """SQL of a text without outer blanks, null where nothing is left.

    Trimming costs many times the look at both ends, and few cells need it.
    """
    return (
        f"case when {text} like ' %' or {text} like '% ' then nullif(trim({text}), '') "
        f"else nullif({text}, '') end"
    )


def shown_offset(plan: Plan) -> list[str]:
    """`shown_offset` the offset that the time of opening carries, where it may carry one."""
    places = plan.places.get("opened_at", [])
    if len(places) != 1 or not plan.dates[places[0]].iso or plan.dates[places[0]].plain:
        return []
    after_date = "substr(t_opened_at, 12)"
    return [f"regexp_extract({after_date}, {OFFSET_OF_ISO}, 1) as shown_offset"]


def _is_exact(plan: Plan, name: str) -> bool:
    """Whether the way a column is written tells that its times are exact to the second."""
    readings = [plan.dates[place] for place in plan.places.get(name, ())]
    return plan.is_plain(name) or any(each.counting for each in readings)


def _shown(plan: Plan, name: str) -> str:
    """The text of a time as it is read."""
    places = plan.places.get(name, [])
    is_tidy = len(places) == 1 and plan.dates[places[0]].tidy and name not in plan.elapsed
    return f"d_{places[0]}" if is_tidy else f"t_{name}"
