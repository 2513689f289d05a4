"""The demo's encounters: each is read, each tells what becomes of it, and its money adds up."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.documents.encounter import read_encounter
from app.domain.claim import positions_due
from app.domain.encounter import ClaimType, Coverage, Encounter
from app.domain.finding import blocking
from app.domain.scrub import ScrubContext, scrub

FOLDER = Path(__file__).parents[2] / "fixtures" / "encounters"
NAMES = sorted(
    path.stem for path in FOLDER.glob("*.json") if not path.name.endswith(".expected.json")
)
DAY = date(2026, 11, 23)
STAGES = {
    "SIMPAID": "PAID",
    "SIMADJ": "PAID",
    "SIMPART": "PARTIALLY_PAID",
    "SIMDRG": "PAID",
    "SIMDAY": "PAID",
    "SIMDENY": "DENIED",
    "SIMDED": "ZERO_PAY",
    "SIMA7": "REJECTED",
    "SIM999R": "FILE_REJECTED",
    "SIMINT": "PAID",
    "SIMPLB": "PAID",
    "SIMNOACK": "FILE_ACCEPTED",
    "SIMREV": "PAID",
    "SIMUNDER": "PAID",
    "SIMSPLIT": "PAID",
    "SIMBUNDLE": "PAID",
    "SIMWO": "PAID",
    "SIMFB": "PAID",
    "SIMLATE": "PAID",
    "SIMDUP": "PAID",
    "SIMCROSS": "PAID",
    "SIMBADCLAIM": "ACCEPTED_PAYER",
    "SIMBADSUM": "ACCEPTED_PAYER",
    "W123456789": "PAID",
}


def _encounter(name: str) -> Encounter:
    encounter = read_encounter((FOLDER / f"{name}.json").read_bytes())
    assert isinstance(encounter, Encounter), encounter
    return encounter


def _expected(name: str) -> dict[str, str]:
    expected = json.loads((FOLDER / f"{name}.expected.json").read_text())
    assert list(expected) == ["stage", "paid", "adjusted", "patient", "open"]
    return dict(expected)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_expected_accounts_for_every_cent_charged(name: str) -> None:
    expected = _expected(name)
    parts = [Decimal(expected[part]) for part in ("paid", "adjusted", "patient", "open")]
    encounter = _encounter(name)
    charged = () if encounter.is_predetermination else encounter.service_lines
    assert sum(parts) == sum(line.charge for line in charged)


@pytest.mark.parametrize("name", NAMES)
def test_only_the_encounters_meant_to_be_held_have_findings(name: str) -> None:
    findings = scrub(_encounter(name), ScrubContext(today=DAY))
    assert bool(findings) == blocking(findings) == name.startswith("held-")


@pytest.mark.parametrize("name", NAMES)
def test_the_stage_is_that_of_the_member_ids_scenario(name: str) -> None:
    stage = _expected(name)["stage"]
    if name.startswith("held-"):
        assert stage == "NEEDS_INFO"
    else:
        encounter = _encounter(name)
        member_id = _asked(encounter).member_id
        found = next(s for prefix, s in STAGES.items() if member_id.startswith(prefix))
        assert stage == ("PREDETERMINED" if encounter.is_predetermination else found)


def _asked(encounter: Encounter) -> Coverage:
    (due,) = positions_due(encounter)
    asked = encounter.coverage(due)
    assert asked is not None
    return asked


def test_the_encounters_vary_as_practices_do() -> None:
    all_of_them = [_encounter(name) for name in NAMES]
    assert len(all_of_them) >= 34
    assert len({(e.source_system, e.external_id) for e in all_of_them}) == len(all_of_them)
    assert {1, 12} <= {len(e.diagnoses) for e in all_of_them}
    assert {"18", "01", "19"} <= {e.coverages[0].relationship for e in all_of_them}
    assert {"60054", "87726"} <= {e.coverages[0].payer_id for e in all_of_them}
    assert len({e.billing_provider.npi for e in all_of_them}) >= 2
    assert max(len(e.service_lines) for e in all_of_them) >= 12
    lines = [line for e in all_of_them for line in e.service_lines]
    assert any(line.drug for line in lines)
    assert any(line.rendering_provider for line in lines)
    assert any(line.service_date_end for line in lines)
    # CPT is licensed; the demo bills HCPCS level II only, and codes of the form of dental ones.
    assert all(line.billed.code[0] in "0ABCDEFGHJKLMPQRSTUV" for line in lines)
    assert {ClaimType.PROFESSIONAL, ClaimType.DENTAL} <= {e.claim_type for e in all_of_them}
