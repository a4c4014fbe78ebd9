"""Keys that sign the manifest of a bundle: Ed25519 (RFC 8032). Pure; needs no settings.

A key's fingerprint is the SHA-256 of its 32 public bytes.
"""

import base64
import binascii
import hashlib

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MANIFEST, SIGNATURE, SIGNING_KEY = "manifest.json", "MANIFEST.sig", "signing-key.pem"
RAW = serialization.Encoding.Raw, serialization.PublicFormat.Raw


class NoKey(ValueError):
    """This is no Ed25519 key."""


def new_private() -> str:
    """A new private key as PEM (PKCS #8)."""
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return Ed25519PrivateKey.generate().private_bytes(*pem).decode()


def private_of(text: str) -> Ed25519PrivateKey:
    """From PEM, or from what stands between its first and last line. Raises NoKey."""
    try:
        lines = [line for line in text.split() if line]
        der = base64.b64decode("".join(lines), validate=True) if "-----BEGIN" not in text else None
        key = (
            serialization.load_pem_private_key(text.encode(), None)
            if der is None
            else serialization.load_der_private_key(der, None)
        )
    except (ValueError, TypeError, binascii.Error, UnsupportedAlgorithm):
        raise NoKey("a private key cannot be read") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise NoKey("a private key of another kind")
    return key


def public_of(pem: bytes) -> Ed25519PublicKey:
    """A public key from PEM. Raises NoKey."""
    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise NoKey("a public key cannot be read") from None
    if not isinstance(key, Ed25519PublicKey):
        raise NoKey("a public key of another kind")
    return key


def pem_of(key: Ed25519PublicKey) -> bytes:
    """A public key as PEM."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: Ed25519PublicKey) -> str:
    """By which people compare keys: 64 hexadecimal digits."""
    return hashlib.sha256(key.public_bytes(*RAW)).hexdigest()


def is_signature(key: Ed25519PublicKey, signature: bytes, content: bytes) -> bool:
    """Is it this key's signature of these bytes?"""
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True
