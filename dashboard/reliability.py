"""The parts of the reliability page: outages, error budgets, services by risk, who sees first."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from dashboard import charts, drilldown, review, states, wording
from dashboard.budget_bars import budget_bars
from dashboard.cuts import cut
from dashboard.filters import View
from dashboard.kpis import tile
from dashboard.marks import clickable
from dashboard.one_ticket import open_ticket
from dashboard.outage_strip import outage_strip
from dashboard.palette import palette
from dashboard.session import Data, answer, meaning
from dashboard.session import promises as listed
from dashboard.tiles import chosen, tile_wall
from insights.risk import DEFINITION, Risk, ranked, spent
from policies.zones import day_start
from queries.question import NONE, Question

FIGURES = ("mtbf", "availability", "error_budget_left", "monitoring_detection_rate")
BUDGET, MAJORS, BETWEEN = "error_budget_left", "major_incidents", "mtbf"
ALL = (
    BUDGET,
    MAJORS,
    BETWEEN,
    "availability",
    "mttd",
    "mtta",
    "monitoring_detection_rate",
)
MOST_SERVICES = 14
TABLE_HEIGHT = 430


def heading(data: Data, view: View) -> bool:
    """The question, what the page stands on, and the answer; whether there is anything to show."""
    st.title("Which services fail, and how often?", anchor=False)
    st.caption(wording.plain(" · ".join(review.standing(data, view))))
    if not _has_incidents(data, view):
        st.info("No incident is in this selection: widen the filters, or reset them.")
        return False
    st.markdown(_answer(data, view))
    return True


def _has_incidents(data: Data, view: View) -> bool:
    """Whether there is one in the selection, be it that nothing is known of it but its opening."""
    names = (BETWEEN, MAJORS, "mtta")
    if any(answer(data, data.metrics[name], view.trend()).rows["n"].sum() for name in names):
        return True
    by_kind = Question(view.trend_from, view.trend_to, ("kind",), view.where)
    return "incident" in answer(data, data.metrics["ticket_volume"], by_kind).rows["bucket"]


def _answer(data: Data, view: View) -> str:
    """How many outages began in the period, and who missed an objective."""
    row = answer(data, data.metrics[BETWEEN], view.of_month()).rows.row(0, named=True)
    if row["value"] is None and row["low"] is None:
        return f"Outages cannot be told here: {wording.plain(row['reason'])}."
    when = wording.month(view.period.name)
    words = [f"**{wording.tickets(row['n'], 'outage')}** began in {when}"]
    missed = [service for service, share in _spent(data, view).items() if share > 1]
    if missed:
        named = ", ".join(wording.plain(service) for service in missed)
        words.append(f":red[**objective missed**] by {named}")
    elif _spent(data, view):
        words.append("every service with an objective kept it")
    return "; ".join(words) + "."


def figures(data: Data, view: View) -> None:
    """Four figures; the chosen one's trend stands below."""
    tiles = [tile(data, data.metrics[name], view) for name in FIGURES]
    tile_wall(tiles, view.last_month, chosen(data.metrics, FIGURES, BETWEEN))


def outages_and_budgets(data: Data, view: View) -> None:
    """When each service was down, beside what that did to its budget in the period."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.markdown("**Outages by service**")
        _outages(data, view)
    with right:
        st.markdown(f"**Error budget spent, {wording.month(view.period.name)}**")
        _budgets(data, view)


def _shown(data: Data, view: View) -> pl.DataFrame:
    zone = data.zone
    span = (day_start(view.trend_from, zone), day_start(view.trend_to, zone))
    return listed(data, "outages", span, view.where.get("service", ()))


def _outages(data: Data, view: View) -> None:
    rows = _shown(data, view)
    if rows.is_empty():
        told = answer(data, data.metrics[BETWEEN], view.of_month())
        states.nothing_here(told.reason, "No outage touches these months.")
        return
    lost = rows.group_by("service").agg(pl.col("down_seconds").sum())
    services = lost.sort("down_seconds", "service", descending=[True, False])["service"]
    kept = services.head(MOST_SERVICES).to_list()
    zone = data.zone
    figure = outage_strip(
        kept,
        rows.filter(pl.col("service").is_in(kept)).to_dicts(),
        (day_start(view.trend_from, zone), day_start(view.trend_to, zone)),
        (day_start(view.period.from_on, zone), day_start(view.period.to_on, zone)),
        zone,
        palette(),
    )
    state = st.plotly_chart(
        figure,
        theme=None,
        key="reliability_outages",
        on_select="rerun",
        selection_mode="points",
        config=charts.CONFIG,
        alt="Outages by service over time",
    )
    points = state["selection"]["points"]
    if points and points[0].get("customdata"):
        open_ticket(points[0]["customdata"][0])
    more = f" The {MOST_SERVICES} with most downtime." if len(services) > MOST_SERVICES else ""
    st.caption(
        f"{wording.tickets(rows.height, 'outage')}, most downtime first.{more} Shaded: the period "
        "looked at. Click one for its ticket."
    )


def _budgets(data: Data, view: View) -> None:
    found = _spent(data, view)
    if not found:
        told = answer(data, data.metrics[BUDGET], view.of_month())
        reason = told.reason or told.rows["reason"][0]
        states.not_available(reason)
        return
    clickable(
        budget_bars(dict(list(found.items())[:MOST_SERVICES]), BUDGET, palette()),
        "reliability_budgets",
        "Error budget spent by service",
    )
    st.caption("What the objective allows to fail: at the line all of it is spent.")


def _spent(data: Data, view: View) -> dict[str, float]:
    """The share of each budget that the period used up, the worst first."""
    rows = answer(data, data.metrics[BUDGET], view.of_month("service")).rows
    found = {
        service: used
        for service, left in rows.select("bucket", "value").iter_rows()
        if (used := spent(left)) is not None
    }
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def services_by_risk(data: Data, view: View) -> None:
    """Every service with its figures over the months shown, the most endangering first."""
    whole = Question(view.trend_from, view.period.to_on, ("service",), view.where)
    st.subheader(
        f"Services by risk, {wording.days(view.trend_from, view.period.to_on)}", anchor=False
    )
    found = {name: _by_service(data, name, whole) for name in ALL}
    risks = ranked(
        {service: row["value"] for service, row in found[BUDGET].items()},
        {service: row["value"] for service, row in found[MAJORS].items()},
        {service: row["n"] for service, row in found[BETWEEN].items()},
    )
    risks = [each for each in risks if each.service != NONE]
    if not risks:
        states.not_available("no ticket names a service, and the policy declares none")
        return
    objectives = {service.name: service.slo for service in data.policy.service}
    told = partial(st.column_config.TextColumn, alignment="right")
    st.dataframe(
        pl.DataFrame([_row(data, each, found, objectives) for each in risks]),
        hide_index=True,
        height=TABLE_HEIGHT if len(risks) > 11 else "content",
        placeholder="",
        key="reliability_services",
        on_select=partial(_open_service, [each.service for each in risks]),
        selection_mode="single-row",
        column_config={
            "Service": st.column_config.TextColumn(pinned=True),
            "Risk": st.column_config.NumberColumn(format="%,.1f", width=60),
            "Major": st.column_config.NumberColumn(format="%,d", width=60),
            "Outages": st.column_config.NumberColumn(format="%,d", width=70),
            "MTBF": told(width=105),
            "Monitoring": told(
                width=88, help="Incidents that monitoring noticed first, of those known"
            ),
        }
        | {name: told() for name in ("Availability", "Objective", "Budget left", "MTTD", "MTTA")},
    )
    st.caption(f"{DEFINITION} Choose a row for its outages.")


Rows = Mapping[str, Mapping[str, Any]]


def _by_service(data: Data, name: str, question: Question) -> Rows:
    found = answer(data, data.metrics[name], question).rows
    return {row["bucket"]: row for row in found.iter_rows(named=True)}


def _row(
    data: Data, risk: Risk, found: Mapping[str, Rows], objectives: Mapping[str, float | None]
) -> dict[str, object]:
    def told(name: str) -> str:
        row = found[name].get(risk.service)
        if row is None or (row["value"] is None and row["reason"] is None):
            return wording.DASH
        if row["value"] is None:
            return row["reason"] if row["low"] is not None else wording.DASH
        return wording.figure(data.metrics[name], row["value"])

    objective = objectives.get(risk.service)
    return {
        "Service": wording.value_name(risk.service),
        "Risk": risk.risk,
        "Outages": risk.outages,
        "Major": risk.majors,
        "Availability": told("availability"),
        "Objective": wording.share(objective) if objective is not None else wording.DASH,
        "Budget left": told(BUDGET),
        "MTBF": told(BETWEEN),
        "MTTD": told("mttd"),
        "MTTA": told("mtta"),
        "Monitoring": told("monitoring_detection_rate"),
    }


def _open_service(services: list[str]) -> None:
    rows = st.session_state["reliability_services"]["selection"]["rows"]
    if rows:
        drilldown.open_tickets(BETWEEN, "service", services[rows[0]])


def trend_and_detection(data: Data, view: View) -> None:
    """The chosen figure over thirteen months beside who sees failures first."""
    metric = data.metrics[chosen(data.metrics, FIGURES, BETWEEN)]
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.markdown(f"**{metric.title}, by month**")
        review.trend(data, view, metric)
    with right:
        seen = data.metrics["monitoring_detection_rate"]
        title = "Seen first by monitoring, by service"
        cut(data, seen, view, "service", title, "no ticket of this export names a service")


def definitions(data: Data) -> None:
    """What the page's figures mean here."""
    for name in (BETWEEN, "availability", BUDGET):
        metric = data.metrics[name]
        st.caption(f"**{metric.label}**: {wording.plain(meaning(data, metric))}")
