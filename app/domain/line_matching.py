"""Which line of a claim each service of its payment is about, and by what it was found.

First by our own line number (REF*6R); then by what was billed (SVC06, else SVC01), its date and
charge, from the strict to the loose. A loose rule is used only where it leaves no choice. What fits
no line is never made a charge: it waits, or, where the payer added it at no charge, it belongs to
the claim as a whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from app.domain.claim import ClaimLine
from app.domain.money import ZERO, money_text
from app.domain.procedure import Procedure
from app.domain.remittance import ServicePayment

# How a service found its line, as its row keeps it. `+` says what else is the case with it.
LINE_CONTROL_NUMBER = "line_control_number"  # REF*6R
PROCEDURE = "procedure"  # SVC01 with modifiers, date and charge
SUBMITTED_PROCEDURE = "submitted_procedure"  # the same by SVC06: another code was adjudicated
MODIFIERS_GLUED = "procedure_modifiers_glued"  # 9921325
MODIFIERS_MISSING = "procedure_modifiers_missing"
DATE_DIFFERS = "procedure_date_differs"
SAME_PROCEDURE = "procedure_charge_split"  # several services come to the line's charge
PAYER_ADDED = "payer_added"  # of no line, at no charge
SPLIT, UNBUNDLED, BUNDLED = "+split", "+unbundled", "+bundled"

_REVENUE_CODE = "NU"
_CODE_LENGTH = 5  # of HCPCS, CPT and CDT; a modifier has two characters


@dataclass(frozen=True, slots=True)
class Placed:
    """Services on lines. `faults` are sentences on what fits nowhere; with any, none is posted."""

    lines: dict[int, UUID] = field(default_factory=dict)  # service ordinal -> line id
    methods: dict[int, str] = field(default_factory=dict)  # service ordinal -> as above
    faults: tuple[str, ...] = ()

    def covers(self, lines: Iterable[ClaimLine]) -> bool:
        """Whether every one of these lines is answered, and nothing is left over."""
        return not self.faults and {line.id for line in lines} <= set(self.lines.values())


def place(services: Sequence[ServicePayment], lines: Sequence[ClaimLine]) -> Placed:
    """Each service on its line, if all of them fit."""
    found = _by_number(services, lines)
    if len(found) < len(services):
        for rule in _RULES:
            _by_rule(rule, services, lines, found)
        _by_parts(services, lines, found)
    placed = {ordinal: line for ordinal, (line, _) in found.items()}
    methods = {ordinal: method for ordinal, (_, method) in found.items()}
    faults = []
    for service in services:
        if service.ordinal in placed:
            continue
        if service.charge == ZERO:
            methods[service.ordinal] = PAYER_ADDED
        else:
            faults.append(
                f"Service {service.ordinal} of {money_text(service.charge)} fits no line of the"
                " claim by REF*6R, nor by procedure, date and charge."
            )
    faults += _charges_that_differ(services, placed)
    related = _relations(services, placed)
    return Placed(
        {ordinal: line.id for ordinal, line in placed.items()},
        {ordinal: method + related.get(ordinal, "") for ordinal, method in methods.items()},
        tuple(faults),
    )


def billed(service: ServicePayment) -> Procedure:
    """What we had billed, as the payer says: SVC06 where it is there, else SVC01."""
    return service.submitted_procedure or service.procedure


def line_key(number: str | None) -> str:
    """REF*6R leaves in capitals, and payers give it back in either case (lessons.md 8)."""
    return (number or "").strip().upper()


def code_of(procedure: Procedure) -> str:
    """The code alone, without modifiers that were glued to it; revenue codes without their zero."""
    code = procedure.code.strip().upper()
    if procedure.qualifier == _REVENUE_CODE:
        return code.lstrip("0")
    return code[:_CODE_LENGTH] if _glued(procedure) else code


# ── By what was billed ─────────────────────────────────────────────────────

Found = dict[int, tuple[ClaimLine, str]]  # service ordinal -> line, method


class _Rule(NamedTuple):
    """Services and lines with equal keys belong together, in their order.

    Lines that share a key but were billed differently leave a choice, and the rule does not hold.
    """

    method: str
    of_service: Callable[[ServicePayment], Hashable | None]  # None: the rule does not apply
    of_line: Callable[[ClaimLine], Hashable]


def _by_number(services: Sequence[ServicePayment], lines: Sequence[ClaimLine]) -> Found:
    keys = [line_key(line.line_control_number) for line in lines]
    # A number that two lines have names neither.
    numbers = {key: x for key, x in zip(keys, lines, strict=True) if keys.count(key) == 1}
    return {
        service.ordinal: (numbers[key], LINE_CONTROL_NUMBER)
        for service in services
        if (key := line_key(service.line_control_number)) in numbers
    }


def _by_rule(
    rule: _Rule, services: Sequence[ServicePayment], lines: Sequence[ClaimLine], found: Found
) -> None:
    """Adds what the rule finds among services and lines that are still free."""
    taken = {line.id for line, _ in found.values()}
    waiting: defaultdict[Hashable, list[ServicePayment]] = defaultdict(list)
    for service in services:
        if service.ordinal not in found and (key := rule.of_service(service)) is not None:
            waiting[key].append(service)
    free: defaultdict[Hashable, list[ClaimLine]] = defaultdict(list)
    for line in sorted(lines, key=_answered):
        if line.id not in taken:
            free[rule.of_line(line)].append(line)
    for key, some in waiting.items():
        fitting = free.get(key, [])
        if len({_exact_line(line) for line in fitting}) == 1:
            for service, line in zip(some, fitting, strict=False):
                changed = rule.method == PROCEDURE and service.submitted_procedure is not None
                found[service.ordinal] = (line, SUBMITTED_PROCEDURE if changed else rule.method)


def _by_parts(services: Sequence[ServicePayment], lines: Sequence[ClaimLine], found: Found) -> None:
    """Services without a number whose charges come to the charge of the one free line."""
    taken = {line.id for line, _ in found.values()}
    parts: defaultdict[str, list[ServicePayment]] = defaultdict(list)
    for service in services:
        if service.ordinal not in found:
            parts[code_of(billed(service))].append(service)
    for code, some in parts.items():
        whole = [x for x in lines if x.id not in taken and code_of(x.procedure) == code]
        if len(some) > 1 and len(whole) == 1 and _charge(some) == whole[0].charge:
            found.update((s.ordinal, (whole[0], SAME_PROCEDURE)) for s in some)


def _exactly(
    procedure: Procedure, on: date | None, charge: Decimal
) -> tuple[Hashable, tuple[str, ...], date | None, Decimal]:
    modifiers = tuple(sorted(m.strip().upper() for m in procedure.modifiers))
    return code_of(procedure), modifiers, on, charge


def _exact_line(line: ClaimLine) -> Hashable:
    return _exactly(line.procedure, line.service_date, line.charge)


def _answered(line: ClaimLine) -> bool:
    """Of lines that are alike, one that nothing was posted to yet comes first."""
    return any((line.paid, line.adjusted, line.patient_responsibility))


def _glued(procedure: Procedure) -> tuple[str, ...]:
    """The modifiers of `9921325`; none where the code is just a code."""
    code = procedure.code.strip().upper()
    rest = code[_CODE_LENGTH:]
    if procedure.modifiers or not rest or len(rest) % 2 or procedure.qualifier not in _MODIFIED:
        return ()
    return tuple(rest[i : i + 2] for i in range(0, len(rest), 2))


_MODIFIED = frozenset({"HC", "AD", "ER", "WK", "HP"})  # qualifiers whose codes take modifiers


def _service_glued(service: ServicePayment) -> Hashable | None:
    procedure = billed(service)
    modifiers = _glued(procedure)
    if not modifiers:
        return None
    return code_of(procedure), tuple(sorted(modifiers)), service.service_date, service.charge


def _service_without_modifiers(service: ServicePayment) -> Hashable | None:
    if billed(service).modifiers or _glued(billed(service)):
        return None  # other modifiers than ours are another service
    return code_of(billed(service)), service.service_date, service.charge


_RULES = (
    _Rule(
        PROCEDURE,
        lambda s: None if _glued(billed(s)) else _exactly(billed(s), s.service_date, s.charge),
        _exact_line,
    ),
    _Rule(MODIFIERS_GLUED, _service_glued, _exact_line),
    _Rule(
        MODIFIERS_MISSING,
        _service_without_modifiers,
        lambda x: (code_of(x.procedure), x.service_date, x.charge),
    ),
    # The date of a service without one is the claim's first day (DTM*232).
    _Rule(
        DATE_DIFFERS,
        lambda s: _exactly(billed(s), None, s.charge),
        lambda x: _exactly(x.procedure, None, x.charge),
    ),
)


# ── What the lines say together ────────────────────────────────────────────


def _charges_that_differ(
    services: Sequence[ServicePayment], placed: dict[int, ClaimLine]
) -> list[str]:
    """A line's services come to what was billed; several of them are its parts."""
    of_line: defaultdict[UUID, list[ServicePayment]] = defaultdict(list)
    for service in services:
        if service.ordinal in placed:
            of_line[placed[service.ordinal].id].append(service)
    by_id = {line.id: line for line in placed.values()}
    return [
        f"Line {by_id[id].line_control_number} was billed at {money_text(by_id[id].charge)}; the"
        f" payment says {money_text(_charge(some))}."
        for id, some in of_line.items()
        if _charge(some) != by_id[id].charge
    ]


def _relations(services: Sequence[ServicePayment], placed: dict[int, ClaimLine]) -> dict[int, str]:
    """Split and unbundled: several services on one line. Bundled: one code for several lines."""
    on_line: defaultdict[UUID, list[ServicePayment]] = defaultdict(list)
    under: defaultdict[str, set[UUID]] = defaultdict(set)
    for service in services:
        if service.ordinal in placed:
            line = placed[service.ordinal]
            on_line[line.id].append(service)
            if code_of(service.procedure) != code_of(line.procedure):
                under[code_of(service.procedure)].add(line.id)
    related: dict[int, str] = {}
    for some in on_line.values():
        for service in some if len(some) > 1 else ():
            codes = {code_of(s.procedure) for s in some}
            related[service.ordinal] = UNBUNDLED if len(codes) > 1 else SPLIT
    for service in services:
        code = code_of(service.procedure)
        others = under.get(code, set())
        if service.ordinal in placed and (others - {placed[service.ordinal].id}) and others:
            related.setdefault(service.ordinal, BUNDLED)
    return related


def _charge(services: Iterable[ServicePayment]) -> Decimal:
    return sum((service.charge for service in services), ZERO)
