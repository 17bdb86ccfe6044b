"""TLS for servers on loopback."""

import ssl
from pathlib import Path

import trustme
from attrs import frozen


@frozen
class Authority:
    """An authority of its own: `bundle` is the file to trust it by, `server` what servers take."""

    bundle: Path
    server: ssl.SSLContext


def make_authority(folder: Path) -> Authority:
    """Make an authority, and a certificate of it for the loopback address."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    authority.cert_pem.write_to_path(folder / "authority.pem")
    return Authority(folder / "authority.pem", context)
