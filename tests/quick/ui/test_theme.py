"""Colours can be read and told apart, in both themes and by colour-blind readers."""

import itertools
import tomllib

import numpy as np
import pytest

from analysis import load_catalog
from tests.support import PROJECT
from ui import theme

PALETTES = [theme.LIGHT, theme.DARK]
READABLE = 4.5  # WCAG 2.2, 1.4.3: text below 18 pt
VISIBLE = 3.0  # WCAG 2.2, 1.4.11: graphical objects
APART = 11.0  # CIEDE2000; 2.3 is a just noticeable difference between large patches
# Machado, Oliveira & Fernandes (2009), severity 1: protanopia, deuteranopia, tritanopia; linear RGB.
BLINDNESS = {
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.95047, 1, 1.08883])


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((float(TO_XYZ[1] @ linear(one)), float(TO_XYZ[1] @ linear(other))), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> tuple[float, float, float]:
    t = TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    f = np.where(t > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116)
    return float(116 * f[1] - 16), float(500 * (f[0] - f[1])), float(200 * (f[1] - f[2]))


def distance(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """CIEDE2000, after Sharma, Wu & Dalal (2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    lm, cm, hm = (l1 + l2) / 2, (c1 + c2) / 2, (h1 + turn / 2) % 360
    t = (
        1
        - 0.17 * np.cos(np.radians(hm - 30))
        + 0.24 * np.cos(np.radians(2 * hm))
        + 0.32 * np.cos(np.radians(3 * hm + 6))
        - 0.2 * np.cos(np.radians(4 * hm - 63))
    )
    sl = 1 + 0.015 * (lm - 50) ** 2 / np.sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    rt = -np.sin(np.radians(60 * np.exp(-(((hm - 275) / 25) ** 2)))) * 2 * np.sqrt(cm**7 / (cm**7 + 25**7))
    parts = ((l2 - l1) / sl, (c2 - c1) / sc, dh / sh)
    return float(np.sqrt(parts[0] ** 2 + parts[1] ** 2 + parts[2] ** 2 + rt * parts[1] * parts[2]))


def test_the_distance_is_that_of_the_published_example() -> None:
    assert distance((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
def test_text_and_series_can_be_read_on_paper_and_panel(palette: theme.Palette) -> None:
    lines = [*palette.categories, palette.other, palette.ink, palette.muted, palette.brand, palette.amber]
    for colour, ground in itertools.product(lines, (palette.paper, palette.panel)):
        assert contrast(colour, ground) >= READABLE, (colour, ground, contrast(colour, ground))
    for colour in (palette.not_recorded, palette.hatch):
        assert contrast(colour, palette.paper) >= VISIBLE, colour
    assert contrast(palette.on_restricted, palette.restricted) >= READABLE
    assert contrast(palette.hatch, palette.hidden) >= 2.4, "the hatch is seen on its grey"


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
@pytest.mark.parametrize("kind", BLINDNESS)
def test_six_categories_stay_apart_for_every_reader(palette: theme.Palette, kind: str) -> None:
    seen = {colour: lab(BLINDNESS[kind] @ linear(colour)) for colour in palette.categories}
    assert len(seen) == theme.MOST_CATEGORIES
    for one, other in itertools.combinations(seen, 2):
        assert distance(seen[one], seen[other]) >= APART, (kind, one, other, distance(seen[one], seen[other]))


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
@pytest.mark.parametrize("kind", BLINDNESS)
def test_five_classes_are_steps_for_every_reader(palette: theme.Palette, kind: str) -> None:
    for scale in (palette.sequential, palette.diverging):
        seen = [lab(BLINDNESS[kind] @ linear(colour)) for colour in scale]
        assert len(seen) == 5
        for n, (one, other) in enumerate(itertools.pairwise(seen)):
            assert distance(one, other) >= 8, (kind, scale[n], scale[n + 1], distance(one, other))
    light = [lab(linear(colour))[0] for colour in palette.sequential]
    assert light == sorted(light, reverse=palette.name == "light"), "more is further from the paper"


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
def test_the_configuration_has_the_same_colours(palette: theme.Palette) -> None:
    config = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"][palette.name]
    assert config["primaryColor"] == config["linkColor"] == palette.brand
    assert config["backgroundColor"] == palette.paper
    assert config["secondaryBackgroundColor"] == palette.panel
    assert config["textColor"] == palette.ink
    assert config["borderColor"] == palette.border


def test_the_server_keeps_to_this_machine_and_tells_nobody() -> None:
    config = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert config["server"]["address"] == "127.0.0.1"
    assert config["browser"]["gatherUsageStats"] is False
    assert config["client"]["showErrorDetails"] == "none"
    assert "http" not in (PROJECT / ".streamlit" / "config.toml").read_text("utf-8")


def test_a_code_has_one_colour_and_unclear_codes_are_grey() -> None:
    form = load_catalog().dimensions["form"]
    colours = [theme.colour_of(theme.LIGHT, form, code) for code in form.codes]
    assert len(set(colours)) == len(colours)
    assert theme.colour_of(theme.LIGHT, form, "forced_labour") == theme.LIGHT.categories[1]
    assert theme.colour_of(theme.LIGHT, form, "other") == theme.LIGHT.other
    assert theme.colour_of(theme.LIGHT, form, "not_recorded") == theme.LIGHT.not_recorded
    assert theme.colour_of(theme.LIGHT, form, "=cmd()") == theme.LIGHT.other
    assert theme.colour_of(theme.DARK, None, "") == theme.DARK.brand


def test_the_style_sheet_has_no_colour_left_out() -> None:
    css = theme.page_css(theme.LIGHT)
    assert "$" not in css
    assert theme.LIGHT.restricted in css
