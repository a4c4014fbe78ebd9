"""Files of a backup, encrypted for a key that need not be on this machine: age v1 (https://age-encryption.org/v1).

Whoever has the identity opens them with the program `age` too, without this product.
"""

import hashlib
import os
from pathlib import Path

import pyrage

SUFFIX = ".age"


class WrongKey(ValueError):
    """The identity is none, or not one that this file was encrypted for; or the file is damaged."""


def new_identity() -> tuple[str, str]:
    """A new identity (to be kept off this machine) and its recipient (the public half)."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def encrypt(source: Path, target: Path, recipient: str) -> None:
    """Write a file encrypted; whole or not at all. Raises WrongKey for what is no recipient."""
    try:
        key = pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError:
        raise WrongKey("this is no recipient of age: age1...") from None
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    with source.open("rb") as reader, unfinished.open("wb") as writer:
        pyrage.encrypt_io(reader, writer, [key])
        writer.flush()
        os.fsync(writer.fileno())
    unfinished.replace(target)


def decrypt(source: Path, target: Path, identity: str) -> None:
    """Write a file decrypted. Raises WrongKey."""
    try:
        key = pyrage.x25519.Identity.from_str(identity.strip().splitlines()[-1])
    except (pyrage.IdentityError, IndexError):
        raise WrongKey("this is no identity of age: AGE-SECRET-KEY-1...") from None
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with source.open("rb") as reader, target.open("wb") as writer:
            pyrage.decrypt_io(reader, writer, [key])
    except (pyrage.DecryptError, OSError) as wrong:
        if isinstance(wrong, FileNotFoundError):
            raise
        raise WrongKey(f"{source.name} cannot be decrypted with this identity, or is damaged") from None


def sha256_of(path: Path) -> str:
    """Of a file of any size."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
