"""Denials: found by line and reason, advised by tables, open for as long as the books say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from itertools import permutations
from uuid import UUID

import pytest

from app.domain.carc import _CODES as CARC_CODES
from app.domain.carc import CarcClass
from app.domain.denial import Decided, Facts, How, Verdict, found_in, judge
from app.domain.denial_categories import (
    ADVICE,
    NEVER_BY_RULE,
    Action,
    Category,
    Owner,
    Window,
    advice_on,
    category_of,
)
from app.domain.ledger import Account
from app.domain.lifecycle import Stage
from app.domain.money import ZERO
from app.domain.outcome import classify
from app.domain.payer_terms import (
    ADVANTAGE,
    COMMERCIAL,
    MEDICARE,
    PayerWindows,
    deadline,
    program_of,
    terms_on,
)
from app.domain.posting import post
from app.domain.remittance import ClaimPayment
from tests.domain.remits import claim, payment, remittance, service

# (story, payment, stage, denied by reason, written off, patient's, still open)
LESSONS = [
    ("5: CLP02 = 4 with CO-197 stays open, is a denial, is not written off",
     payment(service("100", "0", "CO*197*100"), status="4"),
     Stage.DENIED, {"197": "100"}, "0", "0", "100"),
    ("5: CLP02 = 1, one line paid, one line CO-50",
     payment(service("100", "80", "CO*45*20"), service("50", "0", "CO*50*50", line="2", ordinal=2)),
     Stage.PARTIALLY_PAID, {"50": "50"}, "20", "0", "50"),
    ("6: zero because of the deductible is the patient's",
     payment(service("100", "0", "PR*1*100")), Stage.ZERO_PAY, {}, "0", "100", "0"),
    ("6: zero because of CO-197 is a denial",
     payment(service("100", "0", "CO*197*100")), Stage.DENIED, {"197": "100"}, "0", "0", "100"),
    ("6: zero because of capitation is closed",
     payment(service("100", "0", "CO*24*100")), Stage.ZERO_PAY, {}, "100", "0", "0"),
    ("6: CO-45 for the whole charge is not written off",
     payment(service("100", "0", "CO*45*100")), Stage.ZERO_PAY, {}, "0", "0", "100"),
    ("6: the prior payer paid, nobody denied",
     payment(service("100", "0", "OA*23*100"), status="2"), Stage.ZERO_PAY, {}, "0", "0", "100"),
    ("bundled: worked, but no denied claim",
     payment(service("100", "0", "CO*97*100")), Stage.ZERO_PAY, {"97": "100"}, "0", "0", "100"),
    ("23: a code nobody knows is worked",
     payment(service("100", "60", "CO*999*40")), Stage.PAID, {"999": "40"}, "0", "0", "40"),
    ("25: the patient is liable for what is not covered",
     payment(service("100", "0", "PR*96*100")), Stage.DENIED, {"96": "100"}, "0", "0", "100"),
]  # fmt: skip


@pytest.mark.parametrize("lesson", LESSONS, ids=[story[0] for story in LESSONS])
def test_lesson(
    lesson: tuple[str, ClaimPayment, Stage, dict[str, str], str, str, str],
) -> None:
    _, paid, stage, denied, written_off, patient, open_after = lesson
    ours = claim(*(str(s.charge) for s in paid.services))
    outcome = classify(paid).stage
    assert outcome is stage
    found = found_in(paid, outcome)
    assert {f.reason: f.counted for f in found} == {code: D(x) for code, x in denied.items()}
    lines = {s.ordinal: line.id for s, line in zip(paid.services, ours.lines, strict=True)}
    posted = post(paid, ours, payment_id=UUID(int=9), lines=lines, remittance=remittance())
    assert (posted.adjusted, posted.patient_responsibility) == (D(written_off), D(patient))
    assert Account.WRITE_OFF not in {line.account for line in posted.entry.lines}
    left = ours.charge - posted.paid - posted.adjusted - posted.patient_responsibility
    assert left == D(open_after)


@pytest.mark.parametrize("code", sorted(NEVER_BY_RULE))
@pytest.mark.parametrize("group", ["CO", "PI", "OA"])
def test_no_rule_writes_these_off(group: str, code: str) -> None:
    """lifecycle.md section 5: CO 16, 18, 22, 29, 50, 96, 97, 109, 197, 204, 252."""
    paid = payment(service("100", "0", f"{group}*{code}*100"))
    ours = claim("100")
    posted = post(
        paid, ours, payment_id=UUID(int=9), lines={1: ours.lines[0].id}, remittance=remittance()
    )
    assert (posted.adjusted, posted.entry.lines) == (ZERO, ())
    [denial] = found_in(paid, Stage.DENIED)
    assert (denial.reason, denial.counted) == (code, D(100))


def counted(paid: ClaimPayment) -> dict[tuple[int, str, str], D]:
    return {(f.service_ordinal, f.group, f.reason): f.counted for f in found_in(paid, Stage.DENIED)}


def test_what_several_reasons_share_is_counted_once() -> None:
    shared = payment(service("100", "0", "CO*16*60 CO*96*40"))
    assert counted(shared) == {(1, "CO", "16"): D(60), (1, "CO", "96"): D(40)}
    # OA 94 gives back what the second reason took once more.
    twice = payment(service("100", "0", "CO*16*100 CO*18*100 OA*94*-100"))
    assert counted(twice) == {(1, "CO", "16"): D(100), (1, "CO", "18"): ZERO}


def test_the_same_reason_twice_on_a_line_is_added_and_one_without_money_is_none() -> None:
    assert counted(payment(service("100", "0", "CO*16*60 CO*16*40"))) == {(1, "CO", "16"): D(100)}
    assert counted(payment(service("100", "0", "CO*45*100 CO*16*0"))) == {}
    assert counted(payment(service("100", "0", "CO*16*100"), service("50", "0", "CO*16*50",
                   ordinal=2))) == {(1, "CO", "16"): D(100), (2, "CO", "16"): D(50)}  # fmt: skip


def test_a_claim_decided_without_lines_is_denied_as_a_whole() -> None:
    assert counted(payment(charge="100", paid="0", cas="CO*29*100")) == {(0, "CO", "29"): D(100)}


@pytest.mark.parametrize(
    "outcome", [Stage.PREDETERMINED, Stage.FORWARDED_TO_OTHER_PAYER, Stage.REVERSED, None]
)
def test_an_estimate_a_forwarding_and_a_reversal_deny_nothing(outcome: Stage | None) -> None:
    assert found_in(payment(service("100", "0", "CO*197*100")), outcome) == []


# ── Tables ─────────────────────────────────────────────────────────────────

ADVISED = [
    ("CO", "197", "", Category.AUTHORIZATION, 3, Action.APPEAL, Owner.BILLER, True),
    ("CO", "16", "N657", Category.CODING, 2, Action.CORRECT, Owner.CODER, True),
    ("CO", "16", "MA130 N657", Category.CODING, 2, Action.NEW_CLAIM, Owner.CODER, False),
    ("CO", "16", "N706", Category.DOCUMENTATION, 1, Action.SEND_RECORDS, Owner.BILLER, True),
    ("CO", "252", "M127", Category.DOCUMENTATION, 1, Action.SEND_RECORDS, Owner.BILLER, True),
    ("CO", "97", "", Category.BUNDLING, 4, Action.CORRECT, Owner.CODER, True),
    ("CO", "50", "", Category.MEDICAL_NECESSITY, 3, Action.APPEAL, Owner.PROVIDER, True),
    ("CO", "29", "", Category.TIMELY_FILING, None, Action.APPEAL, Owner.BILLER, True),
    ("OA", "18", "", Category.DUPLICATE, None, Action.FIND_ORIGINAL, Owner.BILLER, True),
    ("CO", "22", "", Category.COORDINATION, 2, Action.BILL_OTHER_PAYER, Owner.BILLER, False),
    ("CO", "109", "", Category.NON_COVERED, 3, Action.BILL_OTHER_PAYER, Owner.BILLER, False),
    ("PR", "204", "", Category.NON_COVERED, 3, Action.BILL_PATIENT, Owner.BILLER, True),
    ("CO", "257", "", Category.ELIGIBILITY, 3, Action.WAIT, Owner.PAYER, False),
    ("CO", "B7", "", Category.CODING, 2, Action.CORRECT, Owner.CODER, True),
    ("CO", "999", "", Category.UNKNOWN, None, Action.REVIEW, Owner.BILLER, True),
]


@pytest.mark.parametrize("row", ADVISED, ids=[f"{r[0]} {r[1]} {r[2]}".strip() for r in ADVISED])
def test_what_the_tables_advise(
    row: tuple[str, str, str, Category, int | None, Action, Owner, bool],
) -> None:
    group, reason, remarks, *expected = row
    advice = advice_on(group, reason, remarks.split())
    assert advice is not None
    assert [
        advice.category, advice.scenario, advice.action, advice.owner, advice.appealable
    ] == expected  # fmt: skip


@pytest.mark.parametrize("reason", ["45", "253", "1", "23", "101", "24"])
def test_what_is_no_denial_has_no_advice(reason: str) -> None:
    assert advice_on("CO", reason, ()) is None


def test_every_denial_code_has_one_category_and_every_category_advice() -> None:
    worked = {c for kind in (CarcClass.DENIAL, CarcClass.BUNDLED) for c in CARC_CODES[kind].split()}
    unknown = {code for code in worked if category_of(code) in (None, Category.UNKNOWN)}
    assert unknown == set()
    assert set(ADVICE) == set(Category)


def test_deadlines_follow_the_program_the_day_and_the_contract() -> None:
    decided, served = date(2026, 11, 20), date(2026, 10, 5)

    def last_day(window: Window, program: str, *own: PayerWindows) -> date | None:
        terms = terms_on(decided, program=program, own=own)
        return deadline(window, terms, decided=decided, served=served)

    assert [program_of(code) for code in ("MB", "16", "CI", None)] == [
        MEDICARE, ADVANTAGE, COMMERCIAL, COMMERCIAL,
    ]  # fmt: skip
    assert last_day(Window.APPEAL, MEDICARE) == date(2027, 3, 20)  # 120 days
    assert last_day(Window.APPEAL, COMMERCIAL) == date(2027, 5, 19)  # 180 days
    assert last_day(Window.FILING, COMMERCIAL) == date(2027, 4, 3)  # 180 from the service
    assert terms_on(date(2024, 12, 31), program=ADVANTAGE).appeals[0].days == 60
    assert terms_on(date(2025, 1, 1), program=ADVANTAGE).appeals[0].days == 65
    strict = PayerWindows(date(2026, 1, 1), appeal_days=(90,), correction_days=30)
    later = PayerWindows(date(2027, 1, 1), appeal_days=(10,))
    assert last_day(Window.APPEAL, COMMERCIAL, strict, later) == date(2027, 2, 18)  # 90 days
    assert last_day(Window.CORRECTION, COMMERCIAL, strict) == date(2026, 12, 20)
    assert last_day(Window.RECORDS, COMMERCIAL, strict) == date(2027, 1, 4)
    own = terms_on(decided, program=COMMERCIAL, own=[replace(strict, program=MEDICARE)])
    assert [level.days for level in own.appeals][:2] == [90, 180]


# ── Open or closed ─────────────────────────────────────────────────────────

LINE, OTHER = UUID(int=101), UUID(int=102)


def decided(payment: int, day: int, paid: str = "0", line: UUID | None = LINE) -> Decided:
    return Decided(UUID(int=payment), line, date(2026, 11, day), D(paid), ordinal=1)


def denied(
    id: int, payment: int, amount: str = "100", line: UUID | None = LINE, **more: object
) -> Facts:
    facts = Facts(UUID(int=id), UUID(int=payment), line, D(amount), Category.CODING)
    return replace(facts, **more)  # type: ignore[arg-type]


def verdicts(
    denials: list[Facts], decisions: list[Decided], owed: str = "100"
) -> dict[int, Verdict]:
    judged = judge(denials, decisions, lines_open={LINE: D(owed)}, claim_open=D(owed))
    return {id.int: verdict for id, verdict in judged.items()}


def test_a_denial_is_open_with_what_is_owed_for_it() -> None:
    assert verdicts([denied(1, 1)], [decided(1, 1)]) == {1: Verdict(None, D(100))}
    assert verdicts([denied(1, 1)], [decided(1, 1)], owed="30") == {1: Verdict(None, D(30))}
    assert verdicts([denied(1, 1)], [decided(1, 1)], owed="0") == {1: Verdict(How.NOTHING_OPEN)}


def test_a_later_payment_closes_it_whichever_file_came_first() -> None:
    first, later = decided(7, 1), decided(3, 9, paid="80")
    for order in permutations([first, later]):
        [verdict] = verdicts([denied(1, 7)], list(order), owed="0").values()
        assert verdict == Verdict(How.PAID, closed_by=UUID(int=3), recovered=D(80))
    [appealed] = verdicts([denied(1, 7, appealed=True)], [first, later], owed="0").values()
    assert appealed.how is How.OVERTURNED


def test_an_earlier_payment_does_not() -> None:
    """Paid, then denied as a duplicate: by the books nothing is owed, and that closes it."""
    paid, repeat = decided(1, 1, paid="100"), decided(2, 9)
    duplicate = denied(5, 2, category=Category.DUPLICATE)
    assert verdicts([duplicate], [paid, repeat], owed="0")[5].how is How.NOTHING_OPEN
    assert verdicts([duplicate], [repeat], owed="100")[5] == Verdict(None, D(100))


def test_denied_again_the_later_denial_is_worked_but_for_a_repetition() -> None:
    decisions = [decided(1, 1), decided(2, 9)]
    again = verdicts([denied(5, 1), denied(6, 2)], decisions)
    assert again == {
        5: Verdict(How.DECIDED_AGAIN, closed_by=UUID(int=2)),
        6: Verdict(None, D(100)),
    }
    repeat = verdicts([denied(5, 1), denied(6, 2, category=Category.DUPLICATE)], decisions)
    assert repeat == {5: Verdict(None, D(100)), 6: Verdict(None, ZERO)}


def test_two_reasons_of_a_line_have_no_more_at_stake_than_is_owed() -> None:
    both = verdicts([denied(5, 1, "60"), denied(6, 1, "40")], [decided(1, 1)], owed="70")
    assert [both[5].at_stake, both[6].at_stake] == [D(60), D(10)]


def test_reversed_it_is_gone_and_what_people_decided_stays() -> None:
    assert verdicts([denied(5, 1)], [])[5].how is How.REVERSED
    dismissed = denied(5, 1, by_person=How.DISMISSED)
    assert verdicts([dismissed], [decided(1, 1)])[5].how is How.DISMISSED
    assert verdicts([dismissed], [])[5].how is How.REVERSED


def test_a_payment_without_lines_pays_them_all() -> None:
    whole = replace(decided(2, 9, paid="80", line=None), without_lines=True)
    assert verdicts([denied(5, 1)], [decided(1, 1), whole], owed="0")[5].how is How.PAID
    assert verdicts([denied(5, 1)], [decided(1, 1), decided(2, 9, "80", OTHER)])[5].is_open
