"""What another system's 837 tells is still told when the claim is read, kept and written again."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from uuid import UUID

import pytest

import edi
from app.documents.encounter import encounter_json, read_encounter
from app.domain.batch import BatchHeader, OutboundClaim
from app.domain.encounter import Encounter
from app.x12.claim_837 import read_claims, write_batch
from tests.x12.claims import ENCOUNTER, HEADER, outbound, structure_alone
from tests.x12.dental_claims import DENTAL, DENTAL_HEADER
from tests.x12.institutional import HEADER_I, INPATIENT

P, I, D = (ENCOUNTER, HEADER), (INPATIENT, HEADER_I), (DENTAL, DENTAL_HEADER)  # noqa: E741
Kind = tuple[Encounter, BatchHeader]

OTHER_PAYER = (
    "SBR*S*18*******CI~OI***Y***Y~NM1*IL*1*SAMPLE*ANN****MI*X1~N3*1 MAIN ST~N4*ALBANY*NY*122030001"
    "~NM1*PR*2*SECOND HEALTH*****PI*87726~REF*2U*P2"
)
# (kind, the segment of ours behind which theirs stand, their segments)
TOLD: list[tuple[Kind, str, str]] = [
    (P, "CLM", "REF*9A*RP1~REF*9C*RP2~REF*D9*CH0001"),
    (I, "CL1", "REF*9A*RP1~REF*9C*RP2~REF*D9*CH0001"),
    (D, "DTP*472", "REF*9A*RP1~REF*9C*RP2~REF*D9*CH0001"),
    (P, "DTP*472", "REF*9B*RL1~REF*9D*RL2"),
    (I, "SV2", "REF*9B*RL1~REF*9D*RL2"),
    (D, "TOO", "REF*9B*RL1~REF*9D*RL2"),
    (P, "HI*ABK", "HCP*10*100*50*REPRICER*12.5*G1*80******T1*1*2"),
    (I, "HI*BE", "HCP*10*100*50*REPRICER*12.5*G1*80*0120***UN*2*T1*1*2"),
    (D, "DTP*472", "HCP*10*100*50*REPRICER"),
    (P, "REF*6R", "HCP*10*100*******HC*G0439*UN*1"),
    (I, "REF*6R", "HCP*10*100******0120*HC*G0439*UN*1"),
    (D, "REF*6R", "HCP*10*100*******AD*D2001*UN*1"),
    (D, "DTP*472", "HI*TQ:A12345"),
    (P, "REF*EI", "REF*0B*LIC1~REF*1G*UPIN1"),
    (P, "NM1*PR", "REF*FY*OFFICE1~REF*G2*PAYER1~REF*LU*SITE1"),
    (I, "NM1*PR", "REF*2U*P2~REF*G2*PAYER1"),
    (D, "NM1*PR", "REF*NF*12345~REF*LU*SITE1"),
    (P, "PRV*PE", "REF*0B*LIC1~REF*1G*UPIN1~REF*G2*PAYER1~REF*LU*SITE1"),
    (I, "PRV*AT", "REF*0B*LIC1~REF*1G*UPIN1~REF*G2*PAYER1~REF*LU*SITE1"),
    (I, "PRV*AT", "NM1*72*1*KNIFE*LEE****XX*1669457891~REF*G2*PAYER1"),
    (D, "PRV*PE", "REF*0B*LIC1~REF*1G*UPIN1~REF*G2*PAYER1~REF*LU*SITE1"),
    (P, "REF*6R", "NM1*82*1*OTHER*LEE****XX*1669457891~REF*G2*PAYER2**2U:87726"),
    (I, "REF*6R", "NM1*82*1*OTHER*LEE****XX*1669457891~REF*G2*PAYER2**2U:87726"),
    (D, "REF*6R", "NM1*82*1*OTHER*LEE****XX*1669457891~REF*G2*PAYER2**2U:87726"),
    (P, "REF*6R", "NM1*DK*1*ORDER*ORA****XX*1669457891~REF*1G*UPIN2"),
    (P, "REF*6R", "LIN**UK*00614141007349~CTP****1*UN~REF*XZ*RX1"),
    (P, "PRV*PE", OTHER_PAYER + "~NM1*DN*1~REF*G2*R1~NM1*82*1~REF*1G*U1~NM1*77*2~REF*LU*S1"
     "~NM1*DQ*1~REF*0B*L1~NM1*85*2~REF*G2*B1"),
    (I, "PRV*AT", OTHER_PAYER + "~NM1*71*1~REF*G2*A1~NM1*72*1~REF*1G*U1~NM1*ZZ*1~REF*G2*O1"
     "~NM1*77*2~REF*LU*S1~NM1*82*1~REF*G2*R1~NM1*DN*1~REF*G2*D1~NM1*85*2~REF*G2*B1"),
    (D, "PRV*PE", OTHER_PAYER + "~NM1*DN*1~REF*G2*R1~NM1*82*1~REF*1G*U1~NM1*DQ*1~REF*0B*L1"
     "~NM1*85*2~REF*G2*B1~NM1*77*2~REF*LU*S1"),
    (D, "PRV*PE", OTHER_PAYER + "~NM1*DD*1~REF*G2*R1"),
    (D, "DTP*472", "HI*ABK:K029*TQ:A12345"),
]  # fmt: skip
# (kind, what ours says, what theirs says there)
CODED: list[tuple[Kind, str, str]] = [
    (P, "HI*ABK:E119*ABF:I10", "HI*BK:25000*BF:4019"),
    (
        I,
        "HI*ABK:J189:::::::Y~HI*ABJ:R0602~HI*DR:193~HI*ABF:E119:::::::Y",
        "HI*BK:486:::::::Y~HI*BJ:78605~HI*BN:E8889~HI*DR:193~HI*BF:25000:::::::Y"
        "~HI*BR:9604:D8:20261002~HI*BQ:9671:D8:20261002",
    ),
    (I, "HI*DR:193~", "HI*DR:193~HI*CAH:BABCD:D8:20261002~"),
]


def file_of(kind: Kind) -> str:
    encounter, header = kind
    return write_batch(header, [outbound(of=encounter)]).data.decode().replace("\n", "")


def counted(text: str) -> bytes:
    """With as many segments in its SE as there are."""
    segments = text.split("~")
    first = next(n for n, s in enumerate(segments) if s.startswith("ST*"))
    last = next(n for n, s in enumerate(segments) if s.startswith("SE*"))
    segments[last] = re.sub(r"^SE\*\d+", f"SE*{last - first + 1}", segments[last])
    return "~".join(segments).encode()


def written_again(theirs: bytes, header: BatchHeader) -> str:
    """Their claim through our JSON, and out again."""
    assert [i for i in edi.check(theirs).issues if i.snip < 3] == []
    (read,) = read_claims(theirs)
    assert read.claim is not None
    named = replace(read.claim.encounter, source_system="THEIRS", external_id="1")
    kept = read_encounter(json.dumps(encounter_json(named)).encode())
    assert kept == named
    with structure_alone():
        batch = write_batch(header, [OutboundClaim(UUID(int=1), "C1-1", read.claim)])
    assert batch.refused == {}
    return batch.data.decode().replace("\n", "")


@pytest.mark.parametrize(
    ("kind", "behind", "theirs"),
    TOLD,
    ids=[f"{kind[0].claim_type}-{theirs[:12]}" for kind, _, theirs in TOLD],
)
def test_what_the_guide_has_is_kept(kind: Kind, behind: str, theirs: str) -> None:
    text = file_of(kind)
    at = text.index("~", text.index(f"~{behind}") + 1)
    ours = written_again(counted(f"{text[:at]}~{theirs}{text[at:]}"), kind[1])
    for segment in theirs.split("~"):
        assert f"~{segment}~" in ours


@pytest.mark.parametrize(
    ("kind", "ours", "theirs"),
    CODED,
    ids=[f"{kind[0].claim_type}-{theirs[:6]}" for kind, _, theirs in CODED],
)
def test_a_code_stays_in_its_list(kind: Kind, ours: str, theirs: str) -> None:
    text = file_of(kind)
    assert ours in text
    again = written_again(counted(text.replace(ours, theirs)), kind[1])
    for segment in theirs.strip("~").split("~"):
        assert f"~{segment}~" in again


def test_a_claim_that_mixes_lists_where_one_is_told_is_not_read() -> None:
    text = file_of(I)
    (read,) = read_claims(counted(text.replace("HI*ABJ:R0602", "HI*BJ:78605")))
    assert read.claim is None
    assert "DX-VERSIONS" in {
        i.code for i in edi.check(text.replace("ABJ:R0602", "BJ:78605").encode()).issues
    }
