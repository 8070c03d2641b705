"""Where Termin stands on a chain: written by `termin deploy`, read by everything else."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from backend.core.errors import AppError

FILE_NAME = "deployment.json"


class NotDeployedError(AppError):
    """There is no deployment to work with."""

    status = 503
    title = "Termin is not deployed"


@dataclass(frozen=True, slots=True)
class Deployment:
    """Addresses of one deployment.

    `start_block` is the first block that can hold an event of it; `genesis_hash` tells chains
    with the same id apart.
    """

    chain_id: int
    genesis_hash: str
    start_block: int
    authority: str
    registry: str
    budget: str
    calendar: str
    factory: str

    def save(self, folder: Path) -> Path:
        """Write it to `folder` and return the file."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / FILE_NAME
        path.write_text(json.dumps(asdict(self), indent=2) + "\n")
        return path


def load_deployment(folder: Path) -> Deployment:
    """Read the deployment that `folder` holds; raises `NotDeployedError`."""
    path = folder / FILE_NAME
    try:
        return Deployment(**json.loads(path.read_text()))
    except FileNotFoundError:
        raise NotDeployedError(f"{path} does not exist. Run `termin deploy` first.") from None
    except (ValueError, TypeError) as error:
        raise NotDeployedError(f"{path} is not a deployment: {error}") from error
