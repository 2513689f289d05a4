"""Ways to carry sealed files to a trading partner; each fulfils `domain.transmission.Transport`."""
