"""Claimloop: coded encounters out as 837 claims, back as posted money."""
