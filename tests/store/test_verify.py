"""`verify` believes honest books, and finds each thing that was tampered with, with its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, Table, text, update

from app.flows.ports import FileState, Mode
from app.flows.process import process_file
from app.flows.receive import receive_file
from app.flows.verify import Difference, verify
from app.store import tables as t
from app.store.crypto import Cipher
from app.store.raw_files import FolderRawFiles
from app.store.records import DatabaseRecords
from tests.store.practice import CLOCK, ENCOUNTERS, Practice, an_encounter

ERA = """\
ISA*00*          *00*          *ZZ*PAYER          *ZZ*CLAIMLOOP      *261120*1200*^*00501*000000009*0*T*:~
GS*HP*PAYER*CLAIMLOOP*20261120*1200*9*X*005010X221A1~
ST*835*0001~
BPR*I*{deposit}*C*ACH*CCP*01*044000037*DA*1*1512345678**01*044115090*DA*2*20261120~
TRN*1*EFT9*1512345678~
DTM*405*20261120~
N1*PR*EXAMPLE HEALTH PLAN~
N3*1 PAYER PLAZA~
N4*HARTFORD*CT*061230001~
REF*2U*60054~
PER*BL*EDI DESK*TE*8005550101~
N1*PE*MAPLE FAMILY CLINIC*XX*1234567893~
REF*TJ*311234567~
LX*1~
CLP*{number}*1*{charge}*{paid}*10*12*ICN1*11*1~
NM1*QC*1*DOE*JANE****MI*W1~
{lines}
CLP*NOT-OURS*1*25*25**12*ICN2*11*1~
NM1*QC*1*ROE*RICK****MI*W2~
SVC*HC:G0439*25*25**1~
DTM*472*20261001~
PLB*1234567893*20261231*L6:INT*-1.5~
SE*{count}*0001~
GE*1*9~
IEA*1*000000009~
"""


class Books:
    """A practice with two claims, one of them paid, and its records."""

    def __init__(self, engine: Engine, folder: Path, cipher: Cipher) -> None:
        self.practice = Practice(engine, cipher=cipher)
        self.raw = FolderRawFiles(folder, cipher)
        self.records = DatabaseRecords(engine, cipher=cipher)
        self.claim = self.practice.claim(an_encounter())
        self.practice.claim(replace(an_encounter(ENCOUNTERS[1]), claim_note="held"))
        file = self.receive(self.era())
        state = process_file(
            self.practice.units, self.raw, tenant_id=self.practice.tenant.id, file_id=file.id
        )
        assert state is FileState.PROCESSED

    def receive(self, data: bytes):  # type: ignore[no-untyped-def]
        return receive_file(
            self.practice.units,
            self.raw,
            tenant_id=self.practice.tenant.id,
            name="835.edi",
            data=data,
            actor="test",
        )

    def era(self) -> bytes:
        """The first line of the claim owes the patient 10, the others are paid in full."""
        segments = []
        for turn, line in enumerate(self.claim.lines):
            patient = 10 if turn == 0 else 0
            segments.append(
                f"SVC*HC:{line.procedure.code}*{line.charge}*{line.charge - patient}**1~"
            )
            segments.append("DTM*472*20261001~")
            if patient:
                segments.append("CAS*PR*3*10~")
            segments.append(f"REF*6R*{line.line_control_number}~")
        paid = self.claim.charge - 10
        era = ERA.format(
            deposit=paid + 25 + 3 / 2 if False else f"{paid + 25}",
            number=self.claim.patient_control_number,
            charge=self.claim.charge,
            paid=paid,
            lines="\n".join(segments),
            count=0,
        )
        return era.encode()

    def verify(self) -> list[Difference]:
        return list(verify(self.records, self.raw, self.practice.tenant))
