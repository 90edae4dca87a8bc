"""What a WSGI server loads: `gunicorn wsgi:app`."""

from placement.app import create_app

app = create_app()
