"""What the tests of ``/cds-services`` share: keys and tokens of a system, a trap, requests."""

from __future__ import annotations

import json
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

Json = dict[str, Any]
PUBLIC_URL = "https://cds.example.org/therapy-match"
SERVICE = "actionable-biomarkers"
CHECK = "drug-biomarker-check"
ISSUER = "https://ehr.example.org"
PATIENT_ID = "pat-1"
_MAKERS: dict[str, Any] = {
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ES384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "RS256": lambda: rsa.generate_private_key(65537, 2048),
    "RS384": lambda: rsa.generate_private_key(65537, 2048),
}


@dataclass
class System:
    """A clinical system with a key pair."""

    issuer: str
    alg: str = "ES384"
    kid: str = "key-1"
    private: Any = field(init=False)

    def __post_init__(self) -> None:
        self.private = _MAKERS[self.alg]()

    def jwk(self, **changes: Any) -> Json:
        """Return the public key."""
        algorithm = jwt.get_algorithm_by_name(self.alg)
        key = algorithm.to_jwk(self.private.public_key(), as_dict=True)  # type: ignore[call-overload]
        key.pop("key_ops", None)
        return {**key, "kid": self.kid, "alg": self.alg, **changes}

    def entry(self, *, jku: list[str] | None = None) -> Json:
        """Return how the system stands in the file of the deployment."""
        return {"issuer": self.issuer, "jku": jku or [], "jwks": {"keys": [self.jwk()]}}

    def claims(self, path: str, **changes: Any) -> Json:
        """Return the claims of a good token, changed; ``None`` takes a claim away."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": f"{PUBLIC_URL}{path}",
            "iat": now,
            "exp": now + 300,
            "jti": str(uuid.uuid4()),
            **changes,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def token(
        self, path: str, *, alg: str | None = None, key: Any = None,
        headers: Json | None = None, **changes: Any,
    ) -> str:  # fmt: skip
        """Return a token for a path, good unless something is changed."""
        return jwt.encode(
            self.claims(path, **changes),
            self.private if key is None else key,
            algorithm=alg or self.alg,
            headers={"kid": self.kid, "typ": "JWT", **(headers or {})},
        )


def write_clients(folder: Path, *entries: Json) -> Path:
    """Write the file of the clinical systems."""
    path = folder / "clients.json"
    path.write_text(json.dumps({"clients": entries}), "utf-8")
    return path


@dataclass
class Trap:
    """A listening socket that counts who calls."""

    url: str
    calls: list[bytes] = field(default_factory=list)


@contextmanager
def trap() -> Iterator[Trap]:
    """Listen on a loopback port and note every connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        caught = Trap(f"http://127.0.0.1:{server.getsockname()[1]}")
        is_over = threading.Event()

        def listen() -> None:
            while not is_over.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    caught.calls.append(connection.recv(1000))

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield caught
        finally:
            time.sleep(0.2)
            is_over.set()
            thread.join()


def nothing_on_file(**changes: Any) -> Json:
    """Return a request about a patient of whom nothing is on file: answered without cards."""
    return {
        "hook": "patient-view",
        "hookInstance": str(uuid.uuid4()),
        "context": {"userId": "Practitioner/p", "patientId": PATIENT_ID},
        "prefetch": {"patient": None, "conditions": None, "variants": None, "markers": None},
        **changes,
    }
