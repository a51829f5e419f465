"""The shipped panels of sectors: identities, sources, errors, and the same again from the data."""

import gzip
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.errors import EvidenceError
from zizhu.history.sectors import sector_series
from zizhu.history.sectors.build import shares, texts
from zizhu.history.sectors.read import PANELS, read_sectors, table_path

DATA = os.environ.get("ZIZHU_DATA", "")


@pytest.mark.parametrize(
    ("panel", "countries", "sectors", "years"),
    [("icio", 45, 27, 12), ("wiod", 40, 16, 17), ("groups", 1, 21, 5)],
)
def test_size(panel, countries, sectors, years):
    found = sector_series(panel)
    assert len({one.region for one in found}) == countries
    assert len({one.sector for one in found}) == sectors
    assert max(len(one.years) for one in found) == years
    assert len({one.name for one in found}) == len(found)
    for one in found:
        assert ((one.percents >= 0) & (one.percents <= 100)).all()
        assert (np.diff(one.years) > 0).all()


def test_world_shares_leave_room_for_the_rest():
    for panel in ("icio", "wiod"):
        total = {}
        for one in sector_series(panel):
            if one.kind != "home":
                for year, percent in zip(one.years, one.percents, strict=True):
                    key = (one.kind, one.sector, year)
                    total[key] = total.get(key, 0.0) + percent
        assert max(total.values()) <= 100.01


def test_known_shares():
    """What the sources say of two cells."""
    found = {one.name: one for one in sector_series("icio")}
    china = found["output CHN C26"]
    assert 35 < china.percents[-1] < 55
    groups = {one.sector: one for one in sector_series("groups")}
    np.testing.assert_allclose(
        groups["electronic_components"].percents, [32.19, 45.21, 49.21, 58.32, 57.14], atol=0.01
    )


@given(st.integers(0, 1000), st.floats(0.1, 1e6))
def test_shares_have_no_currency(seed, scale):
    sales = np.random.default_rng(seed).uniform(0, 1, (4, 3, 4))
    one, other = shares(sales), shares(scale * sales)
    for kind in one:
        np.testing.assert_allclose(one[kind], other[kind], rtol=1e-9)
    np.testing.assert_allclose(one["output"].sum(axis=0), 100)
    np.testing.assert_allclose(one["exports"].sum(axis=0), 100)
    own = sales[range(4), :, range(4)] / sales.sum(axis=0).T
    np.testing.assert_allclose(one["home"], 100 * own)


def test_nothing_to_share_is_not_a_number():
    sales = np.zeros((2, 1, 2))
    assert all(np.isnan(one).all() for one in shares(sales).values())


@pytest.mark.parametrize("panel", PANELS)
def test_sources_are_named(panel):
    with gzip.open(table_path(panel), "rt", encoding="utf-8") as opened:
        assert opened.readline().startswith("# source: computed from")
        assert opened.readline().startswith("# licence: ")


def test_errors(tmp_path: Path):
    with pytest.raises(EvidenceError, match="'nothing' found; icio, wiod, groups are right"):
        sector_series("nothing")
    file = tmp_path / "panel.csv.gz"
    file.write_bytes(b"no gzip")
    with pytest.raises(EvidenceError, match="cannot be read"):
        read_sectors(file)
    file.write_bytes(gzip.compress(b"# source: x\nkind,sector\n"))
    with pytest.raises(EvidenceError, match="kind,region,sector and years are right"):
        read_sectors(file)
    file.write_bytes(gzip.compress(b"# source: x\nkind,region,sector,2000\nhome,CHN,C26,much\n"))
    with pytest.raises(EvidenceError, match="line 3"):
        read_sectors(file)


@pytest.mark.long
@pytest.mark.skipif(not (Path(DATA) / "icio_cube").is_dir(), reason="needs the raw tables")
def test_rebuilt_from_the_sources():
    for panel, text in texts(DATA).items():
        with gzip.open(table_path(panel), "rt", encoding="utf-8") as opened:
            assert opened.read() == text
