"""What a remittance says, as digests that hold however it is written.

A payer and a clearinghouse send the same remittance with other contacts, addresses, references,
groupings (LX) and control numbers, and in another order. So its content is the header that makes
it a payment, the multiset of its claim payments and that of its PLB pairs; nothing else of it.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable
from decimal import Decimal

import edi
from app.domain.claim_matching import number_key
from app.domain.money import plain
from app.domain.remittance import Content
from app.domain.seen_before import payer_key
from edi.guides import x221_remittance as guide
from edi.segments import CAS, DTM, PLB, Procedure

_REVERSAL = "22"  # CLP02
_MODULUS = 1 << 256


class ContentReading:
    """Adds up the claim payments of one transaction set; memory is 16 bytes each."""

    def __init__(self) -> None:
        self._sum = 0  # of their hashes: a multiset in which order does not matter
        self._numbers = array("Q")
        self._payments = array("Q")

    def take(self, unit: edi.Unit) -> None:
        """One claim payment; of one that cannot be read, the elements of its CLP."""
        loop: guide.ClaimPayment | None = unit.loop
        text = "|".join(unit.opening) if loop is None else _said(loop)
        self._sum += int.from_bytes(hashlib.sha256(_bytes(text)).digest(), "big")
        number, payer_number, reversal = (
            (unit.opening[1:2] or ("",))[0],
            (unit.opening[7:8] or ("",))[0],
            unit.opening[2:3] == (_REVERSAL,),
        )
        if loop is not None:
            number = loop.clp.patient_control_number or ""
            payer_number = loop.clp.payer_claim_control_number or ""
            reversal = loop.clp.status == _REVERSAL
        key = number_key(number)
        if key:
            self._numbers.append(_short(key))
            self._payments.append(_short(f"{key}|{payer_number.strip()}|{reversal}"))

    def content(self, loop: guide.Remittance) -> Content:
        """All of the transaction set's, when its header and its PLB have been read."""
        bpr, trn, payee = loop.bpr, loop.trn, loop.payee
        header = [
            payer_key(trn.originator, loop.payer.n1.name),
            trn.number.strip(),
            bpr.credit_debit,
            plain(bpr.amount),
            bpr.effective_date,
            (payee.n1.id or payee.n1.name or "").strip().upper(),
            loop.currency.currency if loop.currency else None,
        ]
        whole = [header, f"{self._sum % _MODULUS:064x}", sorted(_pairs(loop.provider_adjustments))]
        return Content(
            hashlib.sha256(_bytes(repr(whole))).hexdigest(),
            array("Q", sorted(self._numbers)).tobytes(),
            array("Q", sorted(self._payments)).tobytes(),
        )


def _said(loop: guide.ClaimPayment) -> str:
    clp = loop.clp
    claim_date = _date(loop.dates, "232")
    said: list[object] = [
        (clp.patient_control_number or "").strip(),
        clp.status,
        plain(clp.charge),
        plain(clp.paid),
        plain(clp.patient_responsibility or Decimal(0)),
        clp.payer_claim_control_number,
        _adjustments(loop.adjustments),
        sorted(loop.remarks),
    ]
    for service in loop.services:
        svc = service.svc
        said.append(
            (
                service.line_control_number,
                _procedure(svc.procedure),
                _procedure(svc.submitted_procedure) if svc.submitted_procedure else None,
                plain(svc.charge),
                plain(svc.paid or Decimal(0)),
                plain(svc.units_paid if svc.units_paid is not None else Decimal(1)),
                _date(service.dates, "472") or _date(service.dates, "150") or claim_date,
                _adjustments(service.adjustments),
                sorted(lq.code for lq in service.remarks),
            )
        )
    return repr(said)


def _adjustments(segments: Iterable[CAS]) -> list[tuple[str, str, str]]:
    """Triplets in any order: one CAS with two says what two with one say. An amount of nothing
    says nothing about money and may be left out."""
    return sorted(
        (cas.group, a.reason, plain(a.amount))
        for cas in segments
        for a in cas.adjustments
        if a.amount
    )


def _pairs(segments: Iterable[PLB]) -> list[tuple[str, str, str, str]]:
    return [
        (plb.provider, pair.reason.code, pair.reason.reference or "", plain(pair.amount))
        for plb in segments
        for pair in plb.adjustments
    ]


def _procedure(procedure: Procedure) -> tuple[str, ...]:
    return (procedure.code, *procedure.modifiers)


def _date(dates: Iterable[DTM], qualifier: str) -> str | None:
    return next((str(d.on) for d in dates if d.qualifier == qualifier), None)


def _short(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(_bytes(text), digest_size=8).digest(), "big")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
