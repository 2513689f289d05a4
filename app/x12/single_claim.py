"""One claim of a batch on its own: cut from the bytes that were sent, in their envelope.

The claim's segments, its billing provider, subscriber and patient are the very segments that were
sent; hierarchical numbers and the counts of the trailers are those of a file with this one claim.
"""

from __future__ import annotations

from app.domain.batch import ClaimPosition


def single_claim(sent: bytes, position: ClaimPosition) -> bytes:
    """An interchange with this claim alone, from an interchange that we wrote.

    Raises LookupError when the transaction set of the position is not in it.
    """
    separator, terminator = sent[3:4], sent[105:106]
    segments = [part.lstrip(b"\r\n").split(separator) for part in sent.split(terminator)]
    start = next(
        (
            index
            for index, segment in enumerate(segments)
            if segment[0] == b"ST" and segment[2] == position.transaction_control_number.encode()
        ),
        None,
    )
    if start is None:
        raise LookupError("the transaction set of this claim is not in the interchange")
    first = start + position.first_segment - 1  # positions count from ST = 1
    last = start + position.last_segment - 1
    end = next(i for i in range(start, len(segments)) if segments[i][0] == b"SE")
    levels = [i for i in range(start, first) if segments[i][0] == b"HL"]
    body = segments[start : levels[0]]
    body += _ancestors(segments, levels, first)
    body += segments[first : last + 1]
    body.append([b"SE", str(len(body) + 1).encode(), segments[end][2]])
    group = next(s for s in segments if s[0] == b"GS")
    interchange = segments[0]
    whole = [
        interchange,
        group,
        *body,
        [b"GE", b"1", group[6]],
        [b"IEA", b"1", interchange[13]],
    ]
    line_end = b"\n" if terminator + b"\n" in sent else b""
    return b"".join(separator.join(segment) + terminator + line_end for segment in whole)


def _ancestors(segments: list[list[bytes]], levels: list[int], first: int) -> list[list[bytes]]:
    """The HL loops above the claim, without the claims of others that hang on them."""
    by_number = {segments[i][1]: i for i in levels}
    chain = [levels[-1]]
    while segments[chain[-1]][2]:
        chain.append(by_number[segments[chain[-1]][2]])
    found: list[list[bytes]] = []
    for depth, level in enumerate(reversed(chain), start=1):
        parent = str(depth - 1).encode() if depth > 1 else b""
        child = b"1" if depth < len(chain) else b"0"
        found.append([b"HL", str(depth).encode(), parent, segments[level][3], child])
        for index in range(level + 1, first):
            if segments[index][0] in (b"HL", b"CLM"):
                break
            found.append(segments[index])
    return found
