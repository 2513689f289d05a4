"""Issues in, acknowledgments out: 999 and TA1 for any file received.

for answer in edi.acknowledge(data, at=now, control_numbers=count(4711)):
    if answer.data: send(answer.data)
"""

from edi.acks.acknowledge import Answer, UnreadableAnswer, acknowledge
from edi.acks.verdict import Policy

__all__ = ["Answer", "Policy", "UnreadableAnswer", "acknowledge"]
