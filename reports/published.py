"""Figures as they were published: kept in `kept/published/`, one file each time, never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from policies.refusal import Refused
from queries import wording
from reports import cells
from reports.asking import Where
from reports.cells import Table
from reports.kpis import Kpi
from reports.sections import Section

FOLDER = "published"


@dataclass(frozen=True)
class Published:
    """What was published once about a period and a selection.

    `figures` maps a metric to its `value`, `n`, `low`, `high` and `definition`.
    """

    number: int
    period: str
    published_on: date
    build: int
    policy_digest: str
    figures: Mapping[str, Mapping[str, Any]]


def freeze(
    kept: Path,
    period: str,
    where: Where,
    found: Sequence[Kpi],
    published_on: date,
    build: int,
    policy_digest: str,
) -> Path:
    """Keep the figures of a report under the next number; gives the file."""
    folder = kept / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    told = {
        "period": period,
        "where": _plain(where),
        "published_on": published_on.isoformat(),
        "build": build,
        "policy_digest": policy_digest,
        "figures": {
            each.metric.name: {
                "value": each.value,
                "n": each.n,
                "low": each.row["low"],
                "high": each.row["high"],
                "definition": each.definition,
            }
            for each in found
        },
    }
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    number = max((int(path.name[:6]) for path in _files(kept)), default=0) + 1
    while True:
        path = folder / f"{number:06d}-{period.replace('/', '_')}-{_selection(where)}.json"
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            number += 1
        else:
            return path


def published(kept: Path, period: str, where: Where) -> list[Published]:
    """What was published about this period and selection, oldest first.

    Refused where somebody broke a file by hand.
    """
    return [
        found
        for path in _files(kept)
        if (told := _read(path))["period"] == period and told["where"] == _plain(where)
        for found in [_of(path, told)]
    ]


def as_published(history: Sequence[Published], found: Sequence[Kpi]) -> Section | None:
    """What was published last beside what it is now; None where nothing was."""
    if not history:
        return None
    last = history[-1]
    lines = [
        [
            cells.text(each.metric.label),
            cells.figure(each.metric, before["value"]),
            cells.count(before["n"]),
            cells.figure(each.metric, each.value),
            cells.count(each.n),
            cells.text(_difference(each, before), "" if _same(each, before) else "bad"),
        ]
        for each in found
        if (before := last.figures.get(each.metric.name)) is not None
        and not (before["value"] is None and each.value is None)
    ]
    changed = sum(
        not _same(each, last.figures[each.metric.name])
        for each in found
        if each.metric.name in last.figures
    )
    table = Table(
        "As published",
        f"As published on {wording.day(last.published_on)}, and now",
        cells.columns(
            ("Figure", 2.4, "left"),
            ("Published", 1.2, "right"),
            ("n then", 0.9, "right"),
            ("Now", 1.2, "right"),
            ("n now", 0.9, "right"),
            ("", 2.2, "left"),
        ),
        cells.rows_of(lines),
    )
    headline = (
        f"{changed:,} of {len(lines):,} figures differ from those published on "
        f"{wording.day(last.published_on)}"
        if changed
        else f"As published on {wording.day(last.published_on)}: no figure has changed"
    )
    note = (
        f"Published {len(history):,} time{'' if len(history) == 1 else 's'}, last from build "
        f"{last.build} under policy {last.policy_digest[:12]}."
    )
    return Section("As published", headline, tables=(table,), notes=(note,))


def _same(each: Kpi, before: Mapping[str, Any]) -> bool:
    if each.value is None or before["value"] is None:
        return each.value == before["value"]
    return abs(each.value - before["value"]) <= 1e-9 * max(1.0, abs(before["value"]))


def _difference(each: Kpi, before: Mapping[str, Any]) -> str:
    if _same(each, before):
        words = "the same"
    elif each.value is None:
        words = "not available now"
    elif before["value"] is None:
        words = "was not available"
    else:
        words = wording.signed(each.metric, each.value - before["value"])
    return words if before["definition"] == each.definition else f"{words}; defined otherwise now"


def _files(kept: Path) -> list[Path]:
    folder = kept / FOLDER
    found = folder.glob("[0-9][0-9][0-9][0-9][0-9][0-9]-*.json") if folder.is_dir() else ()
    return sorted(found)


def _read(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise Refused(
            f"{path}: what was published cannot be read ({error}): restore the file from a copy."
        ) from error


def _of(path: Path, told: Mapping[str, Any]) -> Published:
    try:
        return Published(
            int(path.name[:6]),
            told["period"],
            date.fromisoformat(told["published_on"]),
            told["build"],
            told["policy_digest"],
            told["figures"],
        )
    except (KeyError, ValueError) as error:
        raise Refused(
            f"{path}: what was published lacks {error}: restore the file from a copy."
        ) from error


def _plain(where: Where) -> dict[str, list[str]]:
    return {column: sorted(values) for column, values in sorted(where.items())}


def _selection(where: Where) -> str:
    """A short name of the filters that file systems bear."""
    if not where:
        return "all"
    told = json.dumps(_plain(where), sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:10]
