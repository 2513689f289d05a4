"""A clearinghouse and its payers to talk to: reads our 837P, answers TA1, 999, 277CA and 835.

Which answer a claim gets is decided by its member id (`scenarios.SCENARIOS`). The same 837 bytes
always give the same answers, byte for byte: dates come from the 837, control numbers and traces
from its content hash, so a partner restarted after a crash repeats itself and is recognised.
"""
