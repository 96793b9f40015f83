"""A day in one column and the time of that day in another: read as one moment.

Without it such a file would be read in whole days, and nothing would look wrong. Columns belong
together when their names differ in nothing but the words for day and time ("Opened date", "Opened
time"), the one holds days alone and the other times below 24 hours. A resolution time beside a
resolution date may well be a length of time: it counts as a time of day only beside another pair.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import pyarrow.parquet as pq

from pipelines.reading.opened import OpenedFile, csv_records
from pipelines.sources import folded

FIRST_ROWS = 500
# fmt: off
DAYS = {
    "date", "day", "datum", "tag", "fecha", "dia", "data", "giorno", "jour", "dato", "dag", "дата",
    "日期", "日付",
}
TIMES = {
    "time", "hour", "heure", "hora", "ora", "uhrzeit", "zeit", "tijd", "tijdstip", "tid",
    "tidspunkt", "czas", "godzina", "время", "时间", "時間", "時刻",
}
LENGTHS = {
    "resolution", "response", "solution", "reaction", "handling", "resolucion", "respuesta",
    "solucion", "resolucao", "resposta", "solucao", "reponse", "risoluzione", "losung", "losungs",
    "bearbeitungs", "reaktions", "antwort",
}
LINKS = {"of", "de", "del", "da", "do", "d", "la", "el", "der", "des", "di"}
# fmt: on
_DAY = re.compile(
    r"^\w{1,10}[-/., ]{1,3}\w{1,10}[-/., ]{1,3}\d{1,4}\.?(?:[ T]00:00(?::00)?(?:\.0+)?)?$"
)
_TIME = re.compile(
    r"^(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:\.\d+)?(?:\s?[AaPp]\.?\s?[Mm]\.?)?$"
)


def with_times_of_day(opened: OpenedFile) -> OpenedFile:
    """The table with its days and times of day as one, where it keeps them apart."""
    pairs = _named_pairs(opened.header)
    if not pairs:
        return opened
    rows = list(islice(_rows(opened), FIRST_ROWS))
    found = [
        (day, time)
        for day, time in pairs
        if _all_match(_DAY, rows, day) and _all_match(_TIME, rows, time)
    ]
    stems = [_stem(opened.header[day], DAYS) or frozenset() for day, _ in found]
    are_lengths = all(stem & LENGTHS for stem in stems)
    return opened if are_lengths else replace(opened, timed=tuple(found))


def _named_pairs(header: Sequence[str]) -> list[tuple[int, int]]:
    """Places of columns whose names say a day, and the time of the same."""
    days = {stem: i for i, name in enumerate(header) if (stem := _stem(name, DAYS)) is not None}
    times = {stem: i for i, name in enumerate(header) if (stem := _stem(name, TIMES)) is not None}
    return [(day, times[stem]) for stem, day in days.items() if stem in times]


def _stem(name: str, words: set[str]) -> frozenset[str] | None:
    """What a name says beside the word for day or time; None where it has no such word."""
    said = set(re.split(r"[\W_]+", folded(name))) - {""}
    return frozenset(said - words - LINKS) if len(said & words) == 1 else None


def _all_match(pattern: re.Pattern[str], rows: list[list[str]], place: int) -> bool:
    shown = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
    return bool(shown) and all(pattern.match(each) for each in shown)


def _rows(opened: OpenedFile) -> Iterator[list[str]]:
    if opened.format == "csv":
        records = csv_records(opened.readable, opened.delimiter or ",")
        yield from (cells for _, cells in islice(records, 1, None))
        return
    columns = list(opened.stored or opened.header)
    for batch in pq.ParquetFile(opened.readable).iter_batches(FIRST_ROWS, columns=columns):
        for row in zip(*(batch.column(name).to_pylist() for name in columns), strict=True):
            yield ["" if cell is None else str(cell) for cell in row]
