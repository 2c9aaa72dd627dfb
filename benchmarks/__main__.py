"""Runs the measurements that are named, or all."""

from __future__ import annotations

import sys
from importlib import import_module
from pkgutil import iter_modules

import benchmarks
from benchmarks.common import MissingDataError, machine


def main() -> None:
    """Prints the machine once, then each measurement under its name, or why it was skipped."""
    modules = {
        info.name: module
        for info in iter_modules(benchmarks.__path__)
        if not info.name.startswith("__")
        and hasattr(module := import_module(f"benchmarks.{info.name}"), "main")
    }
    wanted = sys.argv[1:] or list(modules)
    if unknown := [name for name in wanted if name not in modules]:
        sys.exit(f"no benchmark is named {unknown[0]}; there are: {', '.join(modules)}")
    print(machine(), flush=True)
    for name in wanted:
        print(f"\n{name}\n{'-' * len(name)}", flush=True)
        try:
            modules[name].main()
        except MissingDataError as error:
            print(f"  skipped: {error}")


if __name__ == "__main__":
    main()
