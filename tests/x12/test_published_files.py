"""Published files of every kind go through each reader: nothing raises, and nothing is invented."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.remittance import ClaimPayment
from app.simulator.clearinghouse import reply
from app.x12.acknowledgment import read_acknowledgments
from app.x12.inbound import inspect
from app.x12.read_837 import read_claims
from app.x12.remittance_835 import read_payments, read_remittances

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FILES = sorted(p for p in CORPUS.glob("*/*") if p.is_file())

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus is not beside this checkout")


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.name[:40]}")
def test_every_reader_takes_every_file(path: Path) -> None:
    data = path.read_bytes()
    found = inspect(data)
    assert found.failure is None or found.failure.endswith(".")
    remittances = list(read_remittances(data))
    assert tuple(remittances) == found.remittances
    payments = [p for _, p in read_payments(data) if isinstance(p, ClaimPayment)]
    assert sum(r.claim_count for r in remittances) >= len(payments)
    if not any(r.imbalances for r in remittances):
        assert sum((p.paid for p in payments), Decimal(0)) == sum(
            (r.claims_paid for r in remittances), Decimal(0)
        )
    list(read_acknowledgments(data))
    list(read_claims(data))
    reply(data)
