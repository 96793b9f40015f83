"""Write the sample exports: `python -m sample_data.generate --out FOLDER [--seed N]`.

The same seed writes the same bytes on every machine. `--stories FILE` also writes where the
planted stories are; `stories.toml` beside this file is that, for the default seed. `--tables` names
a folder for the same tickets as Freshdesk, Freshservice, GLPI and ServiceNow by labels export them,
and as a log of status changes.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sample_data.aftermath import declare_major, duplicates, last_word, reviews_of
from sample_data.chance import Dice
from sample_data.jira import write_jira_csv, write_jira_rest
from sample_data.ordinary import World, lived, ordinary_drafts, spread_evenly
from sample_data.organisation import build_organisation
from sample_data.records import induced, ordinary_changes, problems_of
from sample_data.rhythm import EXPORTED_AT
from sample_data.servicenow import write_incidents, write_records
from sample_data.stories import Planted, shift_mix, timeouts, wave
from sample_data.stories_file import stories_toml
from sample_data.tables import write_tables
from sample_data.texts import read_wording
from sample_data.ticket import Change, Problem, Review, Ticket
from sample_data.zendesk import write_zendesk, write_zendesk_ndjson

SEED = 20261031
FOLDER = Path(__file__).parent / "exports"
ORDINARY = 19_400
DAYS = 730


@dataclass(frozen=True, slots=True)
class History:
    """Everything that happened, in the order of its numbers."""

    tickets: list[Ticket]
    changes: list[Change]
    problems: list[Problem]
    reviews: list[Review]
    planted: Planted
    repaired: frozenset[int]


def _worlds(seed: int) -> list[World]:
    """One world per part, each with a stream of its own: a change of one shifts no other."""
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(9)]
    organisation = build_organisation(Dice(streams[0]))
    wording = read_wording()
    return [World(Dice(rng), rng, organisation, wording) for rng in streams[1:]]


def _number(dice: Dice, records: list[Ticket] | list[Change] | list[Problem], first: int) -> None:
    """Count up with gaps, as other forms and deleted drafts take numbers too."""
    serial = first
    for record in records:
        serial += 1 + (dice.whole(0, 2) if dice.chance(0.12) else 0)
        record.serial = serial


def make_history(seed: int = SEED, ordinary: int = ORDINARY) -> History:
    """The two years of an organisation: so many ordinary tickets, and the stories in them."""
    usual, mix, rare, surge, change_world, blame, later, known = _worlds(seed)
    drafts = ordinary_drafts(usual, ordinary)
    spread_evenly(usual.dice, drafts)
    tickets = shift_mix(mix, lived(usual, drafts), ordinary / DAYS)
    planted = Planted(timeouts=timeouts(rare))
    planted.wave_change, planted.wave = wave(surge)
    changes = [*ordinary_changes(change_world), planted.wave_change]
    tickets += induced(blame, changes)
    problems = problems_of(known, tickets, changes)
    children = declare_major(later, tickets)
    tickets += duplicates(later, tickets) + children + planted.timeouts + planted.wave
    tickets = [ticket for ticket in tickets if ticket.logged_at < EXPORTED_AT]
    last_word(later, tickets)
    reviews = reviews_of(later, tickets)
    tickets.sort(key=lambda ticket: (ticket.logged_at, ticket.opened_at, ticket.title))
    changes.sort(key=lambda change: (change.raised_at, change.title))
    problems.sort(key=lambda problem: (problem.opened_at, problem.title))
    reviews.sort(key=lambda review: review.held_at)
    _number(later.dice, tickets, 41_200)
    _number(later.dice, changes, 3_010)
    _number(later.dice, problems, 402)
    repaired = frozenset(ticket.serial for ticket in tickets if later.dice.chance(0.08))
    changes = [change for change in changes if change.raised_at < EXPORTED_AT]
    return History(tickets, changes, problems, reviews, planted, repaired)


def write_exports(folder: Path, seed: int = SEED, ordinary: int = ORDINARY) -> History:
    """Write all exports into a folder, which is made where it is missing."""
    # Everything made here lives until the end: looking for garbage would only cost time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        history = make_history(seed, ordinary)
        folder.mkdir(parents=True, exist_ok=True)
        write_incidents(folder, history.tickets, history.repaired)
        write_records(folder, history.changes, history.problems, history.reviews)
    finally:
        if collecting:
            gc.enable()
    return history


def write_tools(folder: Path, tickets: Sequence[Ticket]) -> None:
    """The same tickets as other tools would export them, a folder for each form of export."""
    write_jira_csv(folder / "jira_csv", tickets)
    write_jira_rest(folder / "jira_rest", tickets)
    write_zendesk(folder / "zendesk", tickets)
    write_zendesk_ndjson(folder / "zendesk_ndjson", tickets)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m sample_data.generate", description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder of the exports")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--tickets", type=int, default=ORDINARY, help="how many, but for stories")
    parser.add_argument("--tables", type=Path, help="folder for the tables of other tools")
    parser.add_argument("--tools", type=Path, help="folder for exports of Jira and Zendesk")
    parser.add_argument("--stories", type=Path, help="file that says where the stories are")
    options = parser.parse_args()
    history = write_exports(options.out, options.seed, options.tickets)
    if options.tables:
        write_tables(options.tables, history.tickets)
    if options.tools:
        write_tools(options.tools, history.tickets)
    if options.stories:
        options.stories.write_text(
            stories_toml(history.tickets, history.planted),
            encoding="utf-8",
            newline="\n",
        )
    print(f"{len(history.tickets):,} tickets written to {options.out}")


if __name__ == "__main__":
    main()
