"""The embedded servers, and the runner of web, workers and beat."""

from placement.services.attachment import attach, detach, last_known_endpoints
from placement.services.endpoints import Endpoints, masked, superuser_url
from placement.services.instance import Instance

__all__ = [
    "Endpoints",
    "Instance",
    "attach",
    "detach",
    "last_known_endpoints",
    "masked",
    "superuser_url",
]
