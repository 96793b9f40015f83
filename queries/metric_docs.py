"""`docs/metrics.md` from the headers of the metrics: `python -m queries.metric_docs` writes it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from queries.catalogue import Metric, read_metrics

METRICS_PAGE = Path(__file__).parent.parent / "docs" / "metrics.md"

_UNITS = {
    "duration": "seconds",
    "share": "share, 0 to 1",
    "count": "number",
    "score": "the tool's own scale",
}
_FIGURES = {
    "mean": "mean",
    "rate": "share of the rows that are true",
    "count": "number of rows that are true",
    "sum": "sum",
    "ratio": "sum over sum, clipped to each period",
    "level": "at the end of each period",
}
_BETTER = {"lower": "lower is better", "higher": "higher is better", "neither": "neither is better"}

_TOP = """\
# Metrics

This page is written by `python -m queries.metric_docs` from the headers of the files in
`queries/metrics/`; change those, not this. Each file is a query that returns the rows behind its
figure: run it in any DuckDB shell on a build.

Every figure has its number of rows `n`, a 95 % interval where it is a sample, and its coverage:
the share of the rows in question that could be used. Durations have their median and 90th
percentile beside the mean. What the data cannot tell is not available, with the reason, never 0.
"""


def metrics_page(metrics: Iterable[Metric]) -> str:
    """The page in Markdown, metrics in the order given."""
    return "\n".join([_TOP, *(_section(metric) for metric in metrics)])


def _section(metric: Metric) -> str:
    facts = [
        f"- name: `{metric.name}`, on cards: {metric.label}",
        f"- figure: {_FIGURES[metric.aggregate]}, in {_UNITS[metric.unit]};"
        f" {_BETTER[metric.better]}",
    ]
    if metric.dimensions is not None:
        facts.append(f"- cut and filtered by: {', '.join(metric.dimensions)} only")
    if metric.one_row != "ticket":
        facts.append(f"- one row stands for one {metric.one_row}")
    if metric.cut_only_by is not None:
        facts.append(f"- made to be cut by {metric.cut_only_by}: no card shows it uncut")
    if metric.switches:
        facts.append(f"- policy: {', '.join(f'`{key}`' for key in metric.switches)}")
    facts += [f"- not available when {why}" for why in metric.needs.values()]
    explanation = " ".join(metric.explanation.split())
    return f"## {metric.title}\n\n{explanation}\n\n" + "\n".join(facts) + "\n"


def main() -> None:
    """Write the page."""
    METRICS_PAGE.write_text(metrics_page(read_metrics().values()), encoding="utf-8")


if __name__ == "__main__":
    main()
