"""The wording of tickets: templates of the folder `wording`, filled in, and then typed by hand."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sample_data.chance import Dice
from sample_data.ticket import Channel


@dataclass(frozen=True, slots=True)
class Issue:
    """One recurring complaint about a service: where it belongs and how people word it.

    `items` are the components that it befalls, where not all of the service do.
    """

    key: str
    service: str
    group: str
    category: str
    subcategory: str
    symptom: str
    weight: float
    watch: float
    level: str
    en: tuple[str, ...]
    es: tuple[str, ...]
    more: tuple[str, ...]
    mas: tuple[str, ...]
    fix: tuple[str, ...]
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """All that the folder `wording` holds."""

    issues: tuple[Issue, ...]
    requests: tuple[Issue, ...]
    story: dict[str, list[str]]
    free: dict[str, list[str]]


def _issue(entry: dict[str, Any]) -> Issue:
    return Issue(
        key=entry["key"],
        service=entry["service"],
        group=entry["group"],
        category=entry["category"],
        subcategory=entry["subcategory"],
        symptom=entry["symptom"],
        weight=entry["weight"],
        watch=entry.get("watch", 0),
        level=entry["level"],
        en=tuple(entry["en"]),
        es=tuple(entry["es"]),
        more=tuple(entry["more"]),
        mas=tuple(entry["mas"]),
        fix=tuple(entry["fix"]),
        items=tuple(entry.get("items", ())),
    )


def read_wording() -> Wording:
    """The templates of the folder `wording` beside this file."""
    entries: dict[str, Any] = {"issue": []}
    for path in sorted(Path(__file__).with_name("wording").glob("*.toml")):
        found = tomllib.loads(path.read_text("utf-8"))
        entries["issue"] += found.pop("issue", [])
        entries |= found
    return Wording(
        issues=tuple(_issue(entry) for entry in entries["issue"]),
        requests=tuple(_issue(entry) for entry in entries["request"]),
        story=entries["story"],
        free=entries["free"],
    )


@dataclass(frozen=True, slots=True)
class Scene:
    """What the templates' placeholders stand for in one ticket."""

    item: str
    site: str
    user: str
    hour: str


def fill(dice: Dice, template: str, scene: Scene) -> str:
    """The template with its placeholders filled in."""
    if "{" not in template:
        return template
    return template.format(
        item=scene.item,
        site=scene.site,
        user=scene.user,
        time=scene.hour,
        mail=f"{scene.user}@example.com",
        id=dice.whole(1000, 98999),
        n=dice.whole(2, 45),
    )


def mistype(dice: Dice, text: str) -> str:
    """One slip of the fingers: two letters swapped, one lost, or one doubled."""
    place = dice.whole(1, max(len(text) - 3, 1))
    if not text[place : place + 2].isalpha():
        return text
    slip = dice.unit()
    if slip < 0.45:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if slip < 0.8:
        return text[:place] + text[place + 1 :]
    return text[:place] + text[place] + text[place:]


def _typed(dice: Dice, title: str, channel: Channel) -> str:
    if channel == "monitoring":
        return title
    if dice.chance(0.09):
        title = mistype(dice, title)
    habit = dice.unit()
    if habit < 0.08:
        title = title.lower()
    elif habit < 0.1:
        title = title.upper()
    elif habit < 0.13:
        title += dice.pick(("!!", " - urgent", " (again)", " ?"))
    if channel == "email" and dice.chance(0.14):
        title = dice.pick(("RE: ", "FW: ", "RV: ")) + title
    return title


def compose(
    dice: Dice,
    wording: Wording,
    issue: Issue,
    scene: Scene,
    channel: Channel,
    spanish: bool,
) -> tuple[str, str]:
    """Title and description of a ticket, as whoever opened it would write them."""
    titles = issue.es if spanish else issue.en
    title = _typed(dice, fill(dice, dice.pick(titles), scene), channel)
    if channel != "monitoring" and dice.chance(0.13):
        return title, ""
    sentences = [fill(dice, dice.pick(issue.mas if spanish else issue.more), scene)]
    if dice.chance(0.3):
        sentences.insert(0, fill(dice, dice.pick(titles), scene) + ".")
    return title, dress(dice, wording, sentences, channel, spanish)


def dress(
    dice: Dice, wording: Wording, sentences: list[str], channel: Channel, spanish: bool
) -> str:
    """Sentences as the channel leaves them: with greeting and line breaks in mails, bare else."""
    body = " ".join(sentence for sentence in sentences if sentence)
    if channel == "monitoring":
        return f"Source: monitoring\n{body}" if dice.chance(0.3) else body
    if dice.chance(0.1) and len(body) > 4:
        body = mistype(dice, body)
    if channel in ("email", "self_service") and dice.chance(0.5):
        free = wording.free
        greeting = dice.pick(free["saludos" if spanish else "greetings"])
        closing = dice.pick(free["despedidas" if spanish else "closings"])
        return f"{greeting}\n{body}\n{closing}"
    if channel == "phone" and dice.chance(0.25):
        return f"User calls: {body}"
    return body


def resolution_notes(dice: Dice, issue: Issue, scene: Scene) -> str:
    """How it was resolved, in words; often nobody wrote any."""
    if dice.chance(0.12):
        return ""
    return fill(dice, dice.pick(issue.fix), scene)
