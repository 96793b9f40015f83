"""What a report says: gathered once as plain data, then printed as PDF, XLSX and HTML alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version

from policies.model import Organisation
from queries import wording
from queries.groups import GROUPS
from reports import cells
from reports.asking import Asked
from reports.cells import Cell, Table
from reports.comebacks import comebacks
from reports.kpis import Kpi, Periods, kpi_table, kpis, months_table
from reports.majors import majors
from reports.moved import moved
from reports.promises import CLOCKS, broken, by_clock, kept
from reports.published import Published, as_published
from reports.sections import Section
from reports.shortfalls import below_target, not_told

TITLE = "Service report"
HEADLINES = "Headlines"


@dataclass(frozen=True)
class Comment:
    """What the manager says of the period."""

    text: str
    who: str
    written_on: date | None


@dataclass(frozen=True)
class Fact:
    """Something said in one line: its name, its words, its tone."""

    name: str
    cell: Cell


@dataclass(frozen=True)
class Report:
    """Everything that a report says. `warnings` stand on the cover; `is_empty` tells that no ticket
    of the selection was there in the period."""

    organisation: Organisation
    title: str
    subject: str
    period: str
    printed_on: date
    is_empty: bool
    verdict: str
    warnings: tuple[str, ...]
    comments: tuple[Comment, ...]
    promises: tuple[Fact, ...]
    figures: tuple[Kpi, ...]
    headlines: tuple[Kpi, ...]
    periods: Periods
    sections: tuple[Section, ...]
    definitions: Table
    months: Table
    origin: tuple[Fact, ...]

    @property
    def author(self) -> str:
        return self.organisation.name or "Meantime"

    @property
    def heading(self) -> str:
        """What the document is called."""
        return f"{self.title} {self.period}: {self.subject}"


def wait_with_charts(section: Section) -> None:
    """The charts of a section wait until the report is whole."""


def gather(
    asked: Asked,
    periods: Periods,
    printed_on: date,
    comments: Sequence[Comment],
    history: Sequence[Published],
    known: Callable[[Section], None] = wait_with_charts,
) -> Report:
    """Ask for everything that the report says.

    `known` is told of a section with charts as soon as it is there, so that somebody else draws
    them while the rest is asked for; such sections come first.
    """
    clocks = by_clock(asked, periods)
    known(promises := kept(asked, periods, clocks))
    figures = kpis(asked, periods)
    known(movements := moved(asked, figures, periods))
    known(recurring := comebacks(asked, periods))
    is_empty = all(each.n == 0 for each in figures)
    first = [each for each in figures if each.metric.name in GROUPS[HEADLINES]]
    sections = [
        Section("Key figures", _judged(first), tables=(kpi_table(figures, periods),)),
        promises,
        movements,
        majors(asked, periods),
        broken(asked, periods),
        recurring,
        below_target(asked, periods),
        not_told(asked, figures),
    ]
    before = as_published(history, figures)
    return Report(
        organisation=asked.source.policy.organisation,
        title=TITLE,
        subject=subject(asked),
        period=wording.month(periods.looked_at.name),
        printed_on=printed_on,
        is_empty=is_empty,
        verdict=_verdict(figures, periods),
        warnings=tuple(_warnings(asked, figures, periods, is_empty=is_empty)),
        comments=tuple(comments),
        promises=tuple(_promises(figures, clocks)),
        figures=tuple(figures),
        headlines=tuple(first),
        periods=periods,
        sections=tuple([*sections[:1], before, *sections[1:]] if before else sections),
        definitions=_definitions(figures),
        months=months_table(figures),
        origin=tuple(_origin(asked, periods, printed_on)),
    )


def subject(asked: Asked) -> str:
    """The filters in force: "Priority P1 or P2, Service Mail"."""
    if not asked.where:
        return "all tickets"
    return ", ".join(
        f"{wording.column(name)} {' or '.join(map(wording.value_name, values))}"
        for name, values in asked.where.items()
    )


def _verdict(figures: Sequence[Kpi], periods: Periods) -> str:
    """Did we keep our promises, and are we better? In one sentence."""
    named = {each.metric.name: each for each in figures}
    due = named.get("sla_compliance")
    month = wording.month(periods.looked_at.name)
    if all(each.n == 0 for each in figures):
        return f"No ticket of this selection was opened, worked on or due in {month}."
    if due is None or due.value is None:
        said = f"No promise fell due in {month}"
    else:
        broken_ones = due.n - round(due.value * due.n)
        said = f"{wording.share(due.value)} of {due.n:,} promises that fell due were kept"
        if due.is_met is not None and due.target is not None:
            target = wording.figure(due.metric, due.target)
            said += f": the target of {target} was {'met' if due.is_met else 'missed'}"
        said += f", {broken_ones:,} {'was' if broken_ones == 1 else 'were'} broken"
    return f"{said}; {_compared(figures, periods)}."


def _compared(figures: Sequence[Kpi], periods: Periods) -> str:
    """Which headline figures changed by more than chance."""
    if periods.before is None:
        return "there is no earlier period to compare with"
    first = [each for each in figures if each.metric.name in GROUPS[HEADLINES] and each.before]
    by_verdict: dict[str, list[str]] = {}
    for each in first:
        if each.before:
            by_verdict.setdefault(each.before.change.verdict, []).append(each.metric.label)
    words = [
        f"{wording_list(by_verdict[verdict])} {said}"
        for verdict, said in (
            ("worse", "got worse"),
            ("better", "got better"),
            ("changed", "changed"),
        )
        if verdict in by_verdict
    ]
    month = wording.month(periods.before.name)
    if not words:
        return f"no headline figure differs from {month} by more than chance"
    return f"since {month}, {', '.join(words)}"


def wording_list(names: Sequence[str]) -> str:
    """a, b and c."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _judged(first: Sequence[Kpi]) -> str:
    """How many headline figures meet their target and which way they went."""
    with_target = [each for each in first if each.is_met is not None]
    met = sum(bool(each.is_met) for each in with_target)
    told = [f"{met} of {len(with_target)} targets met"] if with_target else []
    verdicts = [each.before.change.verdict for each in first if each.before]
    for verdict in ("better", "worse"):
        if count := verdicts.count(verdict):
            told.append(f"{count} {verdict}")
    unsure = verdicts.count("cannot tell")
    told += [f"{unsure} that chance alone may explain"] if unsure else []
    return f"Headline figures: {', '.join(told)}" if told else "Key figures"


def _warnings(
    asked: Asked, figures: Sequence[Kpi], periods: Periods, *, is_empty: bool
) -> list[str]:
    looked_at, state = periods.looked_at, asked.shared.state
    found = []
    if not looked_at.is_complete:
        until = wording.instant(state["data_at"], asked.source.zone)
        found.append(
            f"{wording.month(looked_at.name)} is not fully loaded: the data cover {looked_at.days} "
            f"of its {(looked_at.to_on - looked_at.from_on).days} days and end on {until}. "
            "Figures will change."
        )
    if is_empty:
        found.append(
            f"There is no ticket of this selection in {wording.month(looked_at.name)}: "
            "every figure is empty because nothing happened, not because it was left out."
        )
    elif any(each.metric.name == "ticket_volume" and each.value == 0 for each in figures):
        found.append(
            f"No ticket of this selection was opened in {wording.month(looked_at.name)}: "
            "its figures stand on earlier ones."
        )
    return found


def _promises(figures: Sequence[Kpi], clocks: dict[str, Kpi]) -> list[Fact]:
    """The promises on the cover: each clock, and what is still open."""
    facts = []
    for clock, found in clocks.items():
        if found.value is None:
            cell = cells.text("none fell due", "quiet")
        else:
            met = "" if found.is_met is None else ", met" if found.is_met else ", missed"
            tone = "" if found.is_met is None else "good" if found.is_met else "bad"
            cell = Cell(f"{wording.share(found.value)} of {found.n:,} kept{met}", tone=tone)
        facts.append(Fact(f"{CLOCKS[clock]} promises", cell))
    named = {each.metric.name: each for each in figures}
    for name in ("sla_overdue_open", "sla_coverage", "backlog"):
        each = named.get(name)
        if each is not None and each.value is not None:
            facts.append(Fact(each.metric.title, cells.figure(each.metric, each.value)))
    return facts


def _definitions(figures: Sequence[Kpi]) -> Table:
    return Table(
        "Definitions",
        "Definitions in force",
        cells.columns(("Figure", 1.6, "left"), ("What it means here", 6, "left")),
        cells.rows_of(
            [
                [
                    cells.text(each.metric.label),
                    cells.text(f"{each.metric.title}. {each.definition}"),
                ]
                for each in figures
            ]
        ),
    )


def _origin(asked: Asked, periods: Periods, printed_on: date) -> list[Fact]:
    """Filters, periods, data, policy and build: what makes the report repeatable."""
    source, state = asked.source, asked.shared.state
    looked_at = periods.looked_at
    told = [
        ("Period", cells.text(f"{wording.days(looked_at.from_on, looked_at.to_on)}")),
        ("Compared with", cells.text(_beside(periods))),
        ("Filters", cells.text(subject(asked))),
        ("Time zone", cells.text(str(source.zone))),
        ("Data to", cells.instant(state["data_at"], source.zone)),
        ("Sources", cells.text(state["sources"])),
        ("Tickets in the warehouse", cells.count(state["tickets"])),
        ("Build", cells.count(source.build)),
        ("Policy digest", cells.text(source.policy.digest)),
        ("Made by", cells.text(f"Meantime {_version()}")),
        ("Date of the report", cells.day(printed_on)),
    ]
    return [Fact(name, cell) for name, cell in told]


def _beside(periods: Periods) -> str:
    found = [
        wording.month(each.name) + ("" if each.is_complete else f" ({each.days} days of data)")
        for each in (periods.before, periods.last_year)
        if each
    ]
    return " and ".join(found) or "nothing: the data begin with this period"


def _version() -> str:
    try:
        return version("meantime")
    except PackageNotFoundError:
        return "(not installed)"
