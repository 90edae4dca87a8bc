"""Two people wrote the same row: what is stored beside what was typed."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from placement.web import PlacementForm


def differences(form: PlacementForm, stored: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Give label, stored and typed value of each field that differs, and let the form be saved.

    `stored` is what the form would be filled with now, its version among it: what was typed may be
    saved over it, now that both were seen.
    """
    fresh = dict(stored)
    form["version"].data, form["version"].raw_data = str(fresh.pop("version", 0)), None
    return [
        (str(form[name].label.text), _shown(form, name, value), _shown(form, name, typed))
        for name, value in fresh.items()
        if (value or None) != ((typed := form[name].data) or None)
    ]


def _shown(form: PlacementForm, name: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    if isinstance(value, list | tuple):
        return str(gettext(", ")).join(_shown(form, name, one) for one in value)
    choices = getattr(form[name], "iter_choices", None)
    labels = {} if choices is None else {str(c.value): str(c.label) for c in choices()}
    return labels.get(str(value), str(value)) if value is not None else ""
