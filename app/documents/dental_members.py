"""What only dental claims tell, as JSON: teeth, areas of the mouth, orthodontics."""

from __future__ import annotations

from pydantic import Field

from app.documents import fields as f
from app.documents.fields import Maybe
from app.documents.mirror import Mirror
from app.documents.party_members import Provider
from app.domain import dental


class Tooth(Mirror, of=dental.Tooth):
    number: f.Text2
    surfaces: f.ListOf[f.ToothSurface] | None = Field(default=None, max_length=5)


class ToothStatus(Mirror, of=dental.ToothStatus):
    number: f.Text2
    status: f.ToothCondition


class Orthodontics(Mirror, of=dental.Orthodontics):
    total_months: Maybe[f.Quantity] = None
    remaining_months: Maybe[f.Quantity] = None
    indicator: f.Yes | None = None


class DentalTreatment(Mirror, of=dental.DentalTreatment):
    predetermination: bool | None = None
    service_date: Maybe[f.Day] = None
    service_date_end: Maybe[f.Day] = None
    orthodontics: Orthodontics | None = None
    tooth_statuses: f.ListOf[ToothStatus] | None = Field(default=None, max_length=35)
    assistant_surgeon: Provider | None = None


class DentalLine(Mirror, of=dental.DentalLine):
    oral_cavity: f.ListOf[f.OralCavityArea] | None = Field(default=None, max_length=5)
    prosthesis: f.Prosthesis | None = None
    teeth: f.ListOf[Tooth] | None = Field(default=None, max_length=32)
    prior_placement_date: Maybe[f.Day] = None
    prior_placement_estimated: bool | None = None
    appliance_placement_date: Maybe[f.Day] = None
    replacement_date: Maybe[f.Day] = None
    treatment_start_date: Maybe[f.Day] = None
    treatment_completion_date: Maybe[f.Day] = None
    assistant_surgeon: Provider | None = None
