"""A small made-up task force whose returns can be counted by hand: its records, and counts of them in Python.

The counts follow the words of docs/returns.md, record by record; no SQL and nothing of `etl.returns`.
"""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from etl.commands.terminal.options import read_options
from etl.config import read_deployment
from etl.load import pipeline
from etl.load.inputs import of_deployment
from etl.progress import Progress
from etl.store.locking import exclusive
from tests.etl.made_home import Deliverer
from tests.etl.made_topics import AS_OF, Office

MONTHS = "2024-01..2025-12"
FORMS = ("sexual_exploitation", "forced_labour", "domestic_servitude", "forced_marriage", "other")
SEX, LABOUR = {"sexual_exploitation"}, {"forced_labour", "domestic_servitude"}
EXITS = ("stable_outcome", "moved_on", "lost_contact", "still_in_service")
SERVICES = ("housing", "legal", "health")
PEOPLE = 90


@dataclass(frozen=True)
class Person:
    ref: str
    month: str
    age: int | None
    gender: str
    status: str
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Spell:
    ref: str
    referral: str
    person: str
    month: str
    service: str
    wait: int | None
    days: int | None
    exit: str

    @property
    def first(self) -> str:
        """The month in which it began."""
        return _month(self._begins)

    @property
    def last(self) -> str:
        """The month in which it ended; nothing while it lasts."""
        if self.exit == "still_in_service" or (not self.exit and self.days is None):
            return ""
        return _month(self._begins + timedelta(days=self.days or 0))

    @property
    def _begins(self) -> date:
        return date.fromisoformat(f"{self.month}-15") + timedelta(days=self.wait or 0)

    def runs(self, first: str, last: str) -> bool:
        return self.first <= last and (not self.last or self.last >= first)


@dataclass(frozen=True)
class Referral:
    ref: str
    person: str
    month: str
    sender: str
    contact: int | None


def _month(day: date) -> str:
    return day.strftime("%Y-%m")


def _records() -> tuple[list[Person], list[Spell], list[Referral]]:
    chance = random.Random(9)
    people, spells, referrals = [], [], []
    for number in range(PEOPLE):
        ref = f"C{number:03d}"
        month = f"{chance.choice((2024, 2025))}-{chance.randint(1, 12):02d}"
        forms = tuple(sorted(chance.sample(FORMS, chance.choice((0, 1, 1, 2)))))
        people.append(
            Person(
                ref,
                month,
                chance.choice((None, 7, 16, 22, 35, 50)),
                chance.choice(("female", "male", "")),
                chance.choice(("confirmed", "presumed", "not_trafficked", "")),
                forms,
            )
        )
        for again in range(chance.choice((0, 1, 1, 2))):
            asked = f"{chance.choice((2024, 2025))}-{chance.randint(1, 10):02d}"
            sender = chance.choice(("police", "ngo", "health", ""))
            contact = chance.choice((None, 1, 2, 5, 20))
            referral = Referral(f"R{number}{again}", ref, asked, sender, contact)
            spell = Spell(
                f"S{number}{again}",
                referral.ref,
                ref if chance.random() < 0.8 else "",  # the person is then known by the referral
                asked,
                chance.choice(SERVICES),
                chance.choice((None, 3, 12, 40)),
                chance.choice((None, 5, 30, 90, 200)),
                chance.choice((*EXITS, "")),
            )
            spells.append(spell)
            referrals.append(referral)
    spells.append(Spell("S-nobody", "", "", "2025-02", "legal", 1, 10, "moved_on"))
    return people, spells, referrals


PERSONS, SPELLS, REFERRALS = _records()
PERSON_OF_REFERRAL = {one.ref: one.person for one in REFERRALS}

NEEDS = [  # person, month, service, status, reason
    ("C000", "2025-01", "housing", "unmet", "unavailable"),
    ("C000", "2025-02", "housing", "met", ""),  # looked at again in the quarter: the newest word counts
    ("C000", "2025-03", "legal", "partly", "language"),
    ("C001", "2025-03", "housing", "unmet", ""),
    ("C001", "2025-05", "housing", "met", ""),  # later: the first quarter stays as it was
    ("C002", "2024-11", "health", "unmet", "funding"),
]
BARRIERS = [
    ("C000", "2025-01", "person", "language"),
    ("C000", "2025-02", "person", "language"),
    ("C003", "2025-03", "provider", "no_place"),
    ("C003", "2025-04", "community", "stigma"),
]
INVESTIGATIONS = [  # reference, month, forms, agency, outcome, stage
    ("I1", "2025-01", "sexual_exploitation", "city", "cleared_by_arrest", "charge"),
    ("I2", "2025-02", "forced_labour;sexual_exploitation", "federal", "open", "arrest"),
    ("I3", "2025-06", "forced_marriage", "city", "open", ""),
    ("I4", "2025-07", "forced_labour", "city", "open", ""),
]
CHARGES = [  # reference, investigation, defendant, month, statute, trafficking, disposition, days
    ("H1", "I1", "D1", "2025-01", "sex_trafficking", "yes", "convicted", "100"),
    ("H2", "I1", "D1", "2025-01", "commercial_sex", "no", "dismissed", "100"),
    ("H3", "I1", "D2", "2025-03", "sex_trafficking", "yes", "pending", ""),
    ("H4", "", "", "2024-10", "labour_trafficking", "yes", "convicted", "150"),
    ("H5", "", "D9", "2024-10", "other", "no", "acquitted", ""),  # nobody knows when
]
OPERATIONS = ["2025-01,online,2,10,4,1,0", "2025-05,workplace,1,7,,2,1", "2025-08,online,1,3,1,1,0"]
EVENTS = ["2025-01,talk,school,30", "2025-02,stall,faith,12", "2025-03,print,,500", "2025-07,talk,school,9"]
TRAININGS = ["2025-02,police,20", "2025-03,health,8", "2025-06,police,5"]
SPENDING = [
    "O1,housing,2025-01,100.50,dollars,40",
    "O1,housing,2025-02,200,dollars,30",
    "O2,legal,2025-Q1,75.25,dollars,",
]


def blank(value: object) -> str:
    return "" if value is None else str(value)


def sheets() -> list[tuple[str, str, list[str]]]:
    """Return all of it as a task force would send it: table, headings and rows."""
    return [
        (
            "person",
            "person_ref,period,age,gender,status,form",
            [
                f"{one.ref},{one.month},{blank(one.age)},{one.gender},{one.status},{';'.join(one.forms)}"
                for one in PERSONS
            ],
        ),
        (
            "referral",
            "referral_ref,person_ref,period,from_org_type,decision,days_to_contact",
            [
                f"{one.ref},{one.person},{one.month},{one.sender},accepted,{blank(one.contact)}"
                for one in REFERRALS
            ],
        ),
        (
            "service_episode",
            "service_episode_ref,referral_ref,person_ref,period,service_type,days_to_start,is_started,"
            "days_in_service,exit_type",
            [
                f"{one.ref},{one.referral},{one.person},{one.month},{one.service},{blank(one.wait)},yes,"
                f"{blank(one.days)},{one.exit}"
                for one in SPELLS
            ],
        ),
        ("service_need", "person_ref,period,service_type,need_status,unmet_reason", joined(NEEDS)),
        ("barrier", "person_ref,period,level,barrier", joined(BARRIERS)),
        ("investigation", "investigation_ref,period,form,agency_type,outcome,stage", joined(INVESTIGATIONS)),
        (
            "charge",
            "charge_ref,investigation_ref,defendant_ref,period,statute_group,is_trafficking,disposition,"
            "days_to_disposition",
            joined(CHARGES),
        ),
        (
            "operation",
            "period,operation_type,operations,met,referred,arrested,arrested_exploited",
            OPERATIONS,
        ),
        ("outreach_event", "period,channel,host_type,reach", EVENTS),
        ("training_session", "period,audience_role,attendees", TRAININGS),
        ("expenditure", "organisation,service_type,period,amount,currency,bed_nights", SPENDING),
    ]


def joined(records: list[tuple[str, ...]]) -> list[str]:
    return [",".join(record) for record in records]


def build(office: Office) -> None:
    """Load all of it in one go; without a release, which a return neither needs nor makes."""
    files = [Deliverer(office.folder).areas()]
    files += [office.sheet(table, header, rows, months=MONTHS) for table, header, rows in sheets()]
    inputs = [
        f'[[input]]\nfile = "{data.name}"\nsource = "own"\nmapping = "{toml.name}"\n' for data, toml in files
    ]
    text = 'place = "Riverland"\ngeography = "riverland"\n' + "\n".join(inputs)
    (office.folder / "deployment.toml").write_text(text, "utf-8")
    deployment = read_deployment(office.folder)
    deliveries = of_deployment(deployment, read_options(deployment, AS_OF))
    settings = pipeline.Settings(deployment, AS_OF, AS_OF, is_ordered=True)
    with exclusive(office.run.home):
        pipeline.run(
            office.run.home,
            deliveries,
            settings,
            Progress.for_terminal(is_json=True),
            what="build",
            fresh=True,
        )


@dataclass(frozen=True)
class Flow:
    """Who was a client of a period, and how; sets of people."""

    at_start: set[str]
    new: set[str]
    reopened: set[str]
    closed: set[str]
    at_end: set[str]

    @property
    def served(self) -> set[str]:
        return self.at_start | self.new | self.reopened


def client(spell: Spell) -> str:
    return spell.person or PERSON_OF_REFERRAL.get(spell.referral, "") or spell.ref


def flow(first: str, last: str) -> Flow:
    """Walk through each client's spells."""
    found = Flow(set(), set(), set(), set(), set())
    for who in {client(spell) for spell in SPELLS}:
        spells = [spell for spell in SPELLS if client(spell) == who and spell.first <= last]
        before = [spell for spell in spells if spell.first < first]
        begun = [spell for spell in spells if spell.first >= first]
        if any(not spell.last or spell.last >= first for spell in before):
            found.at_start.add(who)
        elif begun:
            (found.reopened if before else found.new).add(who)
        if any(not spell.last or spell.last > last for spell in spells):
            found.at_end.add(who)
        elif any(spell.last >= first for spell in spells):
            found.closed.add(who)
    return found


def known(first: str, last: str) -> dict[str, Person]:
    """People on record by the end of a period."""
    return {one.ref: one for one in PERSONS if one.month <= last}


def by_type(people: set[str], last: str) -> Counter[str]:
    """Count people by type of trafficking, as on record by the end."""
    register = known("", last)

    def kind(who: str) -> str:
        forms = set(register[who].forms) if who in register else set()
        if forms & SEX and forms & LABOUR:
            return "both"
        return "sex" if forms & SEX else "labour" if forms & LABOUR else "other" if forms else "not_recorded"

    return Counter(map(kind, people))


def by_form(people: set[str], last: str) -> Counter[str]:
    """Count people by form of exploitation, as on record by the end; in several, several times."""
    register = known("", last)
    forms = (register[who].forms if who in register else () for who in people)
    return Counter(form for found in forms for form in found or ("not_recorded",))


def by_gender(people: set[str], last: str) -> Counter[str]:
    register = known("", last)
    return Counter((register[who].gender if who in register else "") or "not_recorded" for who in people)
