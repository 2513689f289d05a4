"""The database: tables, one repository a subject, and the unit of work that binds them to a tenant.

Only the joining modules import this room; flows see it through app/flows/ports.
"""
