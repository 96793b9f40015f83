"""A report as one HTML file that opens offline: pictures inline, nothing asked of any host.

Its own policy forbids every request. Texts of the data are escaped, and reach the script as JSON.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from queries import wording
from reports.cells import Cell, Table
from reports.content import Fact, Report
from reports.kpis import Kpi
from reports.sections import Chart, EventStrips, Section
from reports.tiles import Tile, tile

HERE = Path(__file__).parent
FILTER_FROM = 12  # rows from which a table can be narrowed


def html(report: Report, svgs: Mapping[str, str]) -> bytes:
    """The page; `svgs` has the picture of each of the report's charts, by title."""
    script = _own("report.js")
    look = report.organisation
    style = f":root {{ --ink: {look.ink}; --accent: {look.accent}; }}\n{_own('report.css')}"
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(script)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta name="author" content="{escape(report.author)}">',
        f"<title>{escape(report.heading)}</title>",
        f"<style>{style}</style></head><body><main>",
        *_cover(report),
        *_explorer(report),
        *(line for section in report.sections for line in _section(section, svgs)),
        *_last(report),
        '</main><div id="hint" role="status"></div>',
        f'<script type="application/json" id="figures">{_figures(report.figures)}</script>',
        f"<script>{script}</script></body></html>",
    ]
    return "\n".join(parts).encode("utf-8")


@cache
def _own(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _policy(script: str) -> str:
    """Only this script, only inline style and pictures; no host at all."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _cover(report: Report) -> Iterable[str]:
    look = report.organisation
    logo = logo_data(look.logo) if look.logo else ""
    yield '<header><div class="organisation">'
    yield f"<span>{escape(look.name)}</span>{logo}</div>"
    yield f'<p class="eyebrow">{escape(report.period)}</p><h1>{escape(report.title)}</h1>'
    yield f'<div class="subject">{escape(report.subject)}</div></header>'
    for words in report.warnings:
        yield f'<p class="warning"><strong>Note:</strong> {escape(words)}</p>'
    yield f'<p class="verdict">{escape(report.verdict)}</p>'
    yield '<div class="two"><section><h3>Promises</h3>'
    yield _facts(report.promises)
    yield "</section><section><h3>Comment</h3>"
    if not report.comments:
        yield '<p class="absent">No comment was written for this period.</p>'
    for each in report.comments:
        day = f", {wording.day(each.written_on)}" if each.written_on else ""
        yield f'<p class="comment">{escape(each.text)}</p>'
        yield f'<p class="by">{escape(each.who)}{day}</p>'
    yield '</section></div><div class="tiles">'
    yield from (_tile(tile(each, report.periods, look)) for each in report.headlines)
    yield "</div>"


def logo_data(path: Path) -> str:
    """The logo as a picture of its own, so that nothing in it can run."""
    kind = "svg+xml" if path.suffix.lower() == ".svg" else "png"
    content = base64.b64encode(path.read_bytes()).decode()
    return f'<img alt="" height="44" src="data:image/{kind};base64,{content}">'


def _tile(shown: Tile) -> str:
    companion = f" <small>{escape(shown.companion)}</small>" if shown.companion else ""
    target = (
        f'<span class="{shown.target_tone}">{escape(shown.target)}</span>' if shown.target else ""
    )
    return (
        f'<div class="tile"><span class="label">{escape(shown.label)}</span>'
        f'<span class="value">{escape(shown.value)}{companion}</span>'
        f'<span class="{shown.tone}">{escape(shown.change)}</span>{target}'
        f'{shown.line or ""}<span class="basis">{escape(shown.basis)}</span></div>'
    )


def _explorer(report: Report) -> Iterable[str]:
    yield '<section id="explorer"><p class="eyebrow">Month by month</p>'
    yield '<h2><label for="figure">Any figure</label> <select id="figure">'
    for place, each in enumerate(report.figures):
        yield f'<option value="{place}">{escape(each.metric.label)}</option>'
    yield '</select></h2><div id="trend"></div><p class="note" id="meaning"></p></section>'


def _figures(figures: Iterable[Kpi]) -> str:
    """The figures for the script; no text of the data can end the element that holds them."""
    told = json.dumps([_figure(each) for each in figures], ensure_ascii=False)
    return told.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _figure(each: Kpi) -> dict[str, Any]:
    metric = each.metric
    return {
        "title": metric.title,
        "unit": metric.unit,
        "from_zero": metric.unit != "score",
        "definition": f"{metric.title}. {each.definition}",
        "reason": each.reason,
        "target": each.target,
        "target_words": wording.figure(metric, each.target) if each.target is not None else "",
        "points": [
            {
                "label": wording.month_and_year(point.month),
                "value": point.value,
                "low": point.low,
                "high": point.high,
                "is_complete": point.is_complete,
                "words": wording.figure(metric, point.value) if point.value is not None else "",
                "told": point.words,
            }
            for point in each.points
        ],
    }


def _section(section: Section, svgs: Mapping[str, str]) -> Iterable[str]:
    yield f'<section><p class="eyebrow">{escape(section.name)}</p>'
    yield f"<h2>{escape(section.headline)}</h2>"
    if section.charts:
        yield '<div class="charts">'
        yield from (_picture(chart, svgs[chart.title]) for chart in section.charts)
        yield "</div>"
    for table in section.tables:
        yield from _table(table)
    yield from (f'<p class="note">{escape(note)}</p>' for note in section.notes)
    yield "</section>"


def _picture(chart: Chart, svg: str) -> str:
    kind = ' class="wide"' if isinstance(chart, EventStrips) else ""
    return f"<figure{kind}><figcaption>{escape(chart.title)}</figcaption>{svg}</figure>"


def _table(table: Table) -> Iterable[str]:
    yield f"<h3>{escape(table.title)}</h3>"
    if not table.rows:
        yield f'<p class="absent">{escape(table.absent)}</p>'
        return
    name = "table-" + "-".join(table.name.lower().split())
    if len(table.rows) >= FILTER_FROM:
        yield (
            f'<p class="filter"><input class="filter" type="search" data-table="{name}" '
            f'placeholder="Narrow {len(table.rows):,} rows" aria-label="Narrow the table"></p>'
        )
    yield f'<div class="scroll"><table class="data" id="{name}"><thead><tr>'
    sides = [' class="right"' if each.align == "right" else "" for each in table.columns]
    for side, column in zip(sides, table.columns, strict=True):
        yield f'<th scope="col"{side}><button>{escape(column.title)}</button></th>'
    yield "</tr></thead><tbody>"
    for row in table.rows:
        told = "".join(
            _cell(cell, each.align) for cell, each in zip(row, table.columns, strict=True)
        )
        yield f"<tr>{told}</tr>"
    yield "</tbody></table></div>"


def _cell(cell: Cell, align: str) -> str:
    names = " ".join(name for name in (cell.tone, "right" if align == "right" else "") if name)
    kind = f' class="{names}"' if names else ""
    key = ""
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        key = f' data-value="{cell.value}"'
    elif cell.kind in ("instant", "day") and cell.value is not None:
        key = f' data-value="{escape(str(cell.value))}"'
    return f"<td{kind}{key}>{escape(cell.words)}</td>"


def _facts(facts: Iterable[Fact]) -> str:
    told = "".join(
        f'<dt>{escape(fact.name)}</dt><dd class="{fact.cell.tone}">{escape(fact.cell.words)}</dd>'
        for fact in facts
    )
    return f"<dl>{told}</dl>"


def _last(report: Report) -> Iterable[str]:
    yield '<section><p class="eyebrow">Definitions</p><h2>What the figures mean here</h2>'
    yield from _table(report.definitions)
    yield '</section><section><p class="eyebrow">Origin</p><h2>Where the figures come from</h2>'
    yield _facts(report.origin)
    yield f"</section><footer>{escape(report.author)} · {escape(report.heading)}</footer>"
