"""A disk that forgets, and that fails on demand, under SQLite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import apsw


class Disk(apsw.VFS):
    """Passes everything on to the real disk, and knows what of it would outlive a power failure.

    `fault` is the error that each write raises, or None.
    """

    def __init__(self, name: str, real: str) -> None:
        self.name = name
        self.real = real
        self.synced: dict[str, bytes] = {}
        self.fault: type[apsw.Error] | None = None
        super().__init__(name, real)

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        return _File(self, name, flags)

    def xDelete(self, name: str, syncdir: bool) -> None:  # noqa: N802
        super().xDelete(name, syncdir)
        self.synced.pop(name, None)

    def after_power_failure(self, folder: Path, synced: Mapping[str, bytes]) -> None:
        """Writes into a folder what was synced, and nothing of what was only written."""
        folder.mkdir()
        for name, data in synced.items():
            (folder / Path(name).name).write_bytes(data)


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        self._disk = disk
        self._path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        super().__init__(disk.real, name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        if self._disk.fault:
            raise self._disk.fault
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self._disk.synced[self._path] = Path(self._path).read_bytes()


@contextmanager
def disk() -> Iterator[Disk]:
    """A disk for all stores that are opened meanwhile in this process.

    Such a disk has no shared memory, so each store is opened by one connection only.
    """

    def exclusive(connection: apsw.Connection) -> None:
        connection.pragma("locking_mode", "exclusive")

    before = apsw.vfs_names()[0]
    made = Disk("kbgen-test", before)
    apsw.connection_hooks.append(exclusive)
    apsw.set_default_vfs(made.name)
    try:
        yield made
    finally:
        apsw.connection_hooks.remove(exclusive)
        apsw.set_default_vfs(before)
        made.unregister()
