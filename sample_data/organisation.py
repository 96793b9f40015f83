"""Who and what there is: services and their components, groups, sites, customers, people."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from sample_data.chance import Dice, Weighted
from sample_data.ticket import Person

SERVICE_DESK = "Service Desk"

# Group: how many people work in it.
GROUPS = {
    SERVICE_DESK: 15,
    "Workplace Support": 6,
    "Network Operations": 6,
    "Server & Cloud Platform": 6,
    "Database Administration": 4,
    "Business Applications": 7,
    "ERP Support": 5,
    "Identity & Access": 4,
    "Messaging & Collaboration": 4,
    "Web & Integration": 5,
    "Security Operations": 3,
    "Data & Reporting": 3,
}

# Service: its components; a number sign is replaced by a digit of one of many devices.
SERVICES: dict[str, tuple[str, ...]] = {
    "Email & Calendar": ("mx-prd-01", "mx-prd-02", "EXO-TENANT", "smtp-relay-01"),
    "Remote Access": ("vpn-gw-mad-01", "vpn-gw-mad-02", "RADIUS-01"),
    "Corporate Network": (
        "core-sw-mad-1",
        "fw-mad-01",
        "wlc-zgz-01",
        "sw-vlc-0#",
        "ap-mad-1##",
    ),
    "Order Management": ("ORD-APP-01", "ORD-APP-02", "ORDPRD", "ord-edi-01"),
    "Finance ERP": ("ERP-PRD", "ERP-APP-03", "ERP-BATCH-01"),
    "HR Portal": ("hrportal-01", "HRDB01"),
    "Customer Portal": ("web-cp-01", "web-cp-02", "api-gw-01", "CPDB01"),
    "Workplace": ("LT-0####", "LT-1####", "DT-0###"),
    "Printing": ("PRN-MAD-##", "PRN-ZGZ-##", "PRN-VLC-##", "prtsrv-01"),
    "File Shares": ("nas-mad-01", "nas-zgz-01", "dfs-root"),
    "Telephony": ("pbx-mad-01", "sbc-01", "IVR-01"),
    "Identity & Sign-on": ("dc-mad-01", "dc-mad-02", "sso-idp-01", "MFA-CLOUD"),
    "Warehouse System": ("wms-prd-01", "WMSDB", "hht-0##", "lbl-srv-01"),
    "Data Platform": ("dwh-prd", "etl-01", "bi-web-01"),
}
DATA_PLATFORM_SINCE = (2025, 5, 5)

# Customer: its weight and its sites.
CUSTOMERS: dict[str, tuple[float, tuple[str, ...]]] = {
    "Headquarters": (
        24,
        ("Madrid HQ - Planta 2", "Madrid HQ - Planta 3", "Madrid HQ - Planta 5"),
    ),
    "Retail Stores": (
        20,
        ("Tienda Sevilla", "Tienda Málaga", "Tienda Vigo", "Tienda Murcia"),
    ),
    "Online Shop": (9, ("Madrid HQ - Planta 4", "Remote")),
    "Manufacturing": (15, ("Zaragoza Plant", "Zaragoza Plant - Línea 2")),
    "Logistics": (13, ("Valencia Warehouse", "Getafe Warehouse")),
    "Customer Care": (9, ("Valladolid Contact Centre", "Remote")),
    "Field Sales": (7, ("Remote", "Bilbao Office")),
    "Portugal": (8, ("Lisboa Office", "Porto Warehouse")),
}


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


_FIRST_NAMES = _words(
    "Marta Lucía Carmen Pilar Nuria Inés Beatriz Rocío Silvia Laura Elena Paula Sara Alba Irene "
    "Cristina Ainhoa Mónica Raquel Teresa Javier Andrés Pablo Sergio Álvaro Rubén Iván Óscar "
    "Diego Hugo Adrián Raúl Jorge Gonzalo Íñigo Víctor Marcos Daniel Tomás Ignacio"
)
_OTHER_FIRST_NAMES = _words(
    "Hannah Joana Sofia Claire Amelia Katarina Yasmin Ines Mariana Agnieszka Tiago Rui Nuno "
    "Thomas Oliver Jakub Bruno Stefan Ahmed Luca Matteo Pieter Ewan Miguel"
)
_LAST_NAMES = _words(
    "Ibáñez Cabrera Lozano Peña Montero Vidal Crespo Soler Benítez Ortega Santos Nieto Herrero "
    "Aguilar Pascual Redondo Galán Cano Prieto Calvo Gallardo Vega Núñez Carrasco Rojas Molina "
    "Sáez Bravo Esteban Parra Méndez Cruz Ferrer Arias Márquez Beltrán Rivas Velasco Tejedor "
    "Otero Lorente Quesada Zamora Barrios Escudero Valverde Luque Salas Marín Pardo Segura "
    "Cordero Miranda Villar Palacios Blázquez Mora Rincón Aranda Bermejo"
)
_OTHER_LAST_NAMES = _words(
    "Almeida Ferreira Carvalho Pinto Teixeira Moreau Keller Novak Kowalska Hughes Brennan Rossi "
    "Bianchi de_Vries Lindqvist Haddad Fischer Nowak Mensah Costa Baptista Marques"
)


@dataclass(slots=True)
class Organisation:
    """The people; services, groups and customers stand above."""

    callers: list[Person]
    likely_callers: Weighted[Person]
    agents: dict[str, list[Person]]


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalnum())


def _people(dice: Dice, count: int, spanish_share: float) -> list[tuple[str, str, bool]]:
    """So many names with logins, no two alike."""
    found: dict[str, tuple[str, str, bool]] = {}
    logins: dict[str, int] = {}
    while len(found) < count:
        spanish = dice.chance(spanish_share)
        if spanish:
            first, last = dice.pick(_FIRST_NAMES), dice.pick(_LAST_NAMES)
            second = " " + dice.pick(_LAST_NAMES) if dice.chance(0.6) else ""
        else:
            first, last, second = (
                dice.pick(_OTHER_FIRST_NAMES),
                dice.pick(_OTHER_LAST_NAMES),
                "",
            )
        name = f"{first} {last}{second}"
        if name in found:
            continue
        login = _plain(first)[0] + _plain(last)
        logins[login] = logins.get(login, 0) + 1
        if logins[login] > 1:
            login = f"{login}{logins[login]}"
        found[name] = (name, login, spanish)
    return list(found.values())


def build_organisation(dice: Dice) -> Organisation:
    """Some 60 agents in their groups and 800 callers, a few of whom call often."""
    seats = [group for group, size in GROUPS.items() for _ in range(size)]
    agents: dict[str, list[Person]] = {group: [] for group in GROUPS}
    people = _people(dice, len(seats) + 800, 0.82)
    for group, (name, login, spanish) in zip(seats, people, strict=False):
        agents[group].append(Person(name, login, group=group, spanish=spanish))
    customers = Weighted((customer, weight) for customer, (weight, _) in CUSTOMERS.items())
    callers = []
    for name, login, spanish in people[len(seats) :]:
        customer = dice.draw(customers)
        site = dice.pick(CUSTOMERS[customer][1])
        writes_spanish = spanish and customer != "Portugal" and dice.chance(0.36)
        callers.append(Person(name, login, customer, site, spanish=writes_spanish))
    weights = [(caller, (place + 3) ** -0.55) for place, caller in enumerate(callers)]
    return Organisation(callers, Weighted(weights), agents)


def component(dice: Dice, service: str, among: tuple[str, ...] = ()) -> str:
    """One configuration item of the service, or of those given."""
    name = dice.pick(among or SERVICES[service])
    return "".join(str(dice.whole(0, 9)) if letter == "#" else letter for letter in name)
