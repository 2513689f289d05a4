"""What an 835 pays, taken from its segments: every amount, every reason, every place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

from app.domain.ack import Place
from app.domain.procedure import Procedure
from app.domain.remittance import Adjustment, ClaimPayment, Remittance
from app.x12.remittance_835 import RemittanceEnd, read_payments, read_remittances

ISA = (
    "ISA*00*          *00*          *ZZ*PAYER          *ZZ*CLAIMLOOP      "
    "*261130*0900*^*00501*000000007*0*T*:~"
)
HEAD = (
    "BPR*I*190.5*C*ACH*CCP*01*044000037*DA*123456789*1512345678**01*044115090*DA*987654321*20261130",
    "TRN*1*EFT0001*1512345678",
    "N1*PR*EXAMPLE HEALTH",
    "N3*1 PAYER PLAZA",
    "N4*HARTFORD*CT*061230001",
    "REF*2U*60054",
    "PER*BL*EDI DESK*TE*8005550101",
    "N1*PE*ACME MEDICAL*XX*1234567893",
    "LX*1",
)
CLAIM = (
    "CLP*C000000001-1*1*225.5*190.5*15*12*ICN1*11*1",
    "NM1*QC*1*SAMPLE*ANN****MI*W123456789",
    "MOA***MA01",
    "DTM*232*20261005",
    "SVC*HC:G0439:25*150*125**1",
    "CAS*CO*45*10",
    "CAS*PR*1*5**2*10",
    "REF*6R*1",
    "AMT*B6*140",
    "SVC*HC:J1885*75.5*65.5**0*HC:J1886**2",
    "DTM*472*20261006",
    "CAS*CO*45*10*3",
    "REF*6R*2",
    "LQ*HE*N19",
    "LQ*HE*M15",
)


def file(*segments: str, head: tuple[str, ...] = HEAD, number: str = "0001") -> bytes:
    body = ("ST*835*" + number, *head, *segments)
    text = "~".join((*body, f"SE*{len(body) + 1}*{number}"))
    return f"{ISA}GS*HP*P*C*20261130*0900*7*X*005010X221A1~{text}~GE*1*7~IEA*1*000000007~".encode()


def header(data: bytes) -> Remittance:
    [remittance] = read_remittances(data)
    return remittance


def payments(data: bytes) -> list[ClaimPayment]:
    return [item for _, item in read_payments(data) if isinstance(item, ClaimPayment)]


def test_the_header_with_the_inputs_of_its_gates() -> None:
    remittance = header(file(*CLAIM))
    assert (remittance.ordinal, remittance.control_number) == (1, "0001")
    assert (remittance.payment_amount, remittance.deposit) == (D("190.5"), D("190.5"))
    assert (remittance.trace_number, remittance.payer_identifier) == ("EFT0001", "1512345678")
    assert remittance.payer_ids == (("2U", "60054"),)
    assert (remittance.payee_qualifier, remittance.payee_identifier) == ("XX", "1234567893")
    assert remittance.effective_date == date(2026, 11, 30)
    assert (remittance.claim_count, remittance.claims_paid) == (1, D("190.5"))
    assert (remittance.currency, remittance.imbalances, remittance.issues) == ("USD", (), 0)
    assert remittance.place == Place(3, "835")


def test_a_claim_payment_with_its_lines() -> None:
    [payment] = payments(file(*CLAIM))
    assert payment.patient_control_number == "C000000001-1"
    assert (payment.charge, payment.paid, payment.patient_responsibility) == (
        D("225.5"),
        D("190.5"),
        D(15),
    )
    assert (payment.member_id, payment.remarks) == ("W123456789", ("MA01",))
    assert (payment.imbalances, payment.crossover) == ((), False)
    assert payment.place == Place(13, "2100")
    first, second = payment.services
    assert first.line_control_number == "1"
    assert first.procedure == Procedure("G0439", ("25",))
    assert first.service_date == date(2026, 10, 5)  # none of its own: the claim's
    assert first.allowed == D(140)
    assert first.adjustments == (
        Adjustment("CO", "45", D(10)),
        Adjustment("PR", "1", D(5)),
        Adjustment("PR", "2", D(10)),
    )
    assert second.submitted_procedure == Procedure("J1886")
    assert second.units == 0
    assert second.service_date == date(2026, 10, 6)
    assert second.adjustments == (Adjustment("CO", "45", D(10), D(3)),)
    assert second.remarks == ("N19", "M15")
    assert second.place == Place(22, "2110")


def test_an_absent_count_of_units_means_one() -> None:
    [payment] = payments(file("CLP*A*1*10*10**12*I", "NM1*QC*1*X*Y", "SVC*HC:G0439*10*10"))
    assert payment.services[0].units == 1


def test_a_claim_without_lines_is_balanced_by_its_own_adjustments() -> None:
    data = file("CLP*A*1*10*8**12*I", "CAS*CO*45*2", "NM1*QC*1*X*Y")
    [payment] = payments(data)
    assert payment.services == ()
    assert payment.imbalances == ()


def test_a_line_and_a_claim_out_of_balance_say_both_sums() -> None:
    [payment] = payments(
        file("CLP*A*1*100*80.01**12*I", "NM1*QC*1*X*Y", "SVC*HC:G0439*100*80", "CAS*CO*45*19.99")
    )
    assert [(i.level, i.expected, i.found) for i in payment.imbalances] == [
        ("line", D("80.01"), D(80)),
    ]
    [payment] = payments(
        file("CLP*A*1*100*80**12*I", "NM1*QC*1*X*Y", "SVC*HC:G0439*100*80.01", "CAS*CO*45*19.99")
    )
    assert [(i.level, i.expected, i.found) for i in payment.imbalances] == [
        ("claim", D("80.01"), D(80))
    ]
    assert "80.00" in payment.imbalances[0].message
    assert "80.01" in payment.imbalances[0].message


def test_a_transaction_out_of_balance_says_both_sums() -> None:
    remittance = header(file(*CLAIM, "PLB*1234567893*20261231*72*0.01"))
    [imbalance] = remittance.imbalances
    assert (imbalance.level, imbalance.expected, imbalance.found) == (
        "transaction",
        D("190.49"),
        D("190.5"),
    )


def test_plb_pairs_keep_their_own_reference_sign_and_place() -> None:
    head = ("BPR*I*193.62*C*ACH************20261130", *HEAD[1:])
    data = file(
        *CLAIM,
        "PLB*1234567893*20261231*WO:ICN9*50*FB:ICN10*-50",
        "PLB*1245319599*20261231*L6:ICN1*-3.12",
        head=head,
    )
    assert header(data).imbalances == ()
    assert header(data).provider_adjustments_total == D("-3.12")
    *_, (ordinal, end) = read_payments(data)
    assert ordinal == 1
    assert isinstance(end, RemittanceEnd)
    assert [
        (a.ordinal, a.provider, a.reason, a.reference, a.amount, a.place.segment_number)
        for a in end.provider_adjustments
    ] == [
        (1, "1234567893", "WO", "ICN9", D(50), 28),
        (2, "1234567893", "FB", "ICN10", D(-50), 28),
        (3, "1245319599", "L6", "ICN1", D("-3.12"), 29),
    ]


def test_a_debit_takes_the_payment_away() -> None:
    head = ("BPR*I*10*D*ACH************20261130", *HEAD[1:])
    remittance = header(file("CLP*A*22*-10*-10**12*I", "NM1*QC*1*X*Y", head=head))
    assert (remittance.deposit, remittance.imbalances) == (D(-10), ())


def test_a_foreign_currency_is_named() -> None:
    head = (*HEAD[:2], "CUR*PR*CAD", *HEAD[2:])
    assert header(file(*CLAIM, head=head)).currency == "CAD"


def test_crossover_is_seen_in_the_carrier_it_went_to() -> None:
    [payment] = payments(
        file("CLP*A*19*10*10**12*I", "NM1*QC*1*X*Y", "NM1*TT*2*SECOND HEALTH*****PI*87726")
    )
    assert payment.crossover


def test_two_identical_payments_keep_their_ordinals_and_every_remittance_its_own() -> None:
    claim = ("CLP*A*1*95.25*95.25**12*I", "NM1*QC*1*X*Y")
    one = file(*claim, *claim).decode()
    st = one[one.index("ST*835") : one.index("GE*1")]
    both = one.replace("GE*1*7", st.replace("0001~", "0002~") + "GE*2*7").encode()
    assert [
        (ordinal, item.ordinal)
        for ordinal, item in read_payments(both)
        if isinstance(item, ClaimPayment)
    ] == [(1, 1), (1, 2), (2, 1), (2, 2)]
    assert [r.ordinal for r in read_remittances(both)] == [1, 2]


def test_the_same_remittance_in_another_envelope_has_the_same_hash() -> None:
    plain = file(*CLAIM)
    other = (
        plain.decode()
        .replace("000000007", "000000008")
        .replace("~", "'\r\n")
        .replace("*", "|")
        .replace(":", ">")
        .encode()
    )
    assert header(plain).body_sha256 == header(other).body_sha256
    changed = file(*CLAIM[:-1], "LQ*HE*M16")
    assert header(plain).body_sha256 != header(changed).body_sha256


def test_a_payment_whose_lines_cannot_be_read_waits_and_the_others_post() -> None:
    head = ("BPR*I*30*C*ACH************20261130", *HEAD[1:])
    data = file(
        "CLP*A*1*10*10**12*I",
        "NM1*QC*1*X*Y",
        "SVC*HC:G0439*none*10",
        "CLP*B*1*20*20**12*J",
        "NM1*QC*1*X*Y",
        "SVC*HC:G0439*20*20",
        head=head,
    )
    assert header(data).imbalances == ()
    unread, whole = payments(data)
    assert (unread.patient_control_number, unread.paid) == ("A", D(10))
    assert [i.level for i in unread.imbalances] == ["claim"]
    assert whole.imbalances == ()


def test_a_payment_of_which_nothing_can_be_read_holds_its_remittance() -> None:
    head = ("BPR*I*0*C*ACH************20261130", *HEAD[1:])
    data = file("CLP*A*1*none*0**12*I", "NM1*QC*1*X*Y", head=head)
    [imbalance] = header(data).imbalances
    assert "segment 13" in imbalance.message
    assert header(data).claim_count == 1
