"""The definitions page, written from the headers of the metric files."""

from __future__ import annotations

import streamlit as st

from dashboard import wording
from dashboard.session import Data
from queries.catalogue import Metric, definition
from queries.groups import grouped

_UNITS = {
    "duration": "duration",
    "share": "share (%)",
    "count": "number",
    "score": "score on the scale of the tool",
}
_AGGREGATES = {
    "mean": "mean of its rows",
    "rate": "share of its rows that are true",
    "count": "number of its rows that are true",
    "sum": "sum of its rows",
    "ratio": "sum of one column over the sum of another",
    "level": "what is open at the end of the period",
}
_BETTER = {
    "lower": "lower is better",
    "higher": "higher is better",
    "neither": "neither direction is better",
}


def heading(data: Data) -> None:
    st.title("What does each figure mean here?", anchor=False)
    st.caption(
        wording.plain(
            f"{len(data.metrics)} figures, written from the files that compute them, with the "
            f"definitions of the policy in force. Months and days are cut in {data.zone}. The "
            "filters do not apply to this page."
        )
    )


def definitions(data: Data) -> None:
    """Every metric of the catalogue, in the groups of the monthly review."""
    for title, metrics in grouped(data.metrics).items():
        st.subheader(title, anchor=False)
        for metric in metrics:
            with st.container(border=True, gap="xsmall"):
                _entry(data, metric)


def _entry(data: Data, metric: Metric) -> None:
    heading = metric.label if metric.label == metric.title else f"{metric.label}: {metric.title}"
    st.markdown(f"**{wording.plain(heading)}**")
    st.markdown(wording.plain(definition(metric, data.policy)))
    st.markdown(f":small[:gray[{wording.plain(' · '.join(_facts(data, metric)))}]]")
    with st.expander(f"The query, `{metric.path.name}`"):
        st.code(metric.sql, language="sql")


def _facts(data: Data, metric: Metric) -> list[str]:
    facts = [_UNITS[metric.unit], _AGGREGATES[metric.aggregate], _BETTER[metric.better]]
    target = data.policy.targets.get(metric.name)
    facts.append(f"target {wording.figure(metric, target)}" if target is not None else "no target")
    if metric.needs:
        facts.append(f"needs {', '.join(wording.column(name).lower() for name in metric.needs)}")
    if metric.dimensions:
        facts.append(f"cut by {', '.join(wording.column(n).lower() for n in metric.dimensions)}")
    facts.append(f"meantime kpi {metric.name}")
    return facts
