"""Where things are: command-line options, `TERMIN_…` variables, defaults, in this order."""

from __future__ import annotations

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def _listed(value: Any) -> Any:
    """What is separated by commas, one by one; what is no text as it is."""
    if not isinstance(value, str):
        return value
    return [part for each in value.split(",") if (part := each.strip())]


def _node_address(text: str) -> str:
    if not _is_address(text):
        raise ValueError("the address of a node such as http://127.0.0.1:8545")
    return text


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        # A port that is no number raises as well.
        return (
            parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and parts.port != 0
            and not set(parts.netloc) & set(" ,;")
        )
    except ValueError:
        return False


NodeAddress = Annotated[str, AfterValidator(_node_address)]


class Settings(BaseSettings):
    """Each field can be given as `TERMIN_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="TERMIN_", frozen=True)

    rpc_url: NodeAddress = Field(
        "http://127.0.0.1:8545", description="JSON-RPC address of an Ethereum node"
    )
    nodes: Annotated[tuple[NodeAddress, ...], NoDecode, BeforeValidator(_listed)] = Field(
        (), description="further nodes that the index may ask, separated by commas"
    )
    websocket_url: str = Field(
        "", description="where the node tells of new blocks; empty: ws at the address of rpc_url"
    )
    confirmations: int | None = Field(
        None,
        description="blocks on top after which one is final; 0 with QBFT; empty: the node says",
        ge=0,
    )
    reorg_blocks: int = Field(
        256, description="how many blocks the index can take back if the chain does", ge=1
    )
    max_lag_blocks: int = Field(
        20, description="how many blocks the index may be behind and still be ready", ge=0
    )
    max_lag_seconds: int = Field(
        60, description="how many seconds it may be behind, by the times of the blocks", ge=0
    )
    data_dir: Path = Field(
        Path(".termin/data"), description="folder for chain, database and documents"
    )
    database_url: str = Field("", description="SQLAlchemy URL; empty: SQLite in the data folder")
    host: str = Field("127.0.0.1", description="address that API and portal listen on")
    port: int = Field(8000, description="port that API and portal listen on", ge=1, le=65535)
    api_url: str = Field("", description="where API and portal are reached; empty: host and port")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="how much is logged: DEBUG, INFO, WARNING or ERROR"
    )
    log_format: Literal["auto", "json", "text"] = Field(
        "auto", description="how: json, text, or auto: text on a terminal, else json"
    )
    time_zone: str = Field("Asia/Jakarta", description="where a date begins and ends")
    document_max_bytes: int = Field(10_485_760, description="largest document that is taken in")
    api_cache_bytes: int = Field(
        67_108_864, description="memory for answers of the API that still hold; 0: none", ge=0
    )
    feed_readers: int = Field(
        1_000, description="how many may wait for the feed at once, for each process", ge=0
    )
    downloads_bytes: int = Field(
        1_073_741_824,
        description="disk for files that are made for downloads; none is larger",
        ge=1,
    )
    downloads_at_once: int = Field(
        2, description="how many files a server makes for downloads at once", ge=1
    )
    api_requests_per_minute: int = Field(
        1_200, description="how often one address may ask the API; 0: without limit", ge=0
    )
    api_past_events: int = Field(
        100_000, description="how many events are gone over for an answer as of a past block", ge=0
    )
    trusted_proxies: str = Field(
        "",
        description="addresses or networks whose X-Forwarded-For is believed, separated by commas",
    )
    notice: str = Field("", description="text that stands on top of every page of the portal")
    publisher_name: str = Field("Termin", description="who publishes the open data")
    publisher_uri: str = Field("", description="address of the publisher; empty: not stated")
    license_uri: str = Field("", description="licence of the open data; empty: not stated")
    publication_policy_uri: str = Field(
        "", description="address of the publication policy; empty: not stated"
    )
    ocid_prefix: str = Field(
        "ocds-000000", description="OCDS prefix of contracts that are given no ocid of their own"
    )

    @model_validator(mode="before")
    @classmethod
    def _further_nodes(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Whoever names several nodes in `rpc_url` has named the preferred one and further ones."""
        urls = _listed(values.get("rpc_url", ""))
        if len(urls) < 2 or not all(map(_is_address, urls)):
            return values
        further = [*urls[1:], *_listed(values.get("nodes", ()))]
        return values | {"rpc_url": urls[0], "nodes": further}

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ValueError, OSError, ZoneInfoNotFoundError):
            raise ValueError("a time zone such as Asia/Jakarta") from None
        return name

    @field_validator("ocid_prefix")
    @classmethod
    def _registered_form(cls, prefix: str) -> str:
        if not re.fullmatch(r"ocds-[a-z0-9]{6}", prefix):
            raise ValueError("ocds- and six small letters or digits such as ocds-213czf")
        return prefix

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, text: str) -> str:
        for each in filter(None, map(str.strip, text.split(","))):
            try:
                ip_network(each)
            except ValueError:
                raise ValueError("addresses, or networks such as 10.0.0.0/8") from None
        return text

    @property
    def database(self) -> str:
        """The database URL that is in force."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'termin.db'}"

    @property
    def node_urls(self) -> tuple[str, ...]:
        """All nodes that the index may ask, the preferred one first."""
        return (self.rpc_url, *self.nodes)

    @property
    def websocket(self) -> str:
        """Where the node tells of new blocks."""
        return self.websocket_url or f"ws{self.rpc_url.removeprefix('http')}"

    @property
    def api(self) -> str:
        """Base URL of the API, without a slash at the end."""
        return (self.api_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def documents_dir(self) -> Path:
        """Folder of the document store."""
        return self.data_dir / "documents"

    @property
    def downloads_dir(self) -> Path:
        """Folder of the files that are made for downloads."""
        return self.data_dir / "downloads"
