"""Claimloop: coded encounters out as 837 claims, back as posted money."""

from pathlib import Path


def shipped(name: str) -> Path:
    """The folder of data that comes with the program: `migrations`, `fixtures/encounters`.

    In a wheel it lies inside this package, in a clone beside it.
    """
    package = Path(__file__).parent
    inside, beside = package / name, package.parent / name
    return inside if inside.is_dir() else beside
