"""The HTTP door: routes over the flows, callers by API key, errors as problem details.

Knows no database: `create_app` is handed what it needs by the joining module.
"""
