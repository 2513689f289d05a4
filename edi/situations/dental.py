"""Rules of dental claims alone: teeth, surfaces, areas, prostheses, predetermination, orthodontics
(837.md 6).
"""

from __future__ import annotations

from typing import Any

from edi.segments import TOO
from edi.situations import forms
from edi.situations.rule import Context, Found, Hit, Rule

D = "837D"
# Permanent molars and premolars, primary molars; supernumerary teeth stand beside either.
_POSTERIOR = forms.words("1 2 3 4 5 12 13 14 15 16 17 18 19 20 21 28 29 30 31 32 A B I J K L S T")
_ANTERIOR = forms.words("6 7 8 9 10 11 22 23 24 25 26 27 C D E F G H M N O P Q R")
_AREAS = forms.words("00 01 02 03 04 05 06 07 08 09 10 20 30 40 L R")


def _before(o: Any, c: Context) -> Found:
    """A predetermination asks before anything was done."""
    if o.clm.submission_reason != "PB":
        return None
    found: list[Hit] = []
    if (d := o.date("472")) is not None:
        found.append(Hit(d, by=o.clm))
    return found + [Hit(x.served, loop=x, by=x.lx) for x in o.lines if x.served is not None]


def _no_day(o: Any, c: Context) -> Found:
    """The placement of an appliance (452) begins a treatment that has no other day."""
    if o.clm.submission_reason == "PB" or o.date("472") or o.date("452"):
        return None
    return [Hit(loop=x, by=x.lx) for x in o.lines if x.served is None]


def _two_surgeons(o: Any, c: Context) -> Found:
    assistant = o.assistant_surgeon
    return Hit(assistant.name, loop=assistant, by=assistant.name)


def _months(o: Any, c: Context) -> Found:
    dn1 = o.orthodontics
    total, left = dn1.total_months, dn1.remaining_months
    return dn1 if total is not None and left is not None and left > total else None


def _months_and_word(o: Any, c: Context) -> Found:
    dn1 = o.orthodontics
    known = dn1.total_months is not None or dn1.remaining_months is not None
    return Hit(dn1, by=dn1) if dn1.indicator and known else None


def _no_orthodontics(o: Any, c: Context) -> Found:
    if o.orthodontics is not None:
        return None
    line = next((x for x in o.lines if x.sv3.procedure.code.startswith("D8")), None)
    return Hit(by=line.sv3) if line is not None else None


def _status_of_tooth(o: Any, c: Context) -> Found:
    return [x for x in o.tooth_statuses if not forms.TOOTH(x.tooth)]


def _status_twice(o: Any, c: Context) -> Found:
    seen, found = set[str](), []
    for x in o.tooth_statuses:
        if x.tooth in seen:
            found.append(x)
        seen.add(x.tooth)
    return found


def _many_teeth(o: Any, c: Context) -> Found:
    count = o.sv3.count
    return o.sv3 if len(o.teeth) > 1 and count is not None and count != 1 else None


def _tooth(o: Any, c: Context) -> Found:
    return [x for x in o.teeth if x.tooth is not None and not forms.TOOTH(x.tooth)]


def _no_tooth(o: Any, c: Context) -> Found:
    return [Hit(x, by=x) for x in o.teeth if x.tooth is None and x.surfaces is not None]


def _surfaces(x: TOO) -> list[str]:
    return x.surfaces.surfaces if x.surfaces is not None else []


def _surface_twice(o: Any, c: Context) -> Found:
    return [x for x in o.teeth if len(set(_surfaces(x))) < len(_surfaces(x))]


def _surface_of(teeth: frozenset[str], surface: str) -> Any:
    def wrong(o: Any, c: Context) -> Found:
        return [
            Hit(x, f"TOO03-{n}")
            for x in o.teeth
            for n, s in enumerate(_surfaces(x), 1)
            if s == surface and (x.tooth or "").removesuffix("S") in teeth
        ]

    return wrong


def _areas(o: Any, c: Context) -> Found:
    return [
        Hit(o.sv3, f"SV304-{n}")
        for n, a in enumerate(o.sv3.oral_cavity.areas, 1)
        if a not in _AREAS
    ]


def _area_twice(o: Any, c: Context) -> Found:
    areas = o.sv3.oral_cavity.areas
    return [Hit(o.sv3, f"SV304-{n}") for n, a in enumerate(areas, 1) if a in areas[: n - 1]]


def _no_prior_placement(o: Any, c: Context) -> Found:
    if o.sv3.placement != "R" or any(d.qualifier in ("139", "441") for d in o.dates):
        return None
    return Hit(by=o.sv3)


def _placement_of_first(o: Any, c: Context) -> Found:
    if o.sv3.placement != "I":
        return None
    return [Hit(d, by=o.sv3) for d in o.dates if d.qualifier in ("139", "441")]


def _no_count(o: Any, c: Context) -> Found:
    count = o.sv3.count
    return o.sv3 if count is not None and (count <= 0 or count != int(count)) else None


RULES = (
    Rule(
        "PREDETERMINATION-DAY", D, "2300", "DTP", _before,
        "a predetermination has a day of service", "leave DTP*472 out, or CLM19 empty",
        "837.md 6, DEN04", when="clm.submission_reason", fault="unused", because="CLM19",
    ),
    Rule(
        "SERVICE-DAY", D, "2300", "DTP", _no_day,
        "neither the claim nor the line says on which day it was done",
        "send DTP*472, or PB in CLM19 for a predetermination", "837.md 6, DEN04",
        fault="missing", because="LX01",
    ),
    Rule(
        "ASSISTANT-RENDERS", D, "2300 2400", "NM1", _two_surgeons,
        "an assistant surgeon stands beside a rendering provider", "send one of them",
        "837.md 6", when="assistant_surgeon rendering_provider", fault="unused", because="NM101",
    ),
    Rule(
        "ORTHODONTICS-MONTHS", D, "2300", "DN102", _months,
        "more months are left than the treatment has", "look DN101 and DN102 up", "837.md 6",
        when="orthodontics",
    ),
    Rule(
        "ORTHODONTICS-WORD", D, "2300", "DN104", _months_and_word,
        "months are told and are said to be unknown", "leave DN104 empty", "837.md 6", "warning",
        when="orthodontics", fault="unused", because="DN101",
    ),
    Rule(
        "ORTHODONTICS", D, "2300", "DN1", _no_orthodontics,
        "orthodontics is billed and its months are missing", "send DN1", "837.md 6", "warning",
        fault="missing", because="SV301-2",
    ),
    Rule(
        "TOOTH-STATUS", D, "2300", "DN201", _status_of_tooth,
        "there is no such tooth", "send 1 to 32, A to T, or those of supernumerary teeth",
        "validation.md 3", when="tooth_statuses",
    ),
    Rule(
        "TOOTH-STATUS-TWICE", D, "2300", "DN201", _status_twice,
        "the status of a tooth is told twice", "send it once", "837.md 6", "warning",
        when="tooth_statuses",
    ),
    Rule(
        "TEETH-COUNT", D, "2400", "SV306", _many_teeth,
        "several teeth stand with a count other than 1", "send a line a tooth, or the count 1",
        "837.md 6, DEN02", when="teeth",
    ),
    Rule(
        "TOOTH", D, "2400", "TOO02", _tooth,
        "there is no such tooth", "send 1 to 32, A to T, or those of supernumerary teeth",
        "validation.md 3, DEN01", when="teeth",
    ),
    Rule(
        "TOOTH-MISSING", D, "2400", "TOO02", _no_tooth,
        "surfaces are told of no tooth", "send the tooth in TOO02", "validation.md 6, DEN01",
        when="teeth", fault="missing", because="TOO03",
    ),
    Rule(
        "SURFACE-TWICE", D, "2400", "TOO03", _surface_twice,
        "a surface stands twice", "send it once", "837.md 6, DEN01", when="teeth",
    ),
    Rule(
        "SURFACE-O", D, "2400", "TOO03-1", _surface_of(_ANTERIOR, "O"),
        "a front tooth has no occlusal surface", "look tooth and surface up",
        "837.md 6, DEN01", when="teeth",
    ),
    Rule(
        "SURFACE-I", D, "2400", "TOO03-1", _surface_of(_POSTERIOR, "I"),
        "a back tooth has no incisal edge", "look tooth and surface up",
        "837.md 6, DEN01", when="teeth",
    ),
    Rule(
        "SURFACE-B", D, "2400", "TOO03-1", _surface_of(_ANTERIOR, "B"),
        "front teeth have a facial surface, back teeth a buccal one", "send F", "837.md 6",
        "warning", when="teeth",
    ),
    Rule(
        "SURFACE-F", D, "2400", "TOO03-1", _surface_of(_POSTERIOR, "F"),
        "front teeth have a facial surface, back teeth a buccal one", "send B", "837.md 6",
        "warning", when="teeth",
    ),
    Rule(
        "AREA", D, "2400", "SV304-1", _areas,
        "there is no such area of the mouth", "look SV304 up", "837.md 6, DEN01",
        when="sv3.oral_cavity",
    ),
    Rule(
        "AREA-TWICE", D, "2400", "SV304-2", _area_twice,
        "an area of the mouth stands twice", "send it once", "837.md 6, DEN01",
        when="sv3.oral_cavity",
    ),
    Rule(
        "PROSTHESIS-PRIOR", D, "2400", "DTP", _no_prior_placement,
        "a prosthesis is replaced and when it was placed is missing",
        "send DTP*441, or DTP*139 where it is estimated", "837.md 6, DEN03",
        when="sv3.placement", fault="missing", because="SV305",
    ),
    Rule(
        "PROSTHESIS-FIRST", D, "2400", "DTP", _placement_of_first,
        "a first prosthesis has a day of an earlier one", "send R in SV305, or no DTP*441",
        "837.md 6", "warning", when="sv3.placement", fault="unused", because="SV305",
    ),
    Rule(
        "DENTAL-COUNT", D, "2400", "SV306", _no_count,
        "services are counted in whole numbers from 1", "send how often it was done",
        "837.md 6",
    ),
)  # fmt: skip
