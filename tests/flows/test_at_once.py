"""Two files settle the same claims at the same moment: neither waits for the other for ever, and
the books are those of one after the other."""

from __future__ import annotations

import threading
from decimal import Decimal as D

import pytest

from app.domain.lifecycle import Stage
from tests.flows.clinic import Clinic
from tests.flows.eras import Svc, era, paid, taken_back

NUMBERS = [f"{n}-1" for n in range(1001, 1013)]
FIRST = {n: paid(n, Svc(D(150), D(100), "CO*45*30 PR*2*20"), icn=f"A{n}") for n in NUMBERS}
SECOND = {n: paid(n, Svc(D(150), D(110), "CO*45*30 PR*2*10"), icn=f"B{n}") for n in NUMBERS}


@pytest.mark.parametrize("migrated_url", ["postgresql"], indirect=True)
def test_two_files_that_settle_the_same_claims_at_once_end_alike(clinic: Clinic) -> None:
    """Each takes half of the claims back and pays the other half again, in opposite order."""
    for number in NUMBERS:
        clinic.bill(number, 150)
    # The corrections came first and wait: each reversal posts with what waits for its claim.
    clinic.take(era(*FIRST.values(), trace="T0", control=1))
    even, odd = NUMBERS[::2], NUMBERS[1::2]
    one = [taken_back(FIRST[n]) for n in even] + [SECOND[n] for n in odd]
    other = [SECOND[n] for n in reversed(even)] + [taken_back(FIRST[n]) for n in reversed(odd)]
    files = [era(*one, trace="T1", control=2), era(*reversed(other), trace="T2", control=3)]
    ready, faults = threading.Barrier(len(files)), list[BaseException]()

    def work(data: bytes) -> None:
        try:
            ready.wait(30)
            clinic.take(data)
        except BaseException as fault:  # told below, in the test's own thread
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(data,)) for data in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    for number in NUMBERS:
        assert clinic.figures(number) == (Stage.PAID, D(110), D(30), D(10), D(0)), number
    books = clinic.balances()
    assert books["receivable_patient"] == 10 * len(NUMBERS)
    assert "unapplied" not in books
    assert sorted({state for _, state, _ in clinic.states()}) == ["posted", "reversed"]
    clinic.take(*files)
    assert clinic.balances() == books
    assert clinic.verify() == []
