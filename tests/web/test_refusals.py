"""Refusals on pages: in the page's language, with their values in place."""

import ast
from collections.abc import Iterator
from pathlib import Path

from flask_babel import force_locale

from placement.errors import InvalidValueError, PlacementError
from placement.web import refusal
from placement.web.catalogues import merged_catalogue

PACKAGE = Path(__file__).parent.parent.parent / "placement"
# What these raise is read at a terminal or in a log, in English.
AT_A_TERMINAL = {
    "audit",
    "backup",
    "cli",
    "demo",
    "keys",
    "services",
    "config.py",
    "migrate.py",
    "rotation.py",
}
# What a setting or a worker raises; and a refused file, whose words have a table of their own.
OF_NO_PAGE = {"ConfigurationError", "LeaseLostError", "WorkCancelledError", "FileRefusedError"}


def test_every_refusal_that_a_page_can_show_has_its_chinese():
    catalogue = merged_catalogue()
    missing = sorted(
        f"{path.relative_to(PACKAGE)}: {text!r}"
        for path, text in refusals()
        if not catalogue.get(text) or not catalogue.get(text).string
    )

    assert not missing, "\n".join(missing)


def test_values_are_filled_in_after_the_translation(app):
    error = InvalidValueError(
        "Stand %(number)s is taken.", remedy="Choose another number.", number="A1"
    )

    with app.test_request_context(), force_locale("en"):
        english = refusal(error)
    with app.test_request_context(), force_locale("zh_Hans_CN"):
        chinese = refusal(error)

    assert str(error) == english == "Stand A1 is taken. Choose another number."
    assert chinese == "展位 A1 已被占用。请另选编号。"


def refusals() -> Iterator[tuple[Path, str]]:
    """The texts of every refusal that the rooms behind pages raise, with their files."""
    known = {error.__name__ for error in kinds(PlacementError)} - OF_NO_PAGE
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.relative_to(PACKAGE).parts[0] in AT_A_TERMINAL:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Raise) or not isinstance(node.exc, ast.Call):
                continue
            if ast.unparse(node.exc.func) not in known:
                continue
            remedies = [k.value for k in node.exc.keywords if k.arg == "remedy"]
            for text in (*node.exc.args[:1], *remedies):
                yield from ((path, words) for words in literals(text))


def kinds(error: type[PlacementError]) -> Iterator[type[PlacementError]]:
    """An error and all that are made from it."""
    yield error
    for kind in error.__subclasses__():
        yield from kinds(kind)


def literals(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may choose from."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value:
            yield part.value
