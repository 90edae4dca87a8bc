"""The headers of every answer: no foreign code, no frames, nothing kept in a shared computer."""

from flask import Flask, Response, g, request

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'; manifest-src 'self'"
)


def init_headers(app: Flask, *, https: bool) -> None:
    """Set the security headers after every request; a view may set a stricter policy itself."""

    def set_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault(
            "Permissions-Policy",
            "camera=(self), geolocation=(), microphone=(), payment=()",
        )
        if https:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        is_static = str(request.endpoint).endswith("static")
        if getattr(g, "viewer", None) is not None or not is_static:
            headers["Cache-Control"] = "no-store"
        return response

    app.after_request(set_headers)
