"""What a backup says of itself: its files with their checksums, what it continues, and the head seal; signed. Pure."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from prtras.exports import keys

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
FULL, INCREMENTAL = "full", "incremental"
VERSION = 1


class BadManifest(ValueError):
    """The manifest of a backup is not there, cannot be read, or is not what this installation signed."""


@dataclass(frozen=True)
class Stored:
    """A file of a backup, encrypted: bytes, SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """One backup. `previous` is what an incremental one continues, `wal` the first segment that a restore may need."""

    name: str
    kind: str
    previous: str
    made_at: str
    system: str
    server_version: str
    wal: str
    head_seal: str
    last_event: int
    files: dict[str, Stored] = field(default_factory=dict)
    stored_files: dict[str, int] = field(default_factory=dict)
    recipe: dict[str, str] = field(default_factory=dict)
    version: int = VERSION

    def content(self) -> bytes:
        """The bytes that are signed."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @property
    def at(self) -> datetime:
        """When it was begun."""
        return datetime.fromisoformat(self.made_at)


def read(folder: Path, key: Ed25519PublicKey) -> Manifest:
    """The manifest in the folder of a backup. Raises BadManifest."""
    try:
        content, signature = (folder / MANIFEST).read_bytes(), (folder / SIGNATURE).read_bytes()
    except OSError:
        raise BadManifest(f"{folder.name}: {MANIFEST} or {SIGNATURE} is missing") from None
    if not keys.is_signature(key, signature, content):
        raise BadManifest(f"{folder.name}: {MANIFEST} was changed, or signed by another installation")
    facts = json.loads(content)
    if facts.get("version") != VERSION:
        raise BadManifest(f"{folder.name}: {MANIFEST} is of version {facts.get('version')}, not {VERSION}")
    manifest = Manifest(**facts | {"files": {name: Stored(**each) for name, each in facts["files"].items()}})
    if manifest.name != folder.name:
        raise BadManifest(f"{folder.name}: {MANIFEST} is that of {manifest.name}")
    return manifest


def chain_of(folder: Path, name: str, key: Ed25519PublicKey) -> list[Manifest]:
    """A backup with all that it continues, the full one first. Raises BadManifest."""
    chain = [read(folder / name, key)]
    while chain[0].kind == INCREMENTAL:
        chain.insert(0, read(folder / chain[0].previous, key))
    return chain


def write(folder: Path, manifest: Manifest, signature: bytes) -> None:
    """Beside the files that it names."""
    (folder / MANIFEST).write_bytes(manifest.content())
    (folder / SIGNATURE).write_bytes(signature)


def backups_in(folder: Path) -> list[Path]:
    """The folders of finished backups, the oldest first."""
    return sorted(path.parent for path in folder.glob(f"*/{MANIFEST}") if not path.parent.name.startswith("."))
