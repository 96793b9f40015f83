"""Packs: the report of one selection in every format asked for, and one for each customer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from policies.refusal import Refused
from queries import listing
from reports.asking import Asked, EachAsked, Shared, Where
from reports.content import Comment, Report, gather
from reports.kpis import Periods
from reports.published import freeze, published

Format = Literal["pdf", "xlsx", "html"]
Paper = Literal["a4", "letter"]
FORMATS: tuple[Format, ...] = get_args(Format)

Step = Callable[[str, int, int], None]  # what is being made, how many are done, how many in all

LONGEST_SLUG = 60


@dataclass(frozen=True)
class Order:
    """What is asked for: which days, in which formats, on which paper, dated when.

    `each` names a column: one pack for each of its values. `is_frozen` keeps the figures as
    published. `comments` are those of the period.
    """

    periods: Periods
    formats: tuple[Format, ...]
    where: Where
    printed_on: date
    paper: Paper = "a4"
    each: str | None = None
    is_frozen: bool = False
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True)
class Pack:
    """One report and the files it was written to."""

    report: Report
    files: tuple[Path, ...]


def formats_of(text: str) -> tuple[Format, ...]:
    """The formats of "pdf,xlsx,html"; Refused for another one."""
    names = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise Refused(f"--format {text}: choose from {', '.join(FORMATS)}, divided by commas.")
    return tuple(name for name in FORMATS if name in names)


def write_packs(shared: Shared, order: Order, folder: Path, step: Step) -> list[Pack]:
    """Write every pack of an order into a folder, which is made where it is not there.

    Refused where the folder cannot be written, or where there is nothing to make one for.
    """
    asked = list(_asked(shared, order))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"{folder} cannot be written to: {error.strerror}.") from error
    packs = []
    for place, each in enumerate(asked):
        report = report_of(each, order)
        step(report.subject, place, len(asked))
        packs.append(Pack(report, tuple(_written(each, report, order, folder))))
        if order.is_frozen:
            publish(each, report, order)
    step("done", len(asked), len(asked))
    return packs


def report_of(asked: Asked, order: Order) -> Report:
    """The content of one pack, beside what was published of it before."""
    history = published(asked.source.kept, order.periods.looked_at.name, asked.where)
    # What the manager says of the whole month is not meant for one customer.
    comments = order.comments if order.each is None else ()
    return gather(asked, order.periods, order.printed_on, comments, history)


def contents(
    asked: Asked, report: Report, formats: Sequence[Format], paper: Paper
) -> Iterator[tuple[Format, bytes]]:
    """The bytes of each format; the charts are drawn once."""
    from reports import charts

    svgs = {}
    if set(formats) & {"pdf", "html"}:
        svgs = {
            chart.title: charts.svg(chart, report.organisation)
            for section in report.sections
            for chart in section.charts
        }
    if "pdf" in formats:
        from reports.pdf import pdf

        yield "pdf", pdf(report, svgs, paper)
    if "xlsx" in formats:
        from reports.evidence import evidence_of
        from reports.xlsx import xlsx

        yield "xlsx", xlsx(report, evidence_of(asked, report))
    if "html" in formats:
        from reports.html import html

        yield "html", html(report, svgs)


def _asked(shared: Shared, order: Order) -> Iterator[Asked]:
    """The selection, or one for each value of a column that tickets carry."""
    if order.each is None:
        yield Asked(shared, order.where)
        return
    counted = dict(listing.dimension_values(shared.source.connection, order.each).iter_rows())
    kept = order.where.get(order.each)
    values = sorted(value for value in counted if value is not None)
    values = [value for value in values if kept is None or value in kept]
    if not values:
        raise Refused(f"No ticket carries a {order.each}: there is nothing to make packs for.")
    where = {name: found for name, found in order.where.items() if name != order.each}
    for value in values:
        yield EachAsked(shared, where, order.each, value)


def _written(asked: Asked, report: Report, order: Order, folder: Path) -> Iterator[Path]:
    stem = file_stem(order.periods.looked_at.name, asked.where)
    for form, content in contents(asked, report, order.formats, order.paper):
        path = folder / f"{stem}.{form}"
        partial = path.with_suffix(f".{form}.part")
        try:
            partial.write_bytes(content)
            partial.replace(path)
        except OSError as error:
            raise Refused(f"{path} cannot be written: {error.strerror}.") from error
        yield path


def publish(asked: Asked, report: Report, order: Order) -> None:
    """Keep the figures of a pack as published."""
    freeze(
        asked.source.kept,
        order.periods.looked_at.name,
        asked.where,
        report.figures,
        order.printed_on,
        asked.source.build,
        asked.source.policy.digest,
    )


def file_stem(period: str, where: Where) -> str:
    """service-report-2026-10-customer-headquarters; a digest follows where words were lost."""
    parts = ["service-report", period.replace("/", "_")]
    if where:
        told = "-".join(f"{name}-{'-'.join(values)}" for name, values in sorted(where.items()))
        slug = re.sub(r"[^a-z0-9]+", "-", told.lower()).strip("-")
        if slug != told.lower().replace(" ", "-") or len(slug) > LONGEST_SLUG:
            digest = hashlib.sha256(told.encode()).hexdigest()[:8]
            slug = f"{slug[:LONGEST_SLUG].rstrip('-')}-{digest}"
        parts.append(slug)
    return "-".join(parts)
