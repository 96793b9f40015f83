"""Similar tickets: what a text is without its dress, and which texts say the same thing."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import adjusted_rand_score

from insights import cluster_tables
from insights.cluster_tables import write_clusters
from insights.clusters import cluster_texts, resembling
from insights.texts import normalised, word_sets
from insights.vectors import learned, letter_groups
from policies.model import Policy
from tests.conftest import build_warehouse
from tests.labelled_texts import labelled_texts

MEMBERS = """
select ticket_id, cluster_id
from told_tickets
where cluster_id is not null
order by ticket_id"""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("RE: FW: Printer PRN-0042 jams", "printer jams"),
        ("AW: Drucker 3. OG klemmt", "Drucker OG klemmt"),
        ("RV: TR: impresión bloqueada", "IMPRESION BLOQUEADA"),
        ("Mail to ana.gil@example.com bounces", "mail to bounces"),
        ("Backup of db01.prod.example.com failed 2026-02-11 03:15", "backup of failed"),
        ("Re[2]: login fails, see https://example.com/a?b=1", "login fails see"),
        ("Disk \\\\filer\\share full", "disk full"),
        ("ERP hangs when posting", "when posting ERP hangs"),
    ],
)
def test_one_complaint_in_two_dresses_is_one_text(one: str, other: str) -> None:
    first, second = word_sets(normalised(pl.Series([one, other])))
    assert first == second


def test_different_complaints_stay_different() -> None:
    texts = word_sets(normalised(pl.Series(["printer jams", "printer is slow"])))
    assert texts[0] != texts[1]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [11, 12])
@pytest.mark.parametrize("complaints", [60, 150])
def test_labelled_texts_are_found_again(
    seed: int, complaints: int, capsys: pytest.CaptureFixture[str]
) -> None:
    texts, labels = labelled_texts(seed, complaints)
    distinct, places, counts = np.unique(
        word_sets(normalised(pl.Series(texts))).to_numpy().astype(str),
        return_inverse=True,
        return_counts=True,
    )
    rows = letter_groups(list(distinct))
    found = cluster_texts(rows, np.zeros(len(distinct)), counts.astype(np.float32))[places]
    placed = found >= 0
    index = adjusted_rand_score(np.array(labels)[placed], found[placed])
    with capsys.disabled():
        print(f"\nseed {seed}: ARI {index:.3f}, {1 - placed.mean():.1%} unclustered")  # noqa: T201
    assert index >= 0.9
    assert 1 - placed.mean() <= 1 / 3


def test_of_too_many_texts_the_others_join_the_clusters_of_the_commonest(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts, labels = labelled_texts(13, 8, 600)
    tickets = [
        {"number": f"INC{place:05}", "title": text, "opened_at": "2026-01-05 10:00:00"}
        for place, text in enumerate(texts)
    ]
    connection = build_warehouse(policy, tickets)
    write_clusters(connection)
    known = connection.sql("select count(*) from clustered_texts").pl().item()
    monkeypatch.setattr(cluster_tables, "MOST_TEXTS", known // 2)
    monkeypatch.setattr(cluster_tables, "TEXTS_AT_ONCE", 100)
    for anew in (True, False):
        if not anew:  # a quarter of the texts is new then, and is not clustered with the others
            connection.execute("delete from clustered_texts where hash(text) % 4 = 0")
        write_clusters(connection, anew=anew)
        found = dict(connection.sql(MEMBERS).fetchall())
        placed = [
            (label, found[name])
            for place, label in enumerate(labels)
            if (name := f"generic:INC{place:05}") in found
        ]
        assert len(placed) >= 2 / 3 * len(texts)
        assert adjusted_rand_score(*zip(*placed, strict=True)) >= 0.9


TITLES = (
    "Printer jams on floor {n}",
    "Password forgotten, user {n}",
    "VPN drops every {n} minutes",
)


def _tickets(count: int, first: int = 0) -> list[dict[str, object]]:
    return [
        {
            "number": f"INC{number:05}",
            "title": TITLES[number % 3].format(n=number),
            "service": "Desk",
            "opened_at": f"2026-01-{number % 28 + 1:02} 10:00:00",
        }
        for number in range(first, first + count)
    ]


def test_clusters_keep_their_ids_when_more_tickets_come(policy: Policy) -> None:
    connection = build_warehouse(policy, _tickets(30))
    write_clusters(connection)
    before = connection.sql(MEMBERS).pl()
    assert before["cluster_id"].n_unique() == 3
    more = [
        {
            "number": "INC90000",
            "title": "RE: Printer jams on flor 7",
            "opened_at": "2026-02-01 10:00",
        },
        {"number": "INC90001", "title": "Lift is stuck", "opened_at": "2026-02-01 11:00"},
    ]
    for ticket in more:
        connection.execute(
            "insert into tickets (ticket_id, number, title, service, opened_at) "
            "values ('generic:' || $number, $number, $title, 'Desk', $opened_at::timestamp)",
            ticket,
        )
    for anew in (False, True):
        write_clusters(connection, anew=anew)
        after = connection.sql(MEMBERS).pl()
        kept = after.join(before, on="ticket_id")
        assert kept["cluster_id"].equals(kept["cluster_id_right"])
        joined = dict(after.iter_rows())
        assert joined["generic:INC90000"] == joined["generic:INC00000"]
        assert "generic:INC90001" not in joined


def test_a_cluster_tells_what_it_is(policy: Policy) -> None:
    connection = build_warehouse(policy, _tickets(30))
    write_clusters(connection)
    rows = connection.sql("select * from text_clusters order by medoid_title").pl()
    assert rows["tickets"].to_list() == [10, 10, 10]
    assert rows["service_purity"].to_list() == [1.0, 1.0, 1.0]
    assert rows["category_purity"].to_list() == [None, None, None]
    assert "password" in rows["terms"][0]
    assert rows["medoid_title"][1].startswith("Printer jams on floor")


def test_a_cluster_is_called_without_the_blanks_of_its_title(policy: Policy) -> None:
    tickets = [row | {"title": f"  Printer \u00a0jams {n} "} for n, row in enumerate(_tickets(9))]
    connection = build_warehouse(policy, tickets)
    write_clusters(connection)
    (title,) = connection.sql("select medoid_title from text_clusters").pl()["medoid_title"]
    assert title.startswith("Printer jams ")
    assert title == title.strip()


def test_a_new_text_joins_the_text_that_it_is_most_like() -> None:
    """A complaint worded in two languages: its core is near to neither wording."""
    wordings = ("document locked by user", "la impresora no imprime nada", "password expired")
    told = [f"{wording} {name}" for wording in wordings for name in ("anna", "bert", "carl")]
    _, rows = learned([*told, "document locked by user dora", "telephone without a tone"])
    labels = np.array([0] * 6 + [1] * 3 + [-1] * 2)
    is_new = np.array([False] * 9 + [True] * 2)
    assert resembling(rows, labels, is_new).tolist() == [0] * 6 + [1] * 3 + [0, -1]
    # what an earlier time placed nowhere stays there
    assert resembling(rows, labels, np.zeros(11, bool)).tolist() == labels.tolist()
