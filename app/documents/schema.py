"""Publishes docs/schema/*.json and docs/edits.md: `python -m app.documents.schema docs`.

A test holds the published files against what this module says now.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pydantic import BaseModel

from app.documents.appeal import AppealDocument, AppealRequestDocument
from app.documents.claim import BatchDocument, ClaimDocument, TimelineItemDocument
from app.documents.codes import CodeListDocument
from app.documents.denial import DenialDetailDocument
from app.documents.deposit import (
    DepositDetailDocument,
    DepositMatchDocument,
    DepositRequestDocument,
    ReassociationDocument,
)
from app.documents.encounter import EncounterDocument
from app.documents.inbound import FileDocument, RemittanceDetailDocument, TrialBalanceDocument
from app.documents.partner import PartnerDocument
from app.documents.partner_requests import NewPartnerDocument, PartnerChangeDocument
from app.documents.patient_money import (
    PatientPaymentDocument,
    PatientPaymentRequestDocument,
    RecoupmentDocument,
    RefundRequestDocument,
    VoidRequestDocument,
)
from app.documents.payer_terms import PayerTermsChangeDocument
from app.documents.payments import (
    AcceptDocument,
    ClaimPaymentDetailDocument,
    MatchDocument,
    ReasonDocument,
)
from app.documents.problem_json import FindingsDocument, ProblemDocument
from app.documents.task import TaskDetailDocument
from app.documents.terms import FeeScheduleDocument, TreatmentsDocument
from app.documents.worklist import WorklistPageDocument
from app.domain.edits import EDITS, Edit
from app.domain.encounter import ClaimType
from app.domain.finding import WRITING_RULES

TAKEN_IN: dict[str, type[BaseModel]] = {
    "encounter": EncounterDocument,
    "trading-partner-change": PartnerChangeDocument,
    "trading-partner-new": NewPartnerDocument,
    "fee-schedule": FeeScheduleDocument,
    "treatments": TreatmentsDocument,
    "code-list": CodeListDocument,
    "deposit-request": DepositRequestDocument,
    "deposit-match": DepositMatchDocument,
    "patient-payment-request": PatientPaymentRequestDocument,
    "refund-request": RefundRequestDocument,
    "void-request": VoidRequestDocument,
    "claim-payment-match": MatchDocument,
    "reason": ReasonDocument,
    "accept": AcceptDocument,
    "appeal-request": AppealRequestDocument,
    "payer-terms": PayerTermsChangeDocument,
}
GIVEN_OUT: dict[str, type[BaseModel]] = {
    "claim": ClaimDocument,
    "timeline-item": TimelineItemDocument,
    "batch": BatchDocument,
    "trading-partner": PartnerDocument,
    "file": FileDocument,
    "remittance": RemittanceDetailDocument,
    "claim-payment": ClaimPaymentDetailDocument,
    "trial-balance": TrialBalanceDocument,
    "deposit": DepositDetailDocument,
    "reassociation": ReassociationDocument,
    "patient-payment": PatientPaymentDocument,
    "recoupment": RecoupmentDocument,
    "denial": DenialDetailDocument,
    "appeal": AppealDocument,
    "task": TaskDetailDocument,
    "worklist": WorklistPageDocument,
    "findings": FindingsDocument,
    "problem": ProblemDocument,
}


def published() -> dict[str, str]:
    """Every published file's text by its path under docs/."""
    files = {
        f"schema/{name}.json": _text(model.model_json_schema(mode="validation"))
        for name, model in TAKEN_IN.items()
    }
    files |= {
        f"schema/{name}.json": _text(model.model_json_schema(mode="serialization"))
        for name, model in GIVEN_OUT.items()
    }
    return files | {"edits.md": _edits()}


def publish(docs: Path) -> None:
    """Write them."""
    for path, text in published().items():
        target = docs / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def _text(schema: dict[str, object]) -> str:
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(dialect | schema, indent=2, ensure_ascii=False) + "\n"


def _edits() -> str:
    parts = [
        "# Edits\n",
        "Every edit that a claim passes before it is written, published from the table in",
        "`app/domain/edits/`. An error holds the claim in stage NEEDS_INFO, a warning informs.\n",
    ]
    for edit in EDITS:
        parts += [
            f"## {edit.id}\n",
            f"{edit.rule}\n",
            f"{edit.severity.value.capitalize()}, SNIP type {edit.snip_type}; {_places(edit)}.\n",
        ]
    parts += [
        "# When a claim is written\n",
        "What only the written 837 shows. A claim that fails here goes back to NEEDS_INFO when its",
        "batch is sealed; the others leave.\n",
    ]
    for id, rule in WRITING_RULES.items():
        parts += [f"## {id}\n", f"{rule}\n", "Error, SNIP type 2; any loop.\n"]
    return "\n".join(parts)


FORMS = {
    ClaimType.PROFESSIONAL: "CMS-1500",
    ClaimType.INSTITUTIONAL: "UB-04",
    ClaimType.DENTAL: "ADA form",
}


def _places(edit: Edit) -> str:
    """Where it shows, and on which claims, unless on all at the same place."""
    kinds: dict[str, list[ClaimType]] = {}
    for kind in sorted(edit.claim_types, key=list(ClaimType).index):
        place = edit.place_of(kind)
        box = f", box {place.form_box} of the {FORMS[kind]}" if place.form_box else ""
        told = f"loop {place.loop}, {place.segment}{place.element}{box}"
        kinds.setdefault(told, []).append(kind)
    if edit.claim_types == frozenset(ClaimType) and not edit.places:
        return next(iter(kinds))
    return "; ".join(f"{', '.join(of)}: {told}" for told, of in kinds.items())


if __name__ == "__main__":
    publish(Path(sys.argv[1]))
