"""The Tickets page: what is searched, what is listed, what is handed out."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import duckdb
import openpyxl
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.downloads import as_csv, as_xlsx
from pipelines.contract import TICKETS
from pipelines.warehouse import Warehouse
from policies.model import Policy
from policies.read import read_policy
from policies.refusal import Refused
from queries.promises import repeat_chain
from queries.question import Question
from queries.search import find_tickets
from queries.session import open_build
from tests.conftest import build_warehouse
from tests.test_dashboard_pages import said, visit

OCTOBER = Question(date(2026, 10, 1), date(2026, 11, 1))
TICKETS_FOR_SEARCH = [
    {"number": "INC1", "opened_at": "2026-10-01", "title": "Printer JAMS", "kind": "incident"},
    {
        "number": "INC2",
        "opened_at": "2026-10-02",
        "description": "the printer again",
        "priority": "P2",
    },
    {"number": "INC3", "opened_at": "2026-09-02", "title": "100% of _all_ mails", "state": "new"},
    {
        "number": "INC4",
        "opened_at": "2026-10-31",
        "title": "It's '; drop table tickets",
        "state": "new",
    },
]


@pytest.fixture(scope="module")
def rules() -> Policy:
    return read_policy(None, TICKETS.names)


@pytest.fixture(scope="module")
def searched(rules: Policy) -> duckdb.DuckDBPyConnection:
    return build_warehouse(rules, TICKETS_FOR_SEARCH)


def numbers(found: pl.DataFrame) -> list[str]:
    return found["number"].to_list()


def test_every_word_is_looked_for_in_number_title_and_description(
    searched: duckdb.DuckDBPyConnection, rules: Policy
) -> None:
    def look(words: str) -> list[str]:
        return numbers(find_tickets(searched, Question(), rules, words=words, which="all"))

    assert look("printer") == ["INC2", "INC1"]
    assert look("printer jams") == ["INC1"]
    assert look("inc4") == ["INC4"]
    assert look("%") == ["INC3"]
    assert look("_a") == ["INC3"]
    assert look("'; drop") == ["INC4"]
    assert look("nothing of this") == []


def test_a_period_keeps_what_was_opened_in_it_and_open_ones_are_oldest_first(
    searched: duckdb.DuckDBPyConnection, rules: Policy
) -> None:
    assert numbers(find_tickets(searched, OCTOBER, rules)) == ["INC4", "INC2", "INC1"]
    still = find_tickets(searched, OCTOBER, rules, which="open")
    assert numbers(still)[0] == "INC3"
    assert still["opened_at"].is_sorted()


def test_filters_are_bound_and_unknown_columns_are_refused(
    searched: duckdb.DuckDBPyConnection, rules: Policy
) -> None:
    kept = Question(where={"priority": ("P2",)})
    assert numbers(find_tickets(searched, kept, rules, which="all")) == ["INC2"]
    none = Question(where={"priority": ("(none)",)})
    assert len(find_tickets(searched, none, rules, which="all")) == 3
    with pytest.raises(Refused, match="no column colour"):
        find_tickets(searched, Question(where={"colour": ("red",)}), rules)


def test_files_hold_all_rows_and_text_stays_text() -> None:
    rows = pl.DataFrame(
        {
            "number": ["A", "B"],
            "title": ["=1+1", "http://example.org"],
            "opened_at": [date(2026, 10, 1), date(2026, 10, 2)],
        }
    ).with_columns(pl.col("opened_at").cast(pl.Datetime("us")))
    assert "2026-10-01T00:00:00Z" in as_csv(rows)
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(rows))).worksheets[0]
    cells = list(sheet.iter_rows(min_row=2))
    assert [cell.value for cell in cells[0]][:2] == ["A", "=1+1"]
    assert cells[0][1].data_type == "s"
    assert cells[1][1].hyperlink is None


def page(patch: pytest.MonkeyPatch, warehouse: Path, **asked: str | list[str]) -> AppTest:
    return visit(patch, warehouse, "tickets", **asked)


def test_the_page_lists_what_the_terminal_counts(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path, rules: Policy
) -> None:
    app = page(monkeypatch, small_warehouse)
    build = open_build(Warehouse(small_warehouse).current_path(), rules)
    assert app.dataframe[0].value.shape[0] == len(find_tickets(build, OCTOBER, rules))
    app.text_input("words").set_value("case 55").run()
    assert f"**{app.dataframe[0].value.shape[0]} tickets**" in said(app)
    assert all("case 55" in title for title in app.dataframe[0].value["title"])


def test_a_ticket_opens_in_place_of_any_page(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, opened="generic:INC00100")
    assert app.title[0].value.startswith("INC00100")
    app.button("crumb_list").click().run()
    assert app.title[0].value.startswith("Are we better")
    app = visit(monkeypatch, small_warehouse, opened="generic:nothing")
    assert "There is no ticket" in said(app)


def test_a_chain_of_repeats_is_told_from_any_of_its_incidents(rules: Policy) -> None:
    again = {"caller": "Ann", "category": "Mail", "subcategory": "Quota", "kind": "incident"}
    opened = ("2026-08-01", "2026-08-11", "2026-09-05", "2026-10-20")
    connection = build_warehouse(
        rules,
        [{"number": f"INC{n}", "opened_at": day, **again} for n, day in enumerate(opened)],
    )
    # INC3 comes 45 days after INC2: more than 30, so it begins anew and repeats nothing.
    for name in ("INC0", "INC1", "INC2"):
        chain = repeat_chain(connection, f"generic:{name}")
        assert numbers(chain) == ["INC0", "INC1", "INC2"]
        assert chain["seconds_since_previous"].to_list() == [None, 10 * 86_400, 25 * 86_400]
    assert repeat_chain(connection, "generic:INC3").is_empty()
