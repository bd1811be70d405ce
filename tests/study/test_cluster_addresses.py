"""An address of a cluster is one of this machine, or encrypted, or refused."""

from __future__ import annotations

import pytest

from reliefsim.study.running import cluster
from reliefsim.study.running.backend_choice import backend

pytest.importorskip("distributed")


@pytest.mark.parametrize("address", ["10.1.2.3:8786", "tcp://127.0.0.1.org:1", "[2001:db8::1]:1", "ws://10.1.2.3:1"])
def test_an_address_that_others_can_listen_in_on_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="--insecure-cluster"):
        backend(f"dask:{address}", 1)
    assert cluster._allowed(address, insecure=True).endswith(address)


@pytest.mark.parametrize("address", ["127.0.0.2:8786", "localhost:8786", "[::1]:8786", "tls://10.1.2.3:8786"])
def test_an_address_of_this_machine_or_encrypted_is_allowed(address: str) -> None:
    assert cluster._allowed(address, insecure=False).endswith(address)


@pytest.mark.parametrize("address", ["", "localhost", "::1:8786", "tcp://127.0.0.1:port", "nothing://127.0.0.1:1",
                                     "127.0.0.1:0", "127.0.0.1:65536", "tcp://127.0.0.1:-5", "ucx://127.0.0.1:1", ":::"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="no such address"):
        backend(f"dask:{address}", 1, insecure=True)
