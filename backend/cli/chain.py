"""`termin chain`: the local chain."""

from __future__ import annotations

import signal
import sys
from types import FrameType

from rich.console import Console

from backend.chain.local import LocalChain
from backend.cli.options import located
from backend.core.settings import Settings


@located
def chain(settings: Settings) -> None:
    """Start the local chain where it stood, and stay until Ctrl-C.

    Its state lies in the data folder and is written when it ends.

    Example: `termin chain --rpc-url http://127.0.0.1:8546`
    """
    local = LocalChain(settings.data_dir / "chain", settings.rpc_url)
    signal.signal(signal.SIGTERM, _leave)
    console = Console(soft_wrap=True, highlight=False)
    try:
        local.start()
        console.print(f"The chain answers at {settings.rpc_url}. Ctrl-C ends it.")
        sys.exit(local.wait())
    except KeyboardInterrupt:
        console.print("Writing the chain's state …")
    finally:
        local.stop()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
