"""`termin serve`: API and portal."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from backend.app import create_app
from backend.cli.options import located
from backend.cli.server import server, settle
from backend.cli.stopping import until_stopped
from backend.core.logs import set_up_logs
from backend.core.memory import tune_malloc
from backend.core.settings import Settings

Host = Annotated[str | None, typer.Option(help="Address to listen on. [env: TERMIN_HOST]")]
Port = Annotated[int | None, typer.Option(help="Port to listen on. [env: TERMIN_PORT]")]


@located
def serve(
    settings: Settings,
    host: Host = None,
    port: Port = None,
    follow: Annotated[
        bool, typer.Option("--index", help="Follow the chain as well, in the same process.")
    ] = False,
) -> None:
    """Serve API and portal from the index until Ctrl-C.

    Example: `termin serve --port 8080`
    """
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = settings.model_copy(update=given)
    set_up_logs(settings.log_level, settings.log_format)
    tune_malloc()
    app = create_app(settings, index=follow)
    running = server(
        app,
        settings.host,
        settings.port,
        requests=settings.log_level == "DEBUG",
        proxies=settings.trusted_proxies,
    )
    settle()
    Console(soft_wrap=True, highlight=False).print(f"Serving on {settings.api}. Ctrl-C ends it.")
    # The server hands the signal on when it has ended.
    with until_stopped():
        running.run()
