"""Reports tell what a hand count tells, on both databases; their definitions are published."""

from __future__ import annotations

from pathlib import Path

from app.store.reports import page, reports
from tests.http.loop import Practice
from tests.http.test_loop import claimed

ROOT = Path(__file__).parents[2]


def test_the_published_definitions_are_current() -> None:
    written = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert written == page(), "run: python -m app.store.reports docs"


def test_a_new_practice_has_nothing_to_report(database_url: str, tmp_path: Path) -> None:
    practice = Practice(database_url, tmp_path / "raw")
    told = {r.name: practice.get(f"/v1/reports/{r.name}")["items"] for r in reports()}
    practice.engine.dispose()
    nothing = {"receivable": "0.00", "charges_of_90_days": "0.00", "days": None}
    assert told == {r.name: [] for r in reports()} | {"days-in-receivable": [nothing]}


def test_a_report_that_is_none_is_named_so(database_url: str, tmp_path: Path) -> None:
    practice = Practice(database_url, tmp_path / "raw")
    assert practice.ask("GET", "/v1/reports/nothing").status_code == 404
    practice.engine.dispose()


REMITTANCE = (
    "ISA*00*          *00*          *ZZ*PAYER          *ZZ*ACME           *261120*1200*^*00501"
    "*000000007*0*T*:~GS*HP*PAYER*ACME*20261120*1200*7*X*005010X221A1~ST*835*0001~"
    "BPR*I*265.4*C*ACH*CCP*01*021000021*DA*123456*1512345678**01*021000021*DA*654321*20261120~"
    "TRN*1*TRACE1*1512345678~DTM*405*20261120~N1*PR*EXAMPLE HEALTH~N3*1 PAYER ST~"
    "N4*ALBANY*NY*12203~PER*BL*DESK*TE*8005550100~N1*PE*ACME MEDICAL*XX*1234567893~LX*1~"
    "CLP*{paid}*1*225.5*162.9*17.5*CI*ICN1*11*1~NM1*QC*1*SAMPLE*ANN****MI*SIMADJ0001~"
    "SVC*HC:G0439*150*102.5**1~DTM*472*20261005~CAS*CO*45*30~CAS*PR*1*10**2*5**3*2.5~REF*6R*1~"
    "SVC*HC:J1885*75.5*60.4**2~DTM*472*20261005~CAS*CO*45*15.1~REF*6R*2~"
    "CLP*{denied}*1*225.5*102.5*17.5*CI*ICN2*11*1~NM1*QC*1*SAMPLE*ANN****MI*SIMADJ0001~"
    "SVC*HC:G0439*150*102.5**1~DTM*472*20261005~CAS*CO*45*30~CAS*PR*1*10**2*5**3*2.5~REF*6R*1~"
    "SVC*HC:J1885*75.5*0**2~DTM*472*20261005~CAS*CO*197*75.5~REF*6R*2~"
    "SE*33*0001~GE*1*7~IEA*1*000000007~"
)


def test_a_day_of_two_claims_is_told_as_counted_by_hand(database_url: str, tmp_path: Path) -> None:
    """Two visits of 225.50; one is paid, of the other the second line of 75.50 is denied; a third
    is held by an edit (a charge that is not the sum of its lines).
    """
    practice = Practice(database_url, tmp_path / "raw")
    paid, denied = claimed(practice, 1), claimed(practice, 2)
    claimed(practice, 3, totalCharge="300.00")
    practice.ask("POST", "/v1/batches")
    practice.work()
    numbers = {"paid": paid["patientControlNumber"], "denied": denied["patientControlNumber"]}
    practice.ask("POST", "/v1/files", content=REMITTANCE.format(**numbers).encode())
    practice.work()

    def told(name: str) -> list[dict[str, object]]:
        items = practice.get(f"/v1/reports/{name}")["items"]
        assert isinstance(items, list)
        return items

    (by_payer,) = told("money-by-payer")
    payer = by_payer["payer"]
    assert by_payer == {
        "payer": payer,
        "charges": "676.50",  # three visits
        "paid": "265.40",
        "contractual": "75.10",
        "sequestration": "0.00",
        "written_off": "0.00",
        "patient": "35.00",
        "open": "301.00",  # the denied line, and the visit that was not sent
        "net_collection": "0.4413",  # 265.40 of 601.40
    }
    (aged,) = told("receivable-by-age")
    assert (aged["days_31_60"], aged["total"], aged["beyond_90"]) == ("301.00", "301.00", "0.0000")
    assert told("denials-by-reason") == [
        {"adjustment_group": "CO", "reason": "197", "claims": 1, "lines": 1, "amount": "75.50"}
    ]
    assert told("denials-by-payer") == [
        {
            "payer": payer,
            "decided": 2,
            "denied": 0,
            "partly_denied": 1,
            "denial_rate": "0.5000",
            "denied_amount": "75.50",
        }
    ]
    assert told("clean-claims") == [
        {"claim_type": "professional", "claims": 3, "clean": 2, "clean_rate": "0.6666"}
    ]
    assert told("first-pass") == [
        {
            "payer": payer,
            "sent": 2,
            "accepted": 2,
            "resolved": 1,
            "acceptance": "1.0000",
            "resolution": "0.5000",
        }
    ]
    assert told("patient-share") == [
        {"payer": payer, "deductible": "20.00", "coinsurance": "10.00", "copay": "5.00",
         "other": "0.00"}
    ]  # fmt: skip
    (taken,) = told("remittances")
    assert (taken["state"], taken["deposits"], taken["auto_posted"]) == (
        "posted", "265.40", "1.0000")  # fmt: skip
    assert told("waiting-payments") == told("rejections") == told("provider-adjustments") == []
    practice.engine.dispose()
