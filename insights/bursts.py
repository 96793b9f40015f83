"""Bursts: more similar tickets in a short time than the hour of the week explains.

Every cluster of similar tickets and every service is scanned: from each of its tickets on, the
tickets within one, two, four and eight hours are counted, and compared with what the service has in
those hours of the week, at the level of the weeks around. Poisson probabilities of all these looks
are corrected together by Benjamini-Hochberg at `FALSE_DISCOVERIES`. The rarest windows of a cluster
or service come first; one that reaches beyond them counts only if what it adds is rare too, else a
stray ticket hours before would be the start of a wave. Windows of one service that touch are one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import special

FALSE_DISCOVERIES = 0.01
WINDOW_HOURS = (1, 2, 4, 8)
FEWEST_TICKETS = 5
FEWEST_TIMES = 3.0  # as many as expected
HOUR, DAY, WEEK = 3_600.0, 86_400.0, 604_800.0
LEVEL_DAYS = 21  # on either side: what the level of a service is measured over


@dataclass(frozen=True)
class _Baseline:
    """What a service has by the hour of the week, and how its level moves."""

    cumulated: np.ndarray
    times: np.ndarray

    @staticmethod
    def of(times: np.ndarray) -> _Baseline:
        hours = ((times % WEEK) // HOUR).astype(int)
        weeks = max((times[-1] - times[0]) / WEEK, 1.0)
        counts = np.bincount(hours, minlength=168).astype(float)
        # neighbouring hours lend each other some, else one rare hour would make any ticket odd
        smooth = (counts + 0.5 * (np.roll(counts, 1) + np.roll(counts, -1))) / 2
        return _Baseline(np.concatenate([[0.0], np.cumsum(smooth)]) / weeks, times)

    def expected(self, start: float, end: float) -> float:
        """How many tickets are usual between two instants."""
        at = np.array([start, end])
        return float(np.diff(self.until(at))[0] * self.level(at[:1])[0])

    def level(self, start: np.ndarray) -> np.ndarray:
        """How many times the usual the service has in the weeks around each start."""
        level_from, level_to = start - LEVEL_DAYS * DAY, start + LEVEL_DAYS * DAY
        level_from = np.maximum(level_from, self.times[0])
        level_to = np.minimum(level_to, self.times[-1])
        there = np.searchsorted(self.times, level_to, "right")
        there = there - np.searchsorted(self.times, level_from, "left")
        usual = np.maximum(self.until(level_to) - self.until(level_from), 1.0)
        return np.clip(there / usual, 0.5, 4.0)

    def until(self, at: np.ndarray) -> np.ndarray:
        weeks, rest = np.divmod(at, WEEK)
        return weeks * self.cumulated[-1] + np.interp(rest / HOUR, np.arange(169), self.cumulated)


@dataclass(frozen=True)
class _Span:
    """Seconds between which a service has too many incidents, and how sure that is."""

    service: str
    start: float
    end: float
    q: float


@dataclass(frozen=True)
class _Scanned:
    """The incidents of one service or of one of its clusters, in order, and what is usual there."""

    service: str
    seconds: np.ndarray
    baseline: _Baseline
    share: float

    def is_odd(self, start: float, end: float) -> bool:
        """Whether it has more incidents after the one instant and before the other than usual."""
        count = np.searchsorted(self.seconds, end) - np.searchsorted(self.seconds, start, "right")
        usual = self.baseline.expected(start, end) * self.share
        p = special.gammainc(count, max(usual, 1e-6)) if count else 1.0
        return bool(p < FALSE_DISCOVERIES)


def bursts(rows: pl.DataFrame) -> pl.DataFrame:
    """The waves among incidents (service, cluster_id, second): wave_id, service ('' where there is
    none), start, end, q, and how many incidents of the service are usual then."""
    scanned = list(_groups(rows))
    looks = [
        look.with_columns(place=pl.lit(place))
        for place, own in enumerate(scanned)
        for look in _looks(own)
    ]
    if not looks:
        return _merged([], [])
    looked_at = sum(len(own.seconds) for own in scanned) * len(WINDOW_HOURS)
    found = pl.concat(looks).sort("p", "place", "start", "end")
    ranks = pl.int_range(1, pl.len() + 1)
    found = found.with_columns(q=(pl.col("p") * looked_at / ranks).reverse().cum_min().reverse())
    found = found.filter(pl.col("q") <= FALSE_DISCOVERIES)
    spans = [
        span
        for (place,), own in found.group_by("place", maintain_order=True)
        for span in _spans(scanned[int(str(place))], own)
    ]
    return _merged(spans, scanned)


def _groups(rows: pl.DataFrame) -> Iterator[_Scanned]:
    """Every service with enough incidents, and every cluster in it that has them."""
    for (service,), own in rows.sort("second").group_by("service", maintain_order=True):
        times = own["second"].to_numpy()
        if len(times) < FEWEST_TICKETS:
            continue
        baseline = _Baseline.of(times)
        named = "" if service is None else str(service)
        yield _Scanned(named, times, baseline, 1.0)
        for _, each in own.drop_nulls("cluster_id").group_by("cluster_id", maintain_order=True):
            if each.height >= FEWEST_TICKETS:
                seconds = each["second"].to_numpy()
                yield _Scanned(named, seconds, baseline, len(seconds) / len(times))


def _looks(scanned: _Scanned) -> Iterator[pl.DataFrame]:
    """The windows that begin at an incident and hold too many others: start, end, p."""
    seconds, baseline = scanned.seconds, scanned.baseline
    level, before = baseline.level(seconds) * scanned.share, baseline.until(seconds)
    for hours in WINDOW_HOURS:
        expected = np.maximum((baseline.until(seconds + hours * HOUR) - before) * level, 1e-6)
        last = np.searchsorted(seconds, seconds + hours * HOUR, "right")
        count = last - np.arange(len(seconds))
        many = np.flatnonzero((count >= FEWEST_TICKETS) & (count >= FEWEST_TIMES * expected))
        if not len(many):
            continue
        # the first incident opens the window, so only the others are by chance
        p = special.gammainc(count[many] - 1, expected[many])
        odd = p < FALSE_DISCOVERIES
        start, end = seconds[many[odd]], seconds[last[many[odd]] - 1]
        yield pl.DataFrame({"start": start, "end": end, "p": np.maximum(p[odd], 1e-300)})


def _spans(scanned: _Scanned, looks: pl.DataFrame) -> list[_Span]:
    """The looks at one cluster or service, the rarest first, less those that show what a rarer one
    shows and add nothing that is odd."""
    spans: list[_Span] = []
    for start, end, q in looks.select("start", "end", "q").iter_rows():
        look = _Span(scanned.service, start, end, q)
        near = [span for span in spans if span.start <= end and span.end >= start]
        if near:
            first, last = min(span.start for span in near), max(span.end for span in near)
            before = start < first and scanned.is_odd(start - 1, first)
            after = end > last and scanned.is_odd(last, end + 1)
            if not before and not after:
                continue
            look = _Span(
                scanned.service,
                start if before else first,
                end if after else last,
                min(q, *(span.q for span in near)),
            )
        spans = [*(span for span in spans if span not in near), look]
    return spans


def _merged(spans: Sequence[_Span], scanned: Sequence[_Scanned]) -> pl.DataFrame:
    """Spans of one service that touch are one wave."""
    waves: list[_Span] = []
    for span in sorted(spans, key=lambda span: (span.service, span.start, span.end)):
        last = waves[-1] if waves else None
        if last and span.service == last.service and span.start <= last.end + HOUR:
            end, q = max(last.end, span.end), min(last.q, span.q)
            waves[-1] = _Span(span.service, last.start, end, q)
        else:
            waves.append(span)
    baselines = {own.service: own.baseline for own in scanned}
    usual = [baselines[wave.service].expected(wave.start, wave.end) for wave in waves]
    schema = {"service": pl.String, "start": pl.Float64, "end": pl.Float64, "q": pl.Float64}
    found = pl.DataFrame([vars(wave) for wave in waves], schema=schema)
    return found.with_columns(
        usual=pl.Series(usual, dtype=pl.Float64),
        wave_id="v"
        + pl.from_epoch(pl.col("start").cast(pl.Int64)).dt.strftime("%Y%m%d%H%M")
        + pl.col("service").rank("dense").cast(pl.String),
    )
