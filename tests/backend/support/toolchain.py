"""The tools of toolchain/, which is no package: each is loaded from its file."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

TOOLCHAIN = Path(__file__).parents[3] / "toolchain"


def load(path: str) -> ModuleType:
    """A file below toolchain/, as a module of a name of its own."""
    name = f"toolchain_{path.replace('/', '_').removesuffix('.py')}"
    spec = spec_from_file_location(name, TOOLCHAIN / path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
