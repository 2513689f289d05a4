"""What only institutional claims tell, as JSON: type of bill, the stay, and the NUBC codes.

The type of bill is one member here, four characters as on the UB-04. The domain keeps its last one
apart, as the claim's frequency, so the encounter's document joins and parts the two.
"""

from __future__ import annotations

from pydantic import Field

from app.documents import fields as f
from app.documents.detail_members import Diagnosis
from app.documents.fields import Maybe
from app.documents.mirror import Mirror
from app.documents.party_members import Provider
from app.domain import institutional


class DatedCode(Mirror, of=institutional.DatedCode):
    code: f.Text30
    on: f.Day = Field(alias="date")


class DatedProcedure(DatedCode):
    code_list: f.ProcedureList | None = None


class Span(Mirror, of=institutional.Span):
    code: f.Text30
    first: f.Day = Field(alias="from")
    last: f.Day = Field(alias="through")


class ValueCode(Mirror, of=institutional.ValueCode):
    code: f.Text30
    amount: f.Money


class InstitutionalStay(Mirror, of=institutional.InstitutionalStay):
    facility_type: f.TypeOfBill = Field(alias="typeOfBill")
    statement_from: f.Day
    statement_through: f.Day
    patient_status: f.TwoLettersOrDigits
    admission_type: f.OneLetterOrDigit
    admission_source: Maybe[f.OneLetterOrDigit] = None
    admission_date: Maybe[f.Day] = None
    admission_hour: Maybe[f.TimeOfDay] = None
    discharge_hour: Maybe[f.TimeOfDay] = None
    admitting_diagnosis: Maybe[f.Text30] = None
    reasons_for_visit: f.ListOf[f.Text30] | None = Field(default=None, max_length=3)
    external_causes: f.ListOf[Diagnosis] | None = Field(default=None, max_length=12)
    drg: Maybe[f.Text30] = None
    principal_procedure: DatedProcedure | None = None
    other_procedures: f.ListOf[DatedProcedure] | None = Field(default=None, max_length=24)
    occurrences: f.ListOf[DatedCode] | None = Field(default=None, max_length=24)
    occurrence_spans: f.ListOf[Span] | None = Field(default=None, max_length=24)
    values: f.ListOf[ValueCode] | None = Field(default=None, max_length=24)
    treatment_codes: f.ListOf[f.Text30] | None = Field(default=None, max_length=24)
    estimated_amount_due: Maybe[f.Money] = None
    attending_provider: Provider | None = None
    operating_physician: Provider | None = None
    other_operating_physician: Provider | None = None

    def facility_and_frequency(self) -> tuple[str, str]:
        """The middle two and the last of the type of bill's four characters."""
        return self.facility_type[1:3], self.facility_type[3]


class InstitutionalLine(Mirror, of=institutional.InstitutionalLine):
    revenue_code: f.FourDigits
    non_covered_charge: Maybe[f.Money] = None
    service_tax: Maybe[f.Money] = None
    facility_tax: Maybe[f.Money] = None
    operating_physician: Provider | None = None
    other_operating_physician: Provider | None = None
