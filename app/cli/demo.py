"""`claimloop demo`: the whole life of claims with a simulated payer, and the identity of the money.

Every step may be killed and run again: encounters, files and answers are known by their content,
so the second run goes on where the first one stopped.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from app import shipped
from app.domain.claim import StoredClaim
from app.domain.deposit import Deposit, DepositSource
from app.domain.ledger import Account
from app.domain.money import ZERO, money_text
from app.domain.recoupment import Recoupment
from app.domain.worklists import WORKLISTS
from app.flows.deposits import take_deposits
from app.flows.ports import Mode, Tenant, UnitOfWork, WorklistFilter
from app.main import Application
from app.simulator.clearinghouse import reply
from app.simulator.folder import FolderPayer

TENANT = "demo"
ACTOR = "demo"
_PATIENCE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Story:
    """One encounter of the demo, and what a person wrote down that must become of it."""

    name: str
    data: bytes
    source_system: str
    external_id: str
    charge: Decimal
    expected: dict[str, str]


@dataclass(slots=True)
class DemoResult:
    """What came out, in the names of contracts.md."""

    encounters: int
    claims: int
    batches: int
    states: dict[str, int]
    money: dict[str, Decimal]
    seconds: float
    by_stage: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    deposits: dict[str, int] = field(default_factory=dict)  # remittances by where their money is
    worklists: dict[str, int] = field(default_factory=dict)  # those of the money, with something
    remittances: dict[str, int] = field(default_factory=dict)  # by what became of them
    recoupments: list[Recoupment] = field(default_factory=list)
    next_payers: dict[str, int] = field(
        default_factory=dict
    )  # claims whose next payer is not asked

    def as_json(self) -> dict[str, Any]:
        """The document of `demo --json`."""
        return {
            "encounters": self.encounters,
            "claims": self.claims,
            "batches": self.batches,
            "states": self.states,
            **{name: money_text(amount) for name, amount in self.money.items()},
            "seconds": round(self.seconds, 3),
        }


def run_demo(
    app: Application, *, encounters: int | None, tell: Callable[[str], None]
) -> DemoResult:
    """Encounters in, claims out, answers back, money posted; gives the figures and what differs."""
    began = time.monotonic()
    tenant = app.tenant(TENANT, mode=Mode.TEST)
    stories = _stories(app, tenant, encounters)
    payer = FolderPayer(
        claims=app.out_folder(tenant),
        answers=app.in_folder(tenant),
        memory=app.folder(tenant) / "simulator",
        reply=reply,
    )
    with app.worker(executor_id="demo"):
        tell(f"{len(stories)} encounters in")
        for story in stories:
            app.receive(tenant.id, name=story.name, data=story.data, actor=ACTOR)
        app.wait(_PATIENCE_SECONDS)
        while sealed := app.seal(tenant.id, actor=ACTOR):
            tell(f"{sum(b.claims for b in sealed)} claims sealed in {len(sealed)} batch(es)")
        app.wait(_PATIENCE_SECONDS)
        tell("the payer reads them and answers")
        payer.answer_new()
        taken = _take_all(app, tenant)
        app.wait(_PATIENCE_SECONDS)
        tell(f"{taken} files came back: TA1, 999, 277CA, 835")
        tell(f"{_tell_of_deposits(app, tenant, payer)} deposits at the bank")
    return _result(app, tenant, stories, payer=payer, seconds=time.monotonic() - began)


def _stories(app: Application, tenant: Tenant, number: int | None) -> list[Story]:
    """The first `number` encounters, and all that an earlier run in this folder has taken."""
    folder = shipped("fixtures") / "encounters"
    files = sorted(p for p in folder.glob("*.json") if not p.name.endswith(".expected.json"))
    wanted = len(files) if number is None else number
    stories: list[Story] = []
    with app.units(tenant.id, actor=ACTOR) as uow:
        for n in count():
            story = _story(files[n % len(files)], round_=n // len(files) + 1)
            if n >= wanted and not uow.encounters.find(
                source_system=story.source_system, external_id=story.external_id
            ):
                return stories
            stories.append(story)
    raise AssertionError("counting has no end")


def _story(path: Path, *, round_: int) -> Story:
    """A fixture; past the first round it comes again as another encounter."""
    data = path.read_bytes()
    members = json.loads(data)
    if round_ > 1:
        members["externalId"] = f"{members['externalId']}-{round_}"
        data = json.dumps(members).encode()
    return Story(
        name=path.name if round_ == 1 else f"{path.stem}-{round_}.json",
        data=data,
        source_system=members["sourceSystem"],
        external_id=members["externalId"],
        charge=_charged(members),
        expected=json.loads(path.with_suffix(".expected.json").read_bytes()),
    )


def _charged(members: dict[str, Any]) -> Decimal:
    """What the encounter's file charges; a predetermination asks and charges nothing."""
    if (members.get("dental") or {}).get("predetermination"):
        return ZERO
    return sum((Decimal(x["charge"]) for x in members["serviceLines"]), ZERO)


def _take_all(app: Application, tenant: Tenant) -> int:
    inbox = app.inbox(tenant)
    list(inbox.arrivals())  # the first look only measures; nobody writes any more
    taken = 0
    for arrival in inbox.arrivals():
        app.receive(tenant.id, name=arrival.name, data=arrival.read(), actor=ACTOR)
        inbox.taken(arrival)
        taken += 1
    return taken


def _tell_of_deposits(app: Application, tenant: Tenant, payer: FolderPayer) -> int:
    """What the bank says of the day: a credit with the trace of each payment."""
    told = [
        Deposit(d.amount, d.paid_on, DepositSource.JSON, trace_number=d.trace_number)
        for d in payer.deposits()
        if d.amount and d.paid_on
    ]
    with app.units(tenant.id, actor=ACTOR) as uow:
        take_deposits(uow, told, file_id=None)
    return len(told)


def _standing_of_the_money(uow: UnitOfWork) -> dict[str, Any]:
    """Where remittances stand with the bank and on the books, what payers have still to take or to
    give back, whom nobody asked yet, and what the lists hold."""
    found = uow.deposits.expected_page(state=None, limit=500, after=None)
    states = Counter(str(stands.state) for _, stands in found)
    counts = {w.name: uow.worklists.count(w, WorklistFilter()) for w in WORKLISTS.values()}
    taken = uow.remittances.page(limit=500, after=None)
    asked = {
        "claims.secondary_ready": "ready",
        "claims.crossover_waiting": "passed on by the payer",
    }
    return {
        "deposits": dict(sorted(states.items())),
        "worklists": {n: c for n, c in counts.items() if c and not n.startswith("claims.")},
        "remittances": dict(sorted(Counter(str(r.state) for r in taken).items())),
        "recoupments": uow.recoupments.page(open_only=False, limit=500, after=None),
        "next_payers": {word: counts[name] for name, word in asked.items() if counts[name]},
    }


def _result(
    app: Application,
    tenant: Tenant,
    stories: list[Story],
    *,
    payer: FolderPayer,
    seconds: float,
) -> DemoResult:
    states: Counter[str] = Counter()
    by_stage: dict[str, dict[str, Decimal]] = {}
    differences: list[str] = []
    claims = 0
    batches: set[UUID] = set()
    with app.units(tenant.id, actor=ACTOR) as uow:
        for story in stories:
            stored = uow.encounters.find(
                source_system=story.source_system, external_id=story.external_id
            )
            mine = uow.claims.of_encounter(stored.id) if stored else []
            claims += len(mine)
            for claim in mine:
                states[claim.stage] += 1
                _add(by_stage.setdefault(claim.stage, {}), claim)
                sent = uow.batches.of_claim(claim.id)
                if sent:
                    batches.add(sent[0].id)
            differences += _differences(story, mine)
        standing = _standing_of_the_money(uow)
        balance = uow.journal.trial_balance()
        paid = uow.journal.applied_to_claims()
    owed = balance[Account.RECEIVABLE_PATIENT] + balance[Account.RECEIVABLE_PAYER]
    still_open = sum((sums["open"] for sums in by_stage.values()), ZERO)
    money = {
        "charges": sum((s.charge for s in stories), ZERO),
        "paid": paid,
        "adjusted": sum(
            (balance[a] for a in (Account.CONTRACTUAL, Account.SEQUESTRATION, Account.WRITE_OFF)),
            ZERO,
        ),
        "patient": owed - still_open,  # the next payer's to owe, where there is one
        "open": still_open,
        "deposits": sum((d.amount for d in payer.deposits()), ZERO),
        "unapplied": -balance[Account.UNAPPLIED],
        "providerAdjustments": -sum(
            (
                balance[a]
                for a in (
                    Account.INTEREST,
                    Account.PROVIDER_ADJUSTMENTS,
                    Account.PAYER_RECOUPMENT,
                )
            ),
            ZERO,
        ),
        "ledgerSum": sum(balance.values(), ZERO),
    }
    return DemoResult(
        encounters=len(stories),
        claims=claims,
        batches=len(batches),
        states=dict(sorted(states.items())),
        money=money,
        seconds=seconds,
        by_stage=by_stage,
        differences=differences + _broken_identities(money),
        **standing,
    )


def _add(sums: dict[str, Decimal], claim: StoredClaim) -> None:
    for name, amount in _figures(claim).items():
        sums[name] = sums.get(name, ZERO) + amount


def _figures(claim: StoredClaim) -> dict[str, Decimal]:
    return {
        "charge": claim.receivable,
        "paid": claim.paid,
        "adjusted": claim.adjusted,
        "patient": claim.patient_responsibility,
        "open": claim.balance,
    }


def _differences(story: Story, claims: list[StoredClaim]) -> list[str]:
    """Where the claim of a story is not what its author wrote down."""
    if len(claims) != 1:
        return [f"{story.name}: {len(claims)} claims instead of one"]
    claim = claims[0]
    became = {"stage": str(claim.stage)} | {
        name: money_text(amount) for name, amount in _figures(claim).items()
    }
    return [
        f"{story.name}: {name} is {became[name]}, expected {value}"
        for name, value in story.expected.items()
        if became[name] != value
    ]


def _broken_identities(money: dict[str, Decimal]) -> list[str]:
    broken = []
    out = money["paid"] + money["adjusted"] + money["patient"] + money["open"]
    if money["charges"] != out:
        broken.append(f"charges {money['charges']} are not paid + adjusted + patient + open {out}")
    back = money["paid"] + money["unapplied"] + money["providerAdjustments"]
    if money["deposits"] != back:
        broken.append(
            f"deposits {money['deposits']} are not paid + unapplied + provider adjustments {back}"
        )
    if money["ledgerSum"] != ZERO:
        broken.append(f"the ledger sums to {money['ledgerSum']}, not to zero")
    return broken
