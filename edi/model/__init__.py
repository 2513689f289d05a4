"""The declaration engine: declare segments and loops once; read, check and write them from that
declaration.
"""

from edi.model.cursor import Cursor
from edi.model.node import Composite, Group, Loop, Node, Segment
from edi.model.place import CONTROL, END, Place
from edi.model.reading import place
from edi.model.spec import (
    ANYHOW,
    Kind,
    Spec,
    Use,
    any_of,
    each,
    el,
    many,
    maybe,
    mixed,
    one,
    opt,
    run,
    use,
)  # fmt: skip
from edi.model.writing import UnwritableValue, lines_of

__all__ = [
    "ANYHOW", "CONTROL", "END", "Composite", "Cursor", "Group", "Kind", "Loop", "Node", "Place",
    "Segment", "Spec", "UnwritableValue", "Use", "any_of", "each", "el", "lines_of", "many",
    "maybe", "mixed", "one", "opt", "place", "run", "use",
]  # fmt: skip
