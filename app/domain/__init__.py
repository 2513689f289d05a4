"""What Claimloop knows about claims and money, in plain Python and in the order of the data.

A decision here takes values and returns values: no database, no clock of its own, no file.
"""
