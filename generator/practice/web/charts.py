"""Small drawings of progress, as SVG whose colours are the stylesheet's."""

from __future__ import annotations

from markupsafe import Markup

_LOW = 0.5


def meter(share: float) -> Markup:
    """A bar that is filled to a share from 0 to 1; what it shows stands in words beside it."""
    filled = max(0.0, min(1.0, share)) * 100
    low = " low" if share < _LOW else ""
    return Markup(
        '<svg class="meter" viewBox="0 0 100 2" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="2" rx="1"/><rect class="fill{}" width="{}" height="2" rx="1"/></svg>'
    ).format(low, f"{filled:g}")
