"""What the flows need of the world, as Protocols that store, transport and main fill.

A unit of work is one database transaction bound to one tenant: every repository on it sees that
tenant's rows only. Leaving the `with` block commits; an exception rolls everything back, the jobs
enqueued in it included.
"""

from app.domain.remittance import PaymentState
from app.flows.ports.appeals import (
    AppealFilter,
    Appeals,
)
from app.flows.ports.claims import (
    Added,
    Amounts,
    Batches,
    ClaimFilter,
    Claims,
    Folded,
    SentClaim,
    ShownClaim,
)
from app.flows.ports.codes import PaymentCodes
from app.flows.ports.denials import (
    DenialFilter,
    Denials,
)
from app.flows.ports.deposits import DepositAct, Deposits, Stands
from app.flows.ports.files import (
    Answers,
    EvidenceLog,
    FactPlace,
    Files,
    FileState,
    MatchedEvidence,
    MatchId,
    StoredFile,
    TimelineItem,
)
from app.flows.ports.next_payers import NextPayers
from app.flows.ports.parties import (
    Encounters,
    Partners,
    Payers,
    StoredEncounter,
    StoredPayer,
)
from app.flows.ports.patient_money import PatientMoney
from app.flows.ports.payments import (
    Act,
    ClaimPayments,
    KeptAct,
    KeptPayment,
    PaymentAct,
    PaymentChange,
    PaymentFilter,
    ReversalClue,
)
from app.flows.ports.recoupments import Recoupments
from app.flows.ports.remittances import (
    Journal,
    PaymentOutcome,
    Remittances,
    RemittanceState,
    StandingEntry,
    StoredPayment,
    StoredRemittance,
)
from app.flows.ports.reports import Reports
from app.flows.ports.status import LastFile, Standing, Unsent
from app.flows.ports.tasks import (
    TaskFilter,
    Tasks,
    WaitingClaim,
    WaitingPayment,
)
from app.flows.ports.terms import PayerTerms
from app.flows.ports.traces import Candidates, Traces
from app.flows.ports.underpayments import UnderpaymentFilter, Underpayments
from app.flows.ports.wire import Look, Pulls, Schedule, Transmissions
from app.flows.ports.work import (
    QUEUE_BATCHES,
    QUEUE_FILES,
    QUEUE_OF,
    QUEUE_OPINIONS,
    WORKFLOW_ANSWER_FILE,
    WORKFLOW_CUT_OFF,
    WORKFLOW_PROCESS_FILE,
    WORKFLOW_PULL,
    WORKFLOW_SECOND_OPINION,
    WORKFLOW_SWEEP,
    WORKFLOW_TRANSMIT_ANSWER,
    WORKFLOW_TRANSMIT_BATCH,
    Mailboxes,
    Mode,
    RawFiles,
    SettingsOfWork,
    Tenant,
    Transports,
    UnitOfWork,
    UnitsOfWork,
)
from app.flows.ports.worklists import WorklistFilter, Worklists

__all__ = [
    "QUEUE_BATCHES",
    "QUEUE_FILES",
    "QUEUE_OF",
    "QUEUE_OPINIONS",
    "WORKFLOW_ANSWER_FILE",
    "WORKFLOW_CUT_OFF",
    "WORKFLOW_PROCESS_FILE",
    "WORKFLOW_PULL",
    "WORKFLOW_SECOND_OPINION",
    "WORKFLOW_SWEEP",
    "WORKFLOW_TRANSMIT_ANSWER",
    "WORKFLOW_TRANSMIT_BATCH",
    "Act",
    "Added",
    "Amounts",
    "Answers",
    "AppealFilter",
    "Appeals",
    "Batches",
    "Candidates",
    "ClaimFilter",
    "ClaimPayments",
    "Claims",
    "DenialFilter",
    "Denials",
    "DepositAct",
    "Deposits",
    "Encounters",
    "EvidenceLog",
    "FactPlace",
    "FileState",
    "Files",
    "Folded",
    "Journal",
    "KeptAct",
    "KeptPayment",
    "LastFile",
    "Look",
    "Mailboxes",
    "MatchId",
    "MatchedEvidence",
    "Mode",
    "NextPayers",
    "Partners",
    "PatientMoney",
    "PayerTerms",
    "Payers",
    "PaymentAct",
    "PaymentChange",
    "PaymentCodes",
    "PaymentFilter",
    "PaymentOutcome",
    "PaymentState",
    "Pulls",
    "RawFiles",
    "Recoupments",
    "RemittanceState",
    "Remittances",
    "Reports",
    "ReversalClue",
    "Schedule",
    "SentClaim",
    "SettingsOfWork",
    "ShownClaim",
    "Standing",
    "StandingEntry",
    "Stands",
    "StoredEncounter",
    "StoredFile",
    "StoredPayer",
    "StoredPayment",
    "StoredRemittance",
    "TaskFilter",
    "Tasks",
    "Tenant",
    "TimelineItem",
    "Traces",
    "Transmissions",
    "Transports",
    "UnderpaymentFilter",
    "Underpayments",
    "UnitOfWork",
    "UnitsOfWork",
    "Unsent",
    "WaitingClaim",
    "WaitingPayment",
    "WorklistFilter",
    "Worklists",
]
