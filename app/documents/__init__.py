"""The JSON that is taken in and given out, and nothing else: shape here, meaning in the domain.

Bytes become domain objects or problems with a place; domain objects become JSON again.
"""
