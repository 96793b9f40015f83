"""The pages, run without a browser: what they show equals what is measured."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import review, wording
from dashboard.breakdown import OTHER
from dashboard.session import open_data
from pipelines.contract import TICKETS
from pipelines.warehouse import Warehouse
from policies.read import read_policy
from queries.catalogue import read_metrics
from queries.measure import evidence, measure
from queries.question import Question
from queries.session import open_build
from tests.small_warehouse import LAST_COMPLETE, MARKUP, SERVICES, load_small

APP = Path(__file__).parent.parent / "app.py"
OCTOBER = Question(date(2026, 10, 1), date(2026, 11, 1))


def visit(
    patch: pytest.MonkeyPatch, warehouse: Path, page: str = "", **parameters: str | list[str]
) -> AppTest:
    """A page of the app on a warehouse, with what stands in the address bar."""
    patch.setenv("MEANTIME_WAREHOUSE", str(warehouse))
    app = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in parameters.items():
        app.query_params[name] = value
    if page:
        app.run()
        app.switch_page(f"pages/{page}.py")
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """All words of the page's own texts."""
    blocks = [*app.title, *app.subheader, *app.caption, *app.markdown, *app.info, *app.error]
    return "\n".join(str(block.value) for block in blocks)


def shown_values(app: AppTest) -> dict[str, str]:
    """The scorecard: a value for each label."""
    table = next(each.value for each in app.dataframe if "verdict" in each.value.columns)
    return dict(zip(table["figure"], table["value"], strict=True))


def test_every_metric_has_a_row_that_shows_what_is_measured(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse)
    assert app.title[0].value == "Are we better than last month, and is it real?"
    shown = shown_values(app)
    policy = read_policy(None, TICKETS.names)
    connection = open_build(Warehouse(small_warehouse).current_path(), policy)
    metrics = read_metrics()
    listed = [metric for metric in metrics.values() if metric.cut_only_by is None]
    assert set(shown) == {metric.label for metric in listed}
    for metric in listed:
        value = measure(connection, metric, OCTOBER, policy).rows["value"][0]
        expected = wording.DASH if value is None else wording.figure(metric, value)
        assert shown[metric.label] == expected, metric.name
    for tile in app.metric:
        assert tile.value == shown[tile.label]


def test_a_figure_that_the_data_cannot_tell_says_why(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse)
    assert shown_values(app)["MTTD"] == wording.DASH
    assert "MTTD: this export carries no impact start" in said(app)


def test_a_quarter_is_measured_as_a_whole_and_beside_the_one_before(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, period="Q3 2026")
    policy = read_policy(None, TICKETS.names)
    connection = open_build(Warehouse(small_warehouse).current_path(), policy)
    asked = Question(date(2026, 7, 1), date(2026, 10, 1))
    expected = measure(connection, read_metrics()["mttr"], asked, policy).rows["value"][0]
    assert shown_values(app)["MTTR"] == wording.duration(expected)
    assert "compared with Q2 2026" in said(app)


def test_days_of_ones_own_are_a_period(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, period="2026-08-10 to 2026-09-15")
    policy = read_policy(None, TICKETS.names)
    connection = open_build(Warehouse(small_warehouse).current_path(), policy)
    asked = Question(date(2026, 8, 10), date(2026, 9, 16))
    expected = measure(connection, read_metrics()["ticket_volume"], asked, policy).rows["value"][0]
    assert shown_values(app)["Volume"] == wording.count(expected)
    wrong = visit(monkeypatch, small_warehouse, period="2026-09-15 to 2026-08-10")
    assert "Oct 2026 · compared with Sep 2026" in said(wrong)


def test_a_figure_can_be_compared_with_its_target(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, compare="vs target")
    assert "vs target" in said(app)


def test_the_month_before_the_running_one_is_chosen(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse)
    assert app.selectbox("period").value == LAST_COMPLETE
    assert app.selectbox("period").options[0] == "Nov 2026"


def test_filters_come_from_the_address_bar(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, period="Sep 2026", priority=["P1", "P2"])
    assert app.selectbox("period").value == "Sep 2026"
    assert app.pills("priority").value == ["P1", "P2"]
    assert "Priority P1 or P2" in said(app)
    policy = read_policy(None, TICKETS.names)
    connection = open_build(Warehouse(small_warehouse).current_path(), policy)
    asked = Question(date(2026, 9, 1), date(2026, 10, 1), where={"priority": ("P1", "P2")})
    expected = measure(connection, read_metrics()["mttr"], asked, policy).rows["value"][0]
    shown = {metric.label: metric.value for metric in app.metric}["MTTR"]
    assert shown == wording.duration(expected)


def test_a_missing_value_can_be_chosen(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, customer=[wording.MISSING])
    assert {m.label: m.value for m in app.metric}["Volume"] != wording.DASH


def test_filters_that_leave_nothing_say_so(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(
        monkeypatch,
        small_warehouse,
        kind=["service_request"],
        priority=["P1"],
        service=["Wiki"],
        customer=["North"],
        category=["Software"],
    )
    assert "No ticket is in this month and selection" in said(app)


def test_reset_takes_back_month_and_filters(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, period="Sep 2026", priority=["P1"])
    app.button("reset_filters").click().run()
    assert app.selectbox("period").value == LAST_COMPLETE
    assert app.pills("priority").value == []


@pytest.mark.parametrize("metric", ["mttr", "backlog", "reopen_rate", "ticket_volume"])
def test_a_tile_opens_exactly_the_tickets_behind_it(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path, metric: str
) -> None:
    app = visit(monkeypatch, small_warehouse)
    app.button(f"tickets_{metric}").click().run()
    assert not app.exception
    assert app.query_params["tickets"] == metric
    policy = read_policy(None, TICKETS.names)
    connection = open_build(Warehouse(small_warehouse).current_path(), policy)
    rows = evidence(connection, read_metrics()[metric], OCTOBER, policy)
    assert app.dataframe[0].value.shape[0] == rows.height
    assert f"{rows.height:,} rows listed" in said(app)


def test_a_link_opens_a_part_of_another_month(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, tickets="mttr/month/2026-03", priority=["P2"])
    assert "MTTR, Mar 2026" in app.title[0].value
    policy = read_policy(None, TICKETS.names)
    connection = open_build(Warehouse(small_warehouse).current_path(), policy)
    asked = Question(date(2026, 3, 1), date(2026, 4, 1), where={"priority": ("P2",)})
    rows = evidence(connection, read_metrics()["mttr"], asked, policy)
    shown = app.dataframe[0].value
    assert [link.split(":")[-1] for link in shown["number"]] == rows["number"].to_list()
    assert "priority" not in shown.columns  # the same in every row, and said in the line above


def test_the_bar_of_the_others_holds_all_but_the_largest(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, tickets=f"ticket_volume/service/{OTHER}")
    others = set(app.dataframe[0].value["service"])
    assert len(others) == len(SERVICES) - 6
    shown = {"Volume": app.dataframe[0].value.shape[0]}
    assert f"**{shown['Volume']}** over" in said(app)


def test_the_text_of_a_ticket_is_never_markup(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, tickets="ticket_volume/month/2026-05")
    assert MARKUP in set(app.dataframe[0].value["title"])
    assert "bold" not in said(app)


def test_a_link_to_a_figure_that_is_not_there_shows_the_review(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    for wrong in ("nothing", "mttr/priority", "mttr/month/yesterday"):
        app = visit(monkeypatch, small_warehouse, tickets=wrong)
        assert app.title[0].value.startswith("Are we better")


def test_the_review_shows_the_metric_of_the_address_bar(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, kpi="Reopened", by="Service")
    assert app.selectbox("kpi").value == "Reopened"
    assert app.selectbox("by").value == "Service"
    assert "What moved it" in said(app)
    app.button("trend_backlog").click().run()
    assert app.selectbox("kpi").value == "Backlog"


def test_the_data_page_shows_loads_rejected_rows_and_coverage(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, "data")
    totals = {metric.label: metric.value for metric in app.metric}
    assert totals["Tickets"] == "564"
    assert totals["Rows rejected"] == "1"
    tables = [set(table.value.columns) for table in app.dataframe]
    assert any({"line", "reason"} <= columns for columns in tables)
    coverage = next(t.value for t in app.dataframe if "coverage" in t.value.columns)
    assert len(coverage) == len(read_metrics())
    mttd = coverage[coverage["figure"] == "MTTD"].iloc[0]
    assert mttd["coverage"] == 0
    assert "impact" in mttd["reason"]


def test_the_definitions_page_holds_every_metric(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, "definitions")
    words = said(app)
    for metric in read_metrics().values():
        assert wording.plain(f"meantime kpi {metric.name}") in words
    assert len(app.expander) == len(read_metrics())


@pytest.mark.parametrize("page", ["", "data", "definitions"])
def test_an_empty_warehouse_says_how_to_load(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, page: str
) -> None:
    app = visit(monkeypatch, tmp_path / "nowhere", page)
    assert app.title[0].value.startswith("No tickets yet")
    assert f"--warehouse {tmp_path / 'nowhere'}" in app.code[0].value


def test_a_faulty_policy_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path, tmp_path: Path
) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('timezon = "UTC"\n', encoding="utf-8")
    monkeypatch.setenv("MEANTIME_POLICY", str(policy))
    app = visit(monkeypatch, small_warehouse)
    assert "timezon" in app.error[0].value
    monkeypatch.setenv("MEANTIME_POLICY", str(tmp_path / "gone.toml"))
    app.run()
    assert "There is no policy" in app.error[0].value


def test_another_policy_than_that_of_the_build_is_followed(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path, tmp_path: Path
) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('timezone = "Asia/Tokyo"\n', encoding="utf-8")
    monkeypatch.setenv("MEANTIME_POLICY", str(policy))
    app = visit(monkeypatch, small_warehouse)
    assert "Asia/Tokyo" in said(app).replace("\\", "")


def test_an_unexpected_error_has_an_id_that_the_log_knows(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("a secret detail")

    monkeypatch.setattr(review, "tiles", broken)
    with caplog.at_level(logging.ERROR, logger="meantime.dashboard"):
        app = visit(monkeypatch, small_warehouse)
    number = caplog.records[-1].getMessage().split()[-1]
    assert number in app.error[0].value
    assert "secret" not in said(app)
    assert "a secret detail" in caplog.text


def test_a_build_that_came_in_meanwhile_is_shown_and_announced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = load_small(tmp_path / "wh", tmp_path)
    app = visit(monkeypatch, folder)
    (tmp_path / "tickets.csv").write_text(
        "number,opened_at\nNEW1,2026-11-04 09:00:00\n", encoding="utf-8"
    )
    report = _load_again(folder, tmp_path / "tickets.csv")
    app.run()
    assert any(f"build {report}" in toast.value for toast in app.toast)
    assert open_data().build == report


def _load_again(folder: Path, export: Path) -> int:
    from pipelines.ledger import LoadOptions
    from pipelines.load import load

    options = LoadOptions(timezone="UTC", exported_at="2026-11-06T12:00:00Z")
    load([export], Warehouse(folder), read_policy(None, TICKETS.names), options)
    number = Warehouse(folder).current()
    assert number is not None
    return number
