"""HTML pages from the templates in pages/: escaped, without script, readable offline."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2

from workbook.grading.unseen import visible

STATUS_WORDS = {  # what stands in a small cell
    "no-submission": "none", "unreadable": "unread", "import-error": "import", "crashed": "crash", "timeout": "time",
    "memory": "memory", "output-limit": "output", "blocked": "blocked", "grader-error": "grader",
}  # fmt: skip


def render(template: str, **view: Any) -> str:
    """The page that a template makes of what it shows."""
    return _environment().get_template(template).render(view)


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"step": step_name, "number": number, "percent": percent}
    return environment


def _shown(value: Any) -> Any:
    return visible(value) if isinstance(value, str) else value


def step_name(slug: str) -> str:
    """ "03 users" for "03_users"."""
    return slug.replace("_", " ")


def number(value: float | None) -> str:
    """At most two decimals, none that is zero; a dash for none."""
    return "–" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def percent(share: float | None) -> str:
    """A share as whole percent. Only what is whole is 100, and only nothing is 0."""
    if share is None:
        return "–"
    whole = round(100 * share)
    if 0 < share < 1:
        whole = min(max(whole, 1), 99)
    return str(whole)
