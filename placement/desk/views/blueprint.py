"""The blueprint of the pages that join domains."""

from flask import Blueprint

from placement.accounts.models import Role

bp = Blueprint("desk", __name__)
STAFF = (Role.COUNSELOR, Role.UNIVERSITY, Role.PROVINCE)
HELPERS = (Role.COUNSELOR, Role.UNIVERSITY)
