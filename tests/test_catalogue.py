from pathlib import Path

import pytest

from policies.model import Policy
from policies.refusal import Refused
from queries.catalogue import METRICS_FOLDER, definition, read_metric, read_metrics

HEADER = """
label       = "Answers"
title       = "Answers given"
unit        = "share"
aggregate   = "rate"
better      = "higher"
explanation = "Of all questions."
"""
BODY = "select ticket_id, opened_at as counted_at, true as value from counted_tickets"


def write(folder: Path, header: str = HEADER, body: str = BODY, name: str = "answers") -> Path:
    path = folder / f"{name}.sql"
    path.write_text(f"/*{header}*/\n{body}", encoding="utf-8")
    return path


def refused(path: Path) -> str:
    with pytest.raises(Refused) as refusal:
        read_metric(path)
    assert str(path) in str(refusal.value)
    return str(refusal.value)


def test_a_metric_is_its_header_and_its_query(tmp_path: Path) -> None:
    metric = read_metric(write(tmp_path, body=BODY + ";\n"))
    assert (metric.name, metric.title, metric.aggregate) == ("answers", "Answers given", "rate")
    assert metric.sql == BODY


def test_the_folder_is_the_catalogue() -> None:
    assert set(read_metrics()) == {path.stem for path in METRICS_FOLDER.glob("*.sql")}


def test_an_organisation_adds_its_own(tmp_path: Path) -> None:
    write(tmp_path)
    assert "answers" in read_metrics([METRICS_FOLDER, tmp_path])


def test_a_name_is_used_once(tmp_path: Path) -> None:
    write(tmp_path, name="mttr")
    with pytest.raises(Refused, match="already called so"):
        read_metrics([METRICS_FOLDER, tmp_path])


def test_a_folder_has_to_exist(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no folder"):
        read_metrics([tmp_path / "nowhere"])


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (HEADER + 'lable = "x"', "no key lable: did you mean label?"),
        (HEADER.replace('better      = "higher"', ""), "lacks better"),
        (HEADER.replace('"share"', '"percent"'), "unit"),
        (HEADER.replace('"Of all questions."', '""'), "explanation"),
        (HEADER.replace('"Answers"', "7"), "label"),
        (HEADER + "label = ", "not TOML"),
    ],
)
def test_a_wrong_header_names_file_and_key(tmp_path: Path, header: str, expected: str) -> None:
    assert expected in refused(write(tmp_path, header))


@pytest.mark.parametrize(
    "body",
    ["drop table tickets", f"{BODY}; drop table tickets", "selct 1", "", "copy tickets to 'x.csv'"],
)
def test_the_body_is_one_select(tmp_path: Path, body: str) -> None:
    refused(write(tmp_path, body=body))


def test_a_file_without_a_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bare.sql"
    path.write_text(BODY, encoding="utf-8")
    assert "header" in refused(path)


def test_a_name_is_lower_case(tmp_path: Path) -> None:
    assert "lower case" in refused(write(tmp_path, name="My-Answers"))


def test_the_definition_says_which_switches_are_in_force(policy: Policy) -> None:
    metrics = read_metrics()
    assert "In force: definitions.mttr_clock = calendar" in definition(metrics["mttr"], policy)
    repeats = definition(metrics["repeat_incident_rate"], policy)
    assert "caller + category + subcategory" in repeats
    assert "definitions.repeat_days = 30" in repeats


def test_every_switch_is_a_key_of_the_policy(policy: Policy) -> None:
    for metric in read_metrics().values():
        assert definition(metric, policy)
