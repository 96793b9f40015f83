"""Short descriptions whose complaint is known: every complaint worded many times, in several
languages, with slips of the fingers, hosts, numbers, reply marks and the words in another order.
"""

from __future__ import annotations

import random

# Per language: things that fail, ways of failing, and additions that mean nothing.
THINGS = {
    "en": (
        "outlook calendar", "badge reader", "payroll export", "warehouse scanner", "vpn client",
        "meeting room display", "backup job", "customer portal login", "invoice printer",
        "shared mailbox", "sap session", "wifi access point", "phone headset", "file share",
    ),
    "es": (
        "calendario de outlook", "lector de tarjetas", "exportación de nóminas",
        "escáner del almacén", "cliente vpn", "pantalla de la sala", "copia de seguridad",
        "acceso al portal", "impresora de facturas", "buzón compartido", "sesión de sap",
    ),
    "de": (
        "Kalender in Outlook", "Ausweisleser", "Lohnabrechnung", "Lagerscanner", "VPN Zugang",
        "Bildschirm im Besprechungsraum", "Sicherungslauf", "Anmeldung am Kundenportal",
        "Rechnungsdrucker", "gemeinsames Postfach", "Netzlaufwerk",
    ),
    "fr": (
        "calendrier outlook", "lecteur de badges", "export de la paie", "scanner de l'entrepôt",
        "client vpn", "écran de la salle", "sauvegarde de nuit", "connexion au portail",
        "imprimante des factures", "boîte partagée",
    ),
    "pl": (
        "kalendarz w programie outlook", "czytnik kart", "eksport listy płac", "skaner w magazynie",
        "połączenie vpn", "ekran w sali", "kopia zapasowa", "drukarka faktur",
    ),
}  # fmt: skip
FAILINGS = {
    "en": (
        "does not start after the update", "shows a certificate warning", "is extremely slow",
        "loses the connection every few minutes", "asks for the password again and again",
        "prints only blank pages", "reports error access denied", "frozen since this morning",
        "runs out of disk space", "data is missing from yesterday",
    ),
    "es": (
        "no arranca tras la actualización", "muestra aviso de certificado", "va lentísimo",
        "pierde la conexión cada pocos minutos", "pide la contraseña una y otra vez",
        "da error de acceso denegado", "bloqueado desde esta mañana", "sin espacio en disco",
    ),
    "de": (
        "startet nach dem Update nicht", "zeigt eine Zertifikatswarnung", "ist extrem langsam",
        "verliert alle paar Minuten die Verbindung", "fragt ständig nach dem Kennwort",
        "meldet Zugriff verweigert", "seit heute früh eingefroren", "hat keinen Speicherplatz mehr",
    ),
    "fr": (
        "ne démarre plus après la mise à jour", "affiche une alerte de certificat",
        "est extrêmement lent", "perd la connexion toutes les cinq minutes",
        "redemande sans cesse le mot de passe", "signale accès refusé", "bloqué depuis ce matin",
    ),
    "pl": (
        "nie uruchamia się po aktualizacji", "pokazuje ostrzeżenie o certyfikacie",
        "działa bardzo wolno", "traci połączenie co kilka minut", "ciągle pyta o hasło",
        "zgłasza odmowę dostępu",
    ),
}  # fmt: skip
EXTRAS = {
    "en": ("please help", "urgent", "again", "in building {n}", "user {user}", "at {time}"),
    "es": ("por favor", "urgente", "otra vez", "en planta {n}", "usuario {user}", "a las {time}"),
    "de": ("bitte um Hilfe", "dringend", "schon wieder", "im Gebäude {n}", "Benutzer {user}"),
    "fr": ("merci de votre aide", "urgent", "encore", "bâtiment {n}", "utilisateur {user}"),
    "pl": ("proszę o pomoc", "pilne", "znowu", "w budynku {n}", "użytkownik {user}"),
}
REPLIES = ("RE: ", "FW: ", "AW: ", "TR: ", "RV: ", "Re: Fwd: ")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def labelled_texts(
    seed: int, complaints: int = 150, texts: int = 4_000, languages: tuple[str, ...] = ()
) -> tuple[list[str], list[int]]:
    """Texts and the number of the complaint that each one words; some complaints are common."""
    dice = random.Random(seed)
    kinds = [
        (language, thing, failing)
        for language in languages or THINGS
        for thing in THINGS[language]
        for failing in FAILINGS[language]
    ]
    chosen = dice.sample(kinds, complaints)
    weights = [1 / (place + 10) for place in range(complaints)]
    labels = dice.choices(range(complaints), weights, k=texts)
    return [worded(dice, *chosen[label]) for label in labels], labels


def worded(dice: random.Random, language: str, thing: str, failing: str) -> str:
    """One wording: parts in either order, a host or a number, an addition, slips and case."""
    parts = [thing, failing]
    if dice.random() < 0.35:
        parts.reverse()
    if dice.random() < 0.45:
        parts.insert(dice.randrange(3), _host(dice))
    if dice.random() < 0.4:
        extra = dice.choice(EXTRAS[language])
        parts.insert(
            dice.choice((0, len(parts))),
            extra.format(
                n=dice.randrange(1, 40), user=_name(dice), time=f"{dice.randrange(24)}:15"
            ),
        )
    text = dice.choice((", ", " ", " - ")).join(parts)
    for _ in range(dice.choice((0, 0, 0, 1, 1, 2))):
        text = slipped(dice, text)
    text = dice.choice((str.lower, str.capitalize, str, str, str.upper))(text)
    return (dice.choice(REPLIES) if dice.random() < 0.15 else "") + text


def slipped(dice: random.Random, text: str) -> str:
    """Two letters swapped, one lost, one doubled, or a wrong one."""
    place = dice.randrange(1, len(text) - 2)
    before, one, two, after = text[:place], text[place], text[place + 1], text[place + 2 :]
    changed = (two + one, two, one + one + two, dice.choice(LETTERS) + two)
    return before + dice.choice(changed) + after


def _host(dice: random.Random) -> str:
    number = dice.randrange(1, 90_000)
    return dice.choice(
        (f"srv-{number:05}", f"PC{number}", f"10.2.{number % 250}.7", f"#{number}",
         f"node{number % 90}.example.com", f"2026-0{number % 9 + 1}-1{number % 9}")
    )  # fmt: skip


def _name(dice: random.Random) -> str:
    return "".join(dice.choices(LETTERS, k=7))
