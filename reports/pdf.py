"""A report as PDF: what its template reads, as JSON, so that nothing in the data is ever markup."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from policies.model import Organisation
from queries import wording
from reports.cells import Cell, Table
from reports.content import Fact, Report
from reports.formats import Paper
from reports.sections import EventStrips, Section
from reports.tiles import tile

LONGEST_WORD = 18
BREAK = "\N{ZERO WIDTH SPACE}"
NO_BREAK = "\N{NO-BREAK SPACE}"

Svgs = Mapping[str, str]  # by the title of the chart


def told(report: Report, svgs: Svgs, paper: Paper = "a4") -> str:
    """What the template prints; `svgs` has the picture of each of the report's charts."""
    return json.dumps(_payload(report, svgs, paper), ensure_ascii=False)


def _payload(report: Report, svgs: Svgs, paper: Paper) -> dict[str, Any]:
    look = report.organisation
    whole = [
        table
        for section in report.sections
        for table in section.tables
        if section.shown is not None and len(table.rows) > section.shown
    ]
    return {
        "paper": "us-letter" if paper == "letter" else "a4",
        "accent": look.accent,
        "ink": look.ink,
        "logo": logo_svg(look),
        "organisation": look.name,
        "author": report.author,
        "title": report.title,
        "heading": report.heading,
        "subject": breakable(report.subject),
        "period": report.period,
        "build": next(fact.cell.words for fact in report.origin if fact.name == "Build"),
        "date": wording.day(report.printed_on),
        "verdict": report.verdict,
        "warnings": list(report.warnings),
        "comments": [
            {
                "text": breakable(each.text),
                "by": ", ".join(
                    [each.who, *([wording.day(each.written_on)] if each.written_on else [])]
                ),
            }
            for each in report.comments
        ],
        "promises": _facts(report.promises),
        "tiles": [
            {key: breakable(value) if key in ("label", "change") else value
             for key, value in asdict(tile(each, report.periods, look)).items()}
            for each in report.headlines
        ],
        "sections": [_section(section, svgs) for section in report.sections],
        "annex": [_table(table) for table in whole],
        "definitions": _table(report.definitions),
        "origin": _facts(report.origin),
    }  # fmt: skip


def _facts(facts: Sequence[Fact]) -> list[dict[str, str]]:
    return [
        {"name": fact.name, "words": breakable(fact.cell.words), "tone": fact.cell.tone}
        for fact in facts
    ]


def _section(section: Section, svgs: Svgs) -> dict[str, Any]:
    return {
        "name": section.name,
        "headline": section.headline,
        "notes": list(section.notes),
        "charts": [
            {
                "title": breakable(chart.title),
                "alt": chart.words,
                "svg": svgs[chart.title],
                "wide": isinstance(chart, EventStrips),
            }
            for chart in section.charts
        ],
        "tables": [_shown(table, section.shown) for table in section.tables],
    }


def _shown(table: Table, most: int | None) -> dict[str, Any]:
    """The rows that a page shows; the annex has all of them."""
    if most is None or len(table.rows) <= most:
        return _table(table)
    left_out = f"All {len(table.rows):,} rows are in the annex."
    if most == 0:
        return {"title": "", "note": left_out, "columns": [], "rows": [], "absent": ""}
    note = f"{most:,} of {len(table.rows):,}. {left_out}"
    return _table(table.first(most, note))


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "note": table.note,
        "absent": table.absent,
        "columns": [
            {"title": column.title, "width": column.width, "align": column.align}
            for column in table.columns
        ],
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
    }


def _cell(cell: Cell) -> list[str]:
    """Numbers keep their units on one line; words may be broken anywhere."""
    if cell.kind not in ("text", "instant"):
        return [cell.words.replace(" ", NO_BREAK), cell.tone]
    return [breakable(cell.words), cell.tone]


def breakable(words: str) -> str:
    """The words with places where one that no column can hold may be broken."""
    if len(words) <= LONGEST_WORD:
        return words
    return " ".join(
        word
        if len(word) <= LONGEST_WORD
        else BREAK.join(
            word[start : start + LONGEST_WORD // 2]
            for start in range(0, len(word), LONGEST_WORD // 2)
        )
        for word in words.split(" ")
    )


def logo_svg(look: Organisation) -> str:
    """The logo as SVG; a PNG is wrapped into one. Empty without a logo."""
    if look.logo is None:
        return ""
    content = look.logo.read_bytes()
    if look.logo.suffix.lower() == ".svg":
        return content.decode("utf-8-sig")
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}"><image width="{width}" height="{height}" '
        f'href="data:image/png;base64,{base64.b64encode(content).decode()}"/></svg>'
    )
