"""Packs: the report of one selection in every format asked for, and one for each customer."""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from policies.model import Organisation
from policies.refusal import Refused
from queries import listing
from reports import pdf
from reports.asking import Asked, EachAsked, Shared, Where
from reports.content import Comment, Report, gather, wait_with_charts
from reports.drawers import document, picture
from reports.formats import Format, Paper, is_read_as_pages
from reports.html import html
from reports.kpis import Periods
from reports.published import freeze, published
from reports.sections import Colours, Section

Step = Callable[[str, int, int], None]  # what is being made, how many are done, how many in all

LONGEST_SLUG = 60
AHEAD = 6  # packs that wait for their pages at most


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


def write_packs(
    shared: Shared, order: Order, folder: Path, step: Step, drawers: Executor
) -> list[Pack]:
    """Write every pack of an order into a folder, which is made where it is not there.

    Pages are drawn by `drawers`, beside the asking of figures and the writing of workbooks.
    Refused where the folder cannot be written, or where there is nothing to make one for.
    """
    asked = list(_asked(shared, order))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"{folder} cannot be written to: {error.strerror}.") from error
    packs: list[Pack] = []
    begun: deque[_Begun] = deque()
    with ThreadPoolExecutor(AHEAD + 1) as waiters:
        for place, each in enumerate(asked):
            pages = _Pages(drawers, order.formats, order.paper, each.source.policy.organisation)
            report = report_of(each, order, pages.begin_charts)
            step(report.subject, place, len(asked))
            drawing = waiters.submit(pages.drawn, report)
            begun.append(_Begun(each, report, drawing, _workbook(each, report, order.formats)))
            if len(begun) > AHEAD:
                packs.append(_finished(begun.popleft(), order, folder))
        packs += [_finished(each, order, folder) for each in begun]
    step("done", len(asked), len(asked))
    return packs


@dataclass(frozen=True)
class _Begun:
    """A pack whose workbook is there and whose pages are being drawn."""

    asked: Asked
    report: Report
    pages: Future[dict[Format, bytes]]
    workbook: bytes | None


class _Pages:
    """The pages of one pack: its charts are drawn while the rest of it is asked for."""

    def __init__(
        self, drawers: Executor, formats: Sequence[Format], paper: Paper, look: Organisation
    ) -> None:
        self.drawers = drawers
        self.formats = formats
        self.paper: Paper = paper
        self.colours = Colours(look.accent, look.ink)
        self.pictures: dict[str, Future[str]] = {}

    def begin_charts(self, section: Section) -> None:
        if is_read_as_pages(self.formats):
            for chart in section.charts:
                self.pictures[chart.title] = self.drawers.submit(picture, chart, self.colours)

    def drawn(self, report: Report) -> dict[Format, bytes]:
        """Wait for the charts, and for what they stand in."""
        svgs = {title: each.result() for title, each in self.pictures.items()}
        made: dict[Format, bytes] = {}
        if "pdf" in self.formats:
            told = pdf.told(report, svgs, self.paper)
            printed = self.drawers.submit(document, told, report.printed_on)
        if "html" in self.formats:
            made["html"] = html(report, svgs)
        if "pdf" in self.formats:
            made["pdf"] = printed.result()
        return made


def _finished(begun: _Begun, order: Order, folder: Path) -> Pack:
    made = begun.pages.result()
    if begun.workbook is not None:
        made["xlsx"] = begun.workbook
    files = tuple(_written(begun.asked, made, order, folder))
    if order.is_frozen:
        publish(begun.asked, begun.report, order)
    return Pack(begun.report, files)


def report_of(
    asked: Asked, order: Order, known: Callable[[Section], None] = wait_with_charts
) -> Report:
    """The content of one pack, beside what was published of it before; see `gather`."""
    history = published(asked.source.kept, order.periods.looked_at.name, asked.where)
    # What the manager says of the whole month is not meant for one customer.
    comments = order.comments if order.each is None else ()
    return gather(asked, order.periods, order.printed_on, comments, history, known)


def contents(
    asked: Asked, report: Report, formats: Sequence[Format], paper: Paper
) -> Iterator[tuple[Format, bytes]]:
    """The bytes of each format, as each is made; the pages are drawn beside the workbook."""
    with ThreadPoolExecutor(1) as drawer, ThreadPoolExecutor(1) as waiter:
        pages = _Pages(drawer, formats, paper, report.organisation)
        for section in report.sections:
            pages.begin_charts(section)
        drawing = waiter.submit(pages.drawn, report)
        workbook = _workbook(asked, report, formats)
        if workbook is not None:
            yield "xlsx", workbook
        yield from drawing.result().items()


def _workbook(asked: Asked, report: Report, formats: Sequence[Format]) -> bytes | None:
    if "xlsx" not in formats:
        return None
    from reports.evidence import evidence_of
    from reports.xlsx import xlsx

    return xlsx(report, evidence_of(asked, report))


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


def _written(
    asked: Asked, made: Mapping[Format, bytes], order: Order, folder: Path
) -> Iterator[Path]:
    stem = file_stem(order.periods.looked_at.name, asked.where)
    for form in order.formats:
        path = folder / f"{stem}.{form}"
        partial = path.with_suffix(f".{form}.part")
        try:
            partial.write_bytes(made[form])
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
