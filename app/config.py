"""Settings: the environment, or a `.env` file beside where the command runs (contracts.md)."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """`CLAIMLOOP_*`; each has a default that works on one machine without preparation."""

    model_config = SettingsConfigDict(env_prefix="CLAIMLOOP_", env_file=".env", extra="ignore")

    database_url: str = "sqlite:///./claimloop.db"
    data_dir: Path = Path("./data")
    secrets_dir: Path = Field(
        default=Path("./secrets"),
        description="TENANT/NAME: passwords, keys and tokens that partners' profiles name",
    )
    encryption_key: SecretStr | None = Field(
        default=None,
        description="32 bytes, base64: encrypts raw files, snapshots, member ids and SSNs",
    )
    log_level: str = "INFO"
