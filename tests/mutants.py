"""Files that were good once: seeded mutations of their bytes and of their structure.

What is mutated are small exports of several tools; half of the time it is the contract's own form.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from random import Random

import xlsxwriter

from tests import (
    test_freshworks,
    test_glpi,
    test_jira,
    test_markup,
    test_page_tables,
    test_status_log,
    zendesk_pages,
)

SEED_FILE = (
    "number,opened_at,resolved_at,state,priority,title,reopen_count,tool_sla_met,satisfaction\n"
    + "".join(
        f"INC{n:03d},2026-{1 + n % 12:02d}-{1 + n % 28:02d}T09:{n % 60:02d}:00Z,"
        f"2026-{1 + n % 12:02d}-{1 + n % 28:02d}T1{n % 10}:00:00+01:00,resolved,P{1 + n % 4},"
        f'"Printer, floor {n}\nsays ""no"" – café",{n % 3},{n % 2},{n % 5}.5\n'
        for n in range(40)
    )
).encode()

SEEDS: dict[str, bytes] = {
    "contract": SEED_FILE,
    "jira list": test_jira.CSV.encode(),
    "jira search": json.dumps(test_jira.page(test_jira.issue(), test_jira.issue())).encode(),
    "zendesk": json.dumps(
        {
            "tickets": [zendesk_pages.ticket(number) for number in range(3)],
            **zendesk_pages.SIDES,
            "metric_sets": [zendesk_pages.metrics(number) for number in range(3)],
        }
    ).encode(),
    "freshdesk": test_freshworks.FRESHDESK.encode(),
    "glpi": test_glpi.export("French").encode("utf-8-sig"),
    "log": test_status_log.LOG.encode(),
    "servicenow xml": test_markup.UNLOAD.encode(),
    "jira feed": test_markup.FEED.encode(),
    "web page": test_page_tables.JIRA.encode(),
}

Mutation = Callable[[bytes, Random], bytes]


def flip_bytes(content: bytes, chance: Random) -> bytes:
    mutant = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        mutant[chance.randrange(len(mutant))] = chance.randrange(256)
    return bytes(mutant)


def cut(content: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(len(content))]


def drop_a_piece(content: bytes, chance: Random) -> bytes:
    start = chance.randrange(len(content))
    return content[:start] + content[start + chance.randint(1, 200) :]


def insert_junk(content: bytes, chance: Random) -> bytes:
    junk = chance.choice(
        [b'"', b"\0", b"\r", b"\n\n\n", b",,,,", b"\xff\xfe", b"\x1a", b"\xef\xbb\xbf", b"'" * 50]
    )
    for _ in range(chance.randint(1, 5)):
        place = chance.randrange(len(content))
        content = content[:place] + junk + content[place:]
    return content


def repeat_a_piece(content: bytes, chance: Random) -> bytes:
    start = chance.randrange(len(content))
    piece = content[start : start + chance.randint(1, 2000)]
    return content[:start] + piece * chance.randint(2, 5) + content[start:]


def other_encoding(content: bytes, chance: Random) -> bytes:
    text = content.decode()
    return text.encode(chance.choice(["utf-16", "utf-8-sig", "cp1252", "cp850"]), errors="replace")


def as_json(content: bytes, chance: Random) -> bytes:
    """A table as one document, or one record a line."""
    header, *rows = _table(content)
    records = [dict(zip(header, row, strict=False)) for row in rows]
    if chance.random() < 0.5:
        return json.dumps({"result": records}).encode()
    return "\n".join(json.dumps(record) for record in records).encode()


def as_workbook(content: bytes, chance: Random) -> bytes:
    """A table as a workbook with a title and one or two sheets."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name in ("Incidents", "More")[: chance.randint(1, 2)]:
            sheet = book.add_worksheet(name)
            for row, cells in enumerate([["Report"], [], *_table(content)]):
                sheet.write_row(row, 0, cells)
    return target.getvalue()


def as_archive(content: bytes, chance: Random) -> bytes:
    """A zip archive of one to three files, one of them as it came."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", content)
        for name, make in (("b.json", as_json), ("c.xlsx", as_workbook))[: chance.randint(0, 2)]:
            archive.writestr(name, make(content, chance))
    return target.getvalue()


def packed_and_hurt(content: bytes, chance: Random) -> bytes:
    packed = gzip.compress(content, mtime=0)
    return chance.choice([flip_bytes, cut, drop_a_piece])(packed, chance)


def _table(content: bytes) -> list[list[str]]:
    """The rows of a CSV; ValueError for what is none."""
    text = content.decode("utf-8-sig")
    if text.startswith(("{", "[")):
        raise ValueError("no table")
    delimiter = ";" if text.partition("\n")[0].count(";") > 1 else ","
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _written(table: list[list[str]], **how: str) -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target, **{"lineterminator": "\n", **how}).writerows(table)
    return target.getvalue().encode()


def change_cells(content: bytes, chance: Random) -> bytes:
    table = _table(content)
    odd = ["", "soon", "?", "=1+1", "99999999999999999999", "-1", "31/12/2026", "2026-02-30", "NaN"]
    odd += ["x" * 70_000, "9999-12-31T00:00:00Z", "0001-01-01", "1e309", "infinity", "\u202e", "{}"]
    for _ in range(chance.randint(1, 10)):
        row = chance.choice(table[chance.choice([0, 1]) :])
        row[chance.randrange(len(row))] = chance.choice(odd)
    return _written(table)


def change_rows(content: bytes, chance: Random) -> bytes:
    table = _table(content)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(1, len(table))
        action = chance.randrange(4)
        if action == 0:
            del table[place][chance.randrange(len(table[place])) :]
        elif action == 1:
            table[place] = table[place] + ["more"] * chance.randint(1, 4)
        elif action == 2:
            table.insert(place, chance.choice(table))
        else:
            table[place] = []
    return _written(table)


def change_columns(content: bytes, chance: Random) -> bytes:
    table = _table(content)
    action, place = chance.randrange(4), chance.randrange(len(table[0]))
    for row in table:
        if action == 0:
            del row[place]
        elif action == 1:
            row.append(row[place])
        elif action == 2:
            row.insert(place, "")
        else:
            chance.shuffle(table[0])
            break
    return _written(table)


def other_dialect(content: bytes, chance: Random) -> bytes:
    how = {
        "delimiter": chance.choice(";\t|:"),
        "lineterminator": chance.choice(["\r\n", "\r", "\n"]),
    }
    return _written(_table(content), **how)


MUTATIONS: tuple[Mutation, ...] = (
    flip_bytes,
    cut,
    drop_a_piece,
    insert_junk,
    repeat_a_piece,
    other_encoding,
    packed_and_hurt,
    as_json,
    as_workbook,
    as_archive,
    change_cells,
    change_rows,
    change_columns,
    other_dialect,
)


OF_ANY_BYTES = (flip_bytes, cut, drop_a_piece, insert_junk, repeat_a_piece, packed_and_hurt)


def mutant(number: int) -> tuple[str, bytes]:
    """The mutant of this number: what was done to what, and its bytes; the same every time."""
    chance = Random(number)
    seed = chance.choice(["contract", chance.choice(list(SEEDS))])
    content, done = SEEDS[seed], [seed]
    for _ in range(chance.choice([1, 1, 2])):
        mutation = chance.choice(MUTATIONS)
        try:
            content = mutation(content, chance) or b"\n"
        except (UnicodeDecodeError, IndexError, ValueError, csv.Error):
            # nothing is left, or never was, that this one could take apart
            mutation = chance.choice(OF_ANY_BYTES)
            content = mutation(content, chance) if len(content) > 1 else content
        done.append(mutation.__name__)
    return ", ".join(done), content or b"\n"
