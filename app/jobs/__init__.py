"""Durable work: each workflow takes ids, and calls one flow that was handed in."""
