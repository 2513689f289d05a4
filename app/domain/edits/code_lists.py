"""Which lists the codes of a claim are of: DX08."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.domain.claim import Claim
from app.domain.edits.edit import Fault, Place, ScrubContext, edit
from app.domain.encounter import ClaimType, Encounter
from app.domain.finding import Severity

ICD_10_FROM = date(2015, 10, 1)  # services since then are coded in ICD-10
_ICD9, _SNODENT, _ABC = "ICD9", "SNODENT", "ABC"


@edit(
    "DX08",
    snip=4,
    place=Place("2300", "HI", "01-1", "21"),
    rule="Codes of ICD-9 do not stand beside those of ICD-10, and are of services before October "
    "2015 (a warning: some payers outside HIPAA still take them); SNODENT codes are of dental "
    "claims, ABC codes of a principal procedure.",
    places={
        ClaimType.INSTITUTIONAL: Place("2300", "HI", "01-1", "66"),
        ClaimType.DENTAL: Place("2300", "HI", "01-1", "34"),
    },
)
def code_lists(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    encounter = claim.encounter
    lists = dict(_lists(encounter))
    versions = {name == _ICD9 for name in lists.values() if name in (None, _ICD9)}
    ninth = next((at for at, name in lists.items() if name == _ICD9), None)
    last = encounter.last_date or context.today
    if ninth is not None and len(versions) > 1:
        yield Fault(
            f"{ninth}/codeList",
            "Codes of ICD-9 and of ICD-10 stand on one claim.",
            "Code all of it in the version of its day; ICD-10 needs no codeList.",
        )
    elif ninth is not None and last >= ICD_10_FROM:
        yield Fault(
            f"{ninth}/codeList",
            "Services since October 2015 are coded in ICD-10.",
            "Enter the ICD-10 codes and leave codeList out, unless this payer takes ICD-9.",
            severity=Severity.WARNING,
        )
    for at, name in lists.items():
        if name == _SNODENT and not (
            encounter.claim_type is ClaimType.DENTAL and at.startswith("/diagnoses")
        ):
            yield Fault(
                f"{at}/codeList",
                "Only the diagnoses of a dental claim are of SNODENT.",
                "Enter the ICD-10 code and leave codeList out.",
            )
        if name == _ABC and not at.endswith("/principalProcedure"):
            yield Fault(
                f"{at}/codeList",
                "Only a principal procedure is of the ABC codes.",
                "Enter the ICD-10-PCS code and leave codeList out.",
            )


def _lists(e: Encounter) -> Iterator[tuple[str, str | None]]:
    """Each code that may name its list, by its pointer."""
    for index, diagnosis in enumerate(e.diagnoses):
        yield f"/diagnoses/{index}", diagnosis.code_list
    if e.institutional is None:
        return
    for index, cause in enumerate(e.institutional.external_causes):
        yield f"/institutional/externalCauses/{index}", cause.code_list
    if e.institutional.principal_procedure is not None:
        yield "/institutional/principalProcedure", e.institutional.principal_procedure.code_list
    for index, procedure in enumerate(e.institutional.other_procedures):
        yield f"/institutional/otherProcedures/{index}", procedure.code_list


EDITS = (code_lists,)
