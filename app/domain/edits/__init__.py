"""Every edit, in the order of validation.md section 6."""

from app.domain.edits import (
    ambulance,
    billing_provider,
    carried,
    claim_level,
    cob,
    code_lists,
    coverage,
    decisions,
    dental,
    institutional,
    institutional_codes,
    professional,
    service_line,
)
from app.domain.edits.edit import Edit, Fault, Place, ScrubContext

EDITS: tuple[Edit, ...] = (
    *billing_provider.EDITS,
    *coverage.EDITS,
    *cob.EDITS,
    *claim_level.EDITS,
    *code_lists.EDITS,
    *institutional.TYPE_OF_BILL_EDITS,
    *service_line.EDITS,
    *billing_provider.RENDERING_EDITS,
    *institutional_codes.PHYSICIAN_EDITS,
    *institutional.STAY_EDITS,
    *institutional_codes.EDITS,
    *institutional.WINDOW_EDITS,
    *dental.EDITS,
    *cob.COB_EDITS,
    *decisions.EDITS,
    *ambulance.EDITS,
    *professional.EDITS,
    *carried.EDITS,
)

__all__ = ["EDITS", "Edit", "Fault", "Place", "ScrubContext"]
