"""What is shown: self-contained, and the same numbers as the indicators."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html import escape

import pandas as pd
import pytest
from rich.console import Console

from zizhu.report import comparison, report_html, verdict, words
from zizhu.report.tables import becomes_domestic, by_region, by_sector, csv_tables


def plain(content, width=80):
    stream = io.StringIO()
    Console(file=stream, width=width).print(content)
    return stream.getvalue()


@pytest.fixture(scope="module")
def html(war):
    return report_html(war)


def test_report_loads_nothing_from_outside(html):
    """Scripts and styles are inside; the plotly library carries addresses that it never loads."""
    for tag in re.findall(r"<(?:script|link|img|iframe|source)\b[^>]*>", html):
        assert " src=" not in tag, tag
        assert " href=" not in tag, tag
    own = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    assert "http" not in own
    assert "@import" not in own
    assert "url(" not in own


def test_report_says_what_it_rests_on(html, war):
    for text in (
        war.scenario.title,
        words.headline(war),
        words.doubt(war),
        words.audit_line(war),
        words.options_line(war),
        war.world.notes[0],
        war.manifest["world"]["sha256"][:16],
    ):
        assert escape(text) in html, text
    for variant in war.variants:
        assert variant.title in html
    for source in war.scenario.sources:
        assert escape(source) in html
    assert html.count("<h2>") == 6


def test_report_escapes_what_users_write(quick):
    outcome = quick("baseline", "title=<script>alert(1)</script>", "context=a < b & c")
    html = report_html(outcome)
    assert "<script>alert" not in html
    assert "a &lt; b &amp; c" in html
    assert "No measure." in html


def test_verdict_fits_eighty_columns(war):
    text = plain(verdict(war))
    assert max(map(len, text.splitlines())) <= 80
    flat = " ".join(text.split())
    assert words.headline(war) in flat
    assert words.audit_line(war) in flat
    # Twelve regions that move most, and how far the others do.
    income = war.real_income
    moved = sorted(war.world.regions, key=lambda region: -abs(float(income.sel(region=region))))
    named = [region for region in moved if war.world.region_name(region)[:20] in text]
    assert len(named) == 12
    assert set(moved[:11]) <= set(named)
    rest = [float(income.sel(region=region)) for region in moved if region not in named]
    assert f"17 more regions, real income between {min(rest):+.2f} and {max(rest):+.2f}" in flat
    assert "What becomes domestic in China" in text
    assert "What drives it" in text


def test_headline_follows_the_numbers(quick):
    text = words.headline(quick("decoupling"))
    income = quick("decoupling").real_income
    assert text.startswith(f"China loses {-float(income.sel(region='CHN')):.2f} percent")
    assert "largest loss elsewhere is Japan" in text
    assert words.headline(quick("baseline")).startswith("Nothing changes")
    assert words.doubt(quick("decoupling")) == ""


def test_doubt_leaves_unstable_bases_out(war):
    """With scale economies in full the base is unstable and not in the range."""
    unstable = [v for v in war.variants if not v.stable]
    assert [v.name for v in unstable] == ["full-scale"]
    stable = [v.real_income["CHN"] for v in war.variants if v.stable]
    stable.append(float(war.real_income.sel(region="CHN")))
    low, high = words.signed(min(stable)), words.signed(max(stable))
    assert f"changes by {low} to {high}." in words.doubt(war)
    # Had it been solved and the lowest, the range would be another one.
    lowest = replace(unstable[0], real_income=dict.fromkeys(war.world.regions, -9.0))
    others = tuple(lowest if v.name == "full-scale" else v for v in war.variants)
    assert words.doubt(replace(war, variants=others)) == words.doubt(war)
    assert words.variant_value(lowest, "CHN").endswith(" !")
    assert "the base is unstable" in " ".join(words.variant_notes(war))


def test_comparison(quick):
    text = plain(comparison([quick("decoupling"), quick("baseline")]), 100)
    assert "decoupling" in text
    assert text.count("largest residual") == 2
    assert text.count("deficits fixed") == 2
    china = next(line for line in text.splitlines() if line.startswith("China"))
    assert china.split()[1:] == [
        f"{float(quick('decoupling').real_income.sel(region='CHN')):+.2f}",
        "0.00",
    ]


def test_tables_pick_from_the_indicators(war):
    regions = by_region(war)
    assert list(regions.index) == list(war.world.regions)
    assert regions.real_income["CHN"] == float(war.real_income.sel(region="CHN"))
    change = (war.tariff_revenue - war.tariff_revenue_base).sel(region="USA")
    assert regions.tariff_revenue["USA"] == float(change)
    sectors = by_sector(war, "CHN")
    assert sectors.output_volume["C26"] == float(war.output_volume.sel(region="CHN", sector="C26"))
    assert sectors.use_share.sum() == pytest.approx(1)
    top = becomes_domestic(war, 5).self_sufficiency_change.abs()
    assert len(top) == 5
    assert top.is_monotonic_decreasing
    assert top.max() <= sectors.self_sufficiency_change.abs().max()


def test_csv_tables(war, quick):
    tables = csv_tables(war)
    assert set(tables) == {"regions", "sectors", "flows", "definitions", "variants", "drivers"}
    assert len(tables["regions"]) == 29
    assert len(tables["sectors"]) == 29 * 38
    assert len(tables["flows"]) == 29 * 38 * 29
    assert set(tables["definitions"].indicator) == set(map(str, war.indicators))
    assert len(tables["variants"]) == 29 * sum(bool(v.real_income) for v in war.variants)
    assert isinstance(tables["drivers"], pd.DataFrame)
    assert set(csv_tables(quick("decoupling"))) == {"regions", "sectors", "flows", "definitions"}


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0.00"), (-0.004, "0.00"), (0.5, "+0.50"), (-1.234, "-1.23")]
)
def test_signed(value, text):
    assert words.signed(value) == text
    assert words.money(1000 * value, "USD") == f"{words.signed(value, 1)} bn USD"
