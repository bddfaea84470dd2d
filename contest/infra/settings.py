"""Where and how this instance runs: read once from the environment, frozen, refused where unsafe."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from contest.domain.errors import Invalid

ROOT = Path(__file__).resolve().parents[2]

#: Every setting, its default and what it means; `docs/settings.md` is checked against this table.
SETTINGS: dict[str, tuple[str, str]] = {
    "CHALKAK_MODE": ("demonstration", "demonstration | production"),
    "CHALKAK_DATA": ("instance", "folder of rows, photographs and secrets"),
    "CHALKAK_HOST": ("127.0.0.1", "address the web server listens on"),
    "CHALKAK_PORT": ("8000", "port the web server listens on"),
    "CHALKAK_PUBLIC_URL": ("", "origin in links and messages; http://HOST:PORT when empty"),
    "CHALKAK_PROXIES": ("0", "number of trusted reverse proxies in front"),
    "DATABASE_URL": ("", "sqlite:/// or postgresql+psycopg://; a file in the data folder when empty"),
    "JOBS_URL": ("", "sqlite: | redis: | postgresql: | inline:; a file in the data folder when empty"),
    "STORAGE_URL": ("", "file: | s3: | memory:; a folder in the data folder when empty"),
    "S3_ACCESS_KEY": ("", "access key of the object store"),
    "S3_SECRET_KEY": ("", "secret key of the object store"),
    "MAIL_URL": ("", "smtp: | smtps: | https: | file: | memory:; files in the data folder when empty"),
    "MAIL_FROM": ("chalkak@localhost", "sender of messages"),
    "TEXT_URL": ("", "https: | file: | memory:; staff take text messages away as a file when empty"),
    "TEXT_FROM": ("", "number that text messages are sent from, registered with the gateway"),
    "GATEWAY_TOKEN": ("", "what the gateway of texts or mail knows this program by"),
    "MAP_TILE_URL": ("", "map tiles, if the office has a server of its own"),
    "MAP_ATTRIBUTION": ("", "credit line of those tiles"),
    "OFFICIAL_BANNER": ("off", "on only at a government address: the official-site masthead"),
    "CHALKAK_SECRETS": ("", "file of secrets; secrets.json in the data folder when empty"),
}


#: Names under which a computer reaches itself.
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Settings:
    """The settings of one process. `secret_key` and `data_key` come from the secrets file."""

    mode: str = "demonstration"
    data: Path = ROOT / "instance"
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    proxies: int = 0
    database_url: str = "sqlite://"
    jobs_url: str = "inline:"
    storage_url: str = "memory:"
    s3_access_key: str = ""
    s3_secret_key: str = field(default="", repr=False)
    mail_url: str = "memory:"
    mail_from: str = "chalkak@localhost"
    text_url: str = ""
    text_from: str = ""
    gateway_token: str = field(default="", repr=False)
    map_tile_url: str = ""
    map_attribution: str = ""
    official_banner: bool = False
    secrets_file: Path = ROOT / "instance" / "secrets.json"
    testing: bool = False

    @property
    def demonstration(self) -> bool:
        """Whether this instance is a demonstration: its clock may be moved, its roles entered freely."""
        return self.mode == "demonstration"

    @property
    def is_https(self) -> bool:
        """Whether citizens reach it over TLS; decides the cookie's name and flags."""
        return self.public_url.startswith("https://")

    @property
    def hosts(self) -> list[str]:
        """Names the program answers under: its public one; a demonstration on its own computer, any of those."""
        own = urlsplit(self.public_url).hostname or ""
        return sorted(LOOPBACK) if self.demonstration and own in LOOPBACK else [own]


def from_environment(environ: dict[str, str] | None = None) -> Settings:
    """The settings of the environment. Raises Invalid where a value cannot be meant."""
    env = dict(os.environ) if environ is None else environ  # noqa: TID251  the one place that reads it

    def value(name: str) -> str:
        return env.get(name, "") or SETTINGS[name][0]

    mode = value("CHALKAK_MODE")
    if mode not in {"demonstration", "production"}:
        raise Invalid("settings.mode", value=mode)
    data = Path(value("CHALKAK_DATA"))
    data = data if data.is_absolute() else ROOT / data
    port = value("CHALKAK_PORT")
    if not port.isdigit() or not 0 < int(port) < 65536:  # noqa: PLR2004  the range of ports
        raise Invalid("settings.port", value=port)
    host = value("CHALKAK_HOST")
    public_url = value("CHALKAK_PUBLIC_URL") or f"http://{host}:{port}"
    address = urlsplit(public_url)
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise Invalid("settings.public_url", value=public_url)
    is_trial = bool(value("CHALKAK_PUBLIC_URL")) and address.hostname in LOOPBACK
    if mode == "production" and address.scheme != "https" and not is_trial:
        raise Invalid("settings.needs_https", value=public_url)
    return Settings(
        mode=mode,
        data=data,
        host=host,
        port=int(port),
        public_url=public_url.rstrip("/"),
        proxies=int(value("CHALKAK_PROXIES")),
        database_url=value("DATABASE_URL") or f"sqlite:///{data / 'data.sqlite3'}",
        jobs_url=value("JOBS_URL") or f"sqlite:{data / 'jobs.sqlite3'}",
        storage_url=value("STORAGE_URL") or f"file:{data / 'media'}",
        s3_access_key=value("S3_ACCESS_KEY"),
        s3_secret_key=value("S3_SECRET_KEY"),
        mail_url=value("MAIL_URL") or f"file:{data / 'mail'}",
        mail_from=value("MAIL_FROM"),
        text_url=value("TEXT_URL"),
        text_from=value("TEXT_FROM"),
        gateway_token=value("GATEWAY_TOKEN"),
        map_tile_url=value("MAP_TILE_URL"),
        map_attribution=value("MAP_ATTRIBUTION"),
        official_banner=value("OFFICIAL_BANNER") == "on",
        secrets_file=Path(value("CHALKAK_SECRETS") or data / "secrets.json"),
    )
