"""The clearinghouse's first two answers: TA1 to the envelope, 999 to each functional group."""

from __future__ import annotations

from app.simulator.decisions import rejected_claims
from app.simulator.received import Claim, Group, Interchange, TransactionSet
from edi.guides import x231_acknowledgment as guide
from edi.segments import (
    AK1,
    AK2,
    AK9,
    CTX,
    IK3,
    IK4,
    IK5,
    TA1,
    ContextName,
    ElementPosition,
)

ACCEPTED, PARTLY, REJECTED = "A", "P", "R"
NO_FAULT = "000"
SEGMENTS_IN_ERROR = "5"  # IK502


def interchange_acknowledgment(received: Interchange) -> TA1:
    """TA1: R with the code of the envelope's fault, else A."""
    return TA1(
        control_number=received.control_number,
        date=received.isa_date,
        time=received.isa_time,
        status=REJECTED if received.fault else ACCEPTED,
        note=received.fault or NO_FAULT,
    )


def implementation_acknowledgment(group: Group) -> guide.ImplementationAcknowledgment:
    """999: one AK2 for each transaction set, also for those that are accepted."""
    responses = [_response(received) for received in group.sets]
    accepted = sum(response.ik5.status == ACCEPTED for response in responses)
    return guide.ImplementationAcknowledgment(
        ak1=AK1(
            functional_id=group.functional_id,
            control_number=group.control_number,
            version=group.version,
        ),
        responses=responses,
        ak9=AK9(
            status=_group_status(len(responses), accepted),
            included=len(responses),
            received=len(responses),
            accepted=accepted,
        ),
    )


def accepts(received: TransactionSet) -> bool:
    """Whether the 999 lets the set pass."""
    return received.readable and not rejected_claims(received)


def _group_status(sets: int, accepted: int) -> str:
    if accepted == sets:
        return ACCEPTED
    return PARTLY if accepted else REJECTED


def _response(received: TransactionSet) -> guide.TransactionSetResponse:
    accepted = accepts(received)
    return guide.TransactionSetResponse(
        ak2=AK2(st01=received.st01, control_number=received.control_number, guide=received.guide),
        segments=[_segment_error(claim) for claim in rejected_claims(received)],
        ik5=IK5(
            status=ACCEPTED if accepted else REJECTED,
            codes=[] if accepted else [SEGMENTS_IN_ERROR],
        ),
    )


def _segment_error(claim: Claim) -> guide.SegmentError2100:
    """The place of service is what these claims are told to have wrong."""
    return guide.SegmentError2100(
        ik3=IK3(segment="CLM", position=claim.segment_in_set, loop="2300", code="8"),
        contexts=[CTX(context=ContextName(name="CLM01", value=claim.patient_control_number))],
        elements=[
            guide.ElementError2110(
                ik4=IK4(element=ElementPosition(element=5, component=1), reference=1331, code="7")
            )
        ],
    )
