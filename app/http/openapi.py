"""What /openapi.json says beyond what the routes' signatures tell: raw bodies and problems."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.documents.batch_request import BatchRequestDocument
from app.documents.claim_requests import InsistDocument
from app.documents.codes import CodeListDocument
from app.documents.deposit import DepositMatchDocument, DepositRequestDocument
from app.documents.encounter import EncounterDocument
from app.documents.fields import Document
from app.documents.partner_requests import PartnerChangeDocument
from app.documents.patient_money import (
    PatientPaymentRequestDocument,
    RefundRequestDocument,
    VoidRequestDocument,
)
from app.documents.payments import MatchDocument
from app.documents.problem_json import ProblemDocument
from app.documents.terms import FeeScheduleDocument, TreatmentsDocument
from app.http.problems import MEDIA_TYPE

_BODIES: dict[str, type[Document]] = {}
_REFERENCE = "#/components/schemas/{model}"


def _body(schema: dict[str, Any], media_type: str, *, required: bool) -> dict[str, Any]:
    return {"requestBody": {"required": required, "content": {media_type: {"schema": schema}}}}


ENCOUNTER_BODY = _body(
    {"$ref": _REFERENCE.format(model=EncounterDocument.__name__)}, "application/json", required=True
)
BATCH_BODY = _body(
    {"$ref": _REFERENCE.format(model=BatchRequestDocument.__name__)},
    "application/json",
    required=False,
)
MATCH_BODY = _body(
    {"$ref": _REFERENCE.format(model=MatchDocument.__name__)}, "application/json", required=True
)
CORRECTED_BODY = _body(
    {"$ref": _REFERENCE.format(model=EncounterDocument.__name__)},
    "application/json",
    required=False,
)
INSIST_BODY = _body(
    {"$ref": _REFERENCE.format(model=InsistDocument.__name__)}, "application/json", required=False
)
PARTNER_CHANGE_BODY = _body(
    {"$ref": _REFERENCE.format(model=PartnerChangeDocument.__name__)},
    "application/json",
    required=True,
)
FEES_BODY = _body(
    {"$ref": _REFERENCE.format(model=FeeScheduleDocument.__name__)},
    "application/json",
    required=True,
)
CODES_BODY = _body(
    {"$ref": _REFERENCE.format(model=CodeListDocument.__name__)},
    "application/json",
    required=True,
)
TREATMENTS_BODY = _body(
    {"$ref": _REFERENCE.format(model=TreatmentsDocument.__name__)},
    "application/json",
    required=True,
)
DEPOSIT_BODY, DEPOSIT_MATCH_BODY, PATIENT_PAYMENT_BODY, REFUND_BODY, VOID_BODY = (
    _body({"$ref": _REFERENCE.format(model=model.__name__)}, "application/json", required=True)
    for model in (
        DepositRequestDocument,
        DepositMatchDocument,
        PatientPaymentRequestDocument,
        RefundRequestDocument,
        VoidRequestDocument,
    )
)
FILE_BODY = _body({"type": "string", "format": "binary"}, "application/octet-stream", required=True)


def body_of(model: type[Document], *, required: bool = True) -> dict[str, Any]:
    """The body of a route that reads its raw bytes itself; `install` describes the model."""
    _BODIES[model.__name__] = model
    return _body(
        {"$ref": _REFERENCE.format(model=model.__name__)}, "application/json", required=required
    )


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": description,
        "content": {
            MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(model=ProblemDocument.__name__)}}
        },
    }
    for status, description in (
        ("4XX", "The request cannot be carried out"),
        ("5XX", "Something went wrong on our side"),
    )
}


def install(app: FastAPI) -> None:
    """Have the application describe itself with the schemas the routes only refer to."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            described = get_openapi(
                title=app.title, version=app.version, description=app.description, routes=app.routes
            )
            schemas = described.setdefault("components", {}).setdefault("schemas", {})
            models: tuple[Any, ...] = (
                EncounterDocument,
                BatchRequestDocument,
                InsistDocument,
                PartnerChangeDocument,
                FeeScheduleDocument,
                TreatmentsDocument,
                DepositRequestDocument,
                DepositMatchDocument,
                PatientPaymentRequestDocument,
                RefundRequestDocument,
                VoidRequestDocument,
                MatchDocument,
                CodeListDocument,
                ProblemDocument,
                *_BODIES.values(),
            )
            for model in models:
                schema = model.model_json_schema(ref_template=_REFERENCE)
                schemas |= schema.pop("$defs", {})
                schemas[model.__name__] = schema
            app.openapi_schema = described
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]
