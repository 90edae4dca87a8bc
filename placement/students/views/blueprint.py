"""The blueprints of the students."""

from flask import Blueprint

from placement.accounts.models import Role

bp = Blueprint("students", __name__, url_prefix="/students")
responsibility = Blueprint("responsibility", __name__, url_prefix="/responsibility")
STAFF = (Role.COUNSELOR, Role.UNIVERSITY, Role.PROVINCE)
HELPERS = (Role.COUNSELOR, Role.UNIVERSITY)
