"""The pages that join domains."""

from placement.desk.views.home import bp as home

blueprints = (home,)
