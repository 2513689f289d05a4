"""Passwords, keys and tokens by the name that a partner's profile has for them.

A tenant's secret lies in a file `SECRETS_DIR/TENANT/NAME`, as container platforms mount them, or in
the environment as `CLAIMLOOP_SECRET_TENANT__NAME` in capitals. Whoever may write a profile can name
only the secrets of that tenant, and none of our own settings.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

SECRET_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
PREFIX = "CLAIMLOOP_SECRET_"

Secrets = Callable[[str], str]  # the value of a named secret; raises SecretMissing


class SecretMissing(Exception):
    """No file and no variable of the environment holds the secret of that name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"the secret {name!r} that the profile names is not there")


class TenantSecrets:
    """The secrets of one tenant; read anew each time, so that a changed one counts at once."""

    def __init__(
        self, folder: Path, tenant: str, *, environment: Mapping[str, str] = os.environ
    ) -> None:
        self._folder = folder / tenant
        self._tenant = tenant
        self._environment = environment

    def __call__(self, name: str) -> str:
        """The value, without the line end of its file. Raises SecretMissing."""
        if not SECRET_NAME.fullmatch(name):
            raise SecretMissing(name)
        try:
            return (self._folder / name).read_text().rstrip("\r\n")
        except (OSError, UnicodeDecodeError):
            pass
        # A variable's name has no dots and dashes: tenants that differ in them alone would share.
        if self._tenant.isalnum():
            variable = f"{PREFIX}{self._tenant}__{name}".upper().replace("-", "_")
            if value := self._environment.get(variable):
                return value
        raise SecretMissing(name)
