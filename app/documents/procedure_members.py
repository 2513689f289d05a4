"""What was done and what was given, as JSON."""

from __future__ import annotations

from pydantic import Field

from app.documents import fields as f
from app.documents.fields import Maybe
from app.documents.mirror import Mirror
from app.domain import procedure


class Procedure(Mirror, of=procedure.Procedure):
    code: f.ProcedureCode
    modifiers: f.ListOf[f.Modifier] = Field(default=[], max_length=4)
    description: Maybe[f.Text80] = None
    qualifier: f.ProcedureQualifier = "HC"


class Device(Mirror, of=procedure.Device):
    qualifier: f.DeviceList
    code: f.Text30
    quantity: f.Quantity
    unit: f.DrugUnit
    prescription_number: Maybe[f.Text50] = None
    link_number: Maybe[f.Text50] = None


class Drug(Mirror, of=procedure.Drug):
    ndc: f.Ndc
    quantity: f.Quantity
    unit: f.DrugUnit
    prescription_number: Maybe[f.Text50] = None
    link_number: Maybe[f.Text50] = None
