"""What published tables call their units, final uses and sectors."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from zizhu.errors import WorldError
from zizhu.world.classification import is_good, is_manufacturing
from zizhu.world.published.final_use_codes import MEANINGS, PUBLISHED, spelled
from zizhu.world.published.final_uses import meanings
from zizhu.world.published.isic3 import SECTIONS_3, TO_REV_4, rev_4
from zizhu.world.published.sectors import CLASSIFICATIONS, read_sectors
from zizhu.world.published.units import Unit, currency_code, read_unit

UNITS = {
    "millions of US$": (1.0, "USD"),
    "Million US$": (1.0, "USD"),
    "current million US$": (1.0, "USD"),
    "Million USD": (1.0, "USD"),
    "Mill USD": (1.0, "USD"),
    "M USD": (1.0, "USD"),
    "mn USD": (1.0, "USD"),
    "000 USD": (1e-3, "USD"),
    "\u2018000 US$": (1e-3, "USD"),
    "1000 US$": (1e-3, "USD"),
    "1,000 USD": (1e-3, "USD"),
    "tn USD": (1e6, "USD"),
    "USD bn": (1e3, "USD"),
    "US$": (1e-6, "USD"),
    "\uff35\uff33\uff24": (1e-6, "USD"),
    "M.EUR": (1.0, "EUR"),
    "MEUR": (1.0, "EUR"),
    "MIO EUR": (1.0, "EUR"),
    "Tsd. EUR": (1e-3, "EUR"),
    "nominal million euros": (1.0, "EUR"),
    "m€": (1.0, "EUR"),
    "RMB mn": (1.0, "CNY"),
    "万元": (1e-2, "CNY"),
    "亿元": (1e2, "CNY"),
    "10000 CNY": (1e-2, "CNY"),
    "million": (1.0, None),
    "million dollars": (None, None),
    "$": (None, None),
    "kg": (None, None),
    "thousand persons": (None, None),
    "M.EUR/hour": (None, "EUR"),
    "": (None, None),
}


@pytest.mark.parametrize(("text", "wanted"), UNITS.items())
def test_units_are_read_as_far_as_they_say(text, wanted):
    found = read_unit(text)
    assert found.currency == wanted[1]
    assert found.factor == (wanted[0] if wanted[0] is None else pytest.approx(wanted[0], rel=1e-14))


def test_rmb_is_cny():
    assert [currency_code(text) for text in ("RMB", "rmb", "CNY", "usd")] == ["CNY"] * 3 + ["USD"]
    assert read_unit("bn RMB") == Unit(1e3, "CNY")


# By table: household | government | investment, then what is no use of a region.
USES = {
    "OECD": ("HFCE NPISH DPABR P33 DIRP", "GGFC", "GFCF INVNT INV", "DISC OUT TOTAL"),
    "WIOD 2013": ("c37 c38", "c39", "c41 c42", ""),
    "WIOD 2016": ("CONS_h CONS_np", "CONS_g", "GFCF INVEN", "GO"),
    "FIGARO": ("P3_S14 P3_S15", "P3_S13", "P51G P52 P5M P53", "P6 TU"),
    "EXIOBASE": ("y01 y02.a F_HOUS", "y02.b F_GOVE", "y04 y05.a y05.b I_CHVA", "y06 X_TOTA"),
}


@pytest.mark.parametrize("table", USES)
def test_codes_of_published_tables_are_known(table):
    for use, codes in zip(("household", "government", "investment"), USES[table], strict=False):
        for code in codes.split():
            assert MEANINGS[spelled(code)] == use, code
    for code in USES[table][3].split():
        assert MEANINGS[spelled(code)] in ("exports", "total", "discrepancy"), code


def test_names_of_published_tables_are_known():
    names = [
        ("Household final consumption P.3h", "household"),
        ("Non-profit institutions serving households P.3n", "household"),
        ("Government final consumption P.3g", "government"),
        ("Gross fixed capital formation P.51", "investment"),
        ("Acquisitions less disposals of valuables P.53", "investment"),
        ("Final consumption expenditure by government", "government"),
        ("Changes in valuables", "investment"),
        ("Exports: Total (fob)", "exports"),
    ]
    assert [MEANINGS[spelled(name)] for name, _ in names] == [use for _, use in names]


def test_no_code_means_two_things():
    told: dict[str, str] = {}
    for known in PUBLISHED.values():
        for label, meaning in known.items():
            assert told.setdefault(spelled(label), meaning) == meaning, label


def test_what_is_not_known_is_refused_and_what_holds_nothing_is_no_matter():
    for category in ("G", "INVESTMENTS", "Consumption", "P3", "gggfc"):
        with pytest.raises(WorldError, match=rf"final use '{category}' is not known; .* uses="):
            meanings([category], {}, "table", {category})
    assert meanings(["G", "HFCE"], {}, "table", {"HFCE"}) == ({"HFCE": "household"}, ("HFCE",))
    # Capital formation as a whole is investment, or the sum of its parts.
    assert meanings(["P5"], {}, "table", {"P5"})[0] == {"P5": "investment"}
    both = ["P5", "P51G"]
    assert meanings(both, {}, "table", set(both))[0] == {"P5": "total", "P51G": "investment"}


WIOD_2013 = (
    "AtB C 15t16 17t18 19 20 21t22 23 24 25 26 27t28 29 30t33 34t35 36t37 E F 50 51 52 H 60 61 62 "
    "63 64 J 70 71t74 L M N O P"
)
RECOGNISED = {
    WIOD_2013: {"C": (5, 6, 7, 8, 9), "20": (16,), "36t37": (31, 32), "E": (35, 36), "M": (85,)},
    "C01T05AGR C10T14MIN C15T16FOD C20WOD": {"C10T14MIN": (5, 6, 7, 8, 9), "C20WOD": (16,)},
    "01T03 05T06 07T08 09 10T12": {"05T06": (5, 6), "10T12": (10, 11, 12)},
    "D01T02 D03 D05T06 D35": {"D05T06": (5, 6), "D35": (35,)},
    "A01 B C10-C12 C31_C32 D35 R_S": {"C31_C32": (31, 32), "D35": (35,)},
    "CPA_A01 CPA_B CPA_C10T12 CPA_N80T82": {"CPA_N80T82": (80, 81, 82), "CPA_A01": (1,)},
    "A B C D E F G H I J K L M N O P Q R S": {"B": (5, 6, 7, 8, 9), "L": (68,)},
    "C26 other": {"C26": (26,), "other": ()},
    "i01.a i15.b i27.a p36 i40.11.a": {"i27.a": (24,), "i40.11.a": (35,)},
    "c" + " c".join(map(str, range(1, 36))): {"c2": (5, 6, 7, 8, 9), "c35": (97, 98)},
}
UNCLEAR = (
    "A B C D E F G H I J K L M N O P Q",
    "A M S",
    "19 20",
    "C10 C11",
    "D35",
    "01 02 03",
    "C26 C10T99",
    "D15 C26",
)


@pytest.mark.parametrize("labels", RECOGNISED)
def test_a_classification_is_recognised_by_all_its_labels(labels):
    found = read_sectors(labels.split(), None, "table")
    for sector, divisions in RECOGNISED[labels].items():
        assert found.divisions[sector] == divisions
    assert "recognised" in found.note


@pytest.mark.parametrize("labels", UNCLEAR)
def test_what_could_be_several_has_no_divisions_and_says_so(labels):
    found = read_sectors(labels.split(), None, "table")
    assert set(found.divisions.values()) == {()}
    assert "classification (ISIC4, ISIC3)" in found.note


def test_names_that_are_no_codes_have_no_divisions():
    for labels in (
        ["food", "mining"],
        ["Construction", "Transport"],
        [f"c{n}" for n in range(1, 9)],
    ):
        assert set(read_sectors(labels, None, "table").divisions.values()) == {()}


def test_the_owner_decides():
    letters = list("ABCDEFG")
    old = read_sectors(letters, "ISIC3", "table").divisions
    new = read_sectors(letters, "NACE Rev. 2".replace(" Rev. ", ""), "table").divisions
    assert (old["C"], new["C"]) == ((5, 6, 7, 8, 9), tuple(range(10, 34)))
    assert old["D"] == tuple(range(10, 34))
    found = read_sectors(["C", "tools"], "ISIC4", "table")
    assert found.divisions["tools"] == ()
    assert "without divisions: tools" in found.note
    assert set(read_sectors(["C26"], "none", "table").divisions.values()) == {()}
    assert read_sectors(["c2", "c3"], "WIOD2013", "table").divisions["c2"] == (5, 6, 7, 8, 9)
    assert all(len(name) <= 10 for name in CLASSIFICATIONS)


def test_old_divisions_are_those_of_the_united_nations_correspondence():
    """Every pair is in it, an old division has what most of its classes lead to among its kind."""
    links: dict[int, dict[int, int]] = {}
    with open(Path(__file__).parent / "isic31_isic4_divisions.csv", encoding="utf-8") as text:
        for row in csv.DictReader(text):
            links.setdefault(int(row["rev_3_1"]), {})[int(row["rev_4"])] = int(row["classes"])
    assert set(links) == set(TO_REV_4)
    for old, new in TO_REV_4.items():
        assert set(new) <= set(links[old]), old
        # Repair (33) and mining support (9) are collected from many, and nobody's main part.
        kind = {
            one: n
            for one, n in links[old].items()
            if (one <= 33) == (old <= 37) and one not in (9, 33)
        }
        assert not kind or max(kind[one] for one in new if one in kind) == max(kind.values()), old
    reached = {one for new in TO_REV_4.values() for one in new}
    every = {one for found in links.values() for one in found}
    assert every - reached == {9, 33}


def test_sections_of_rev_3_stay_what_they_are():
    def of(section):
        low, high = SECTIONS_3[section]
        return rev_4(tuple(one for one in TO_REV_4 if low <= one <= high))

    assert of("C") == (5, 6, 7, 8, 9)
    assert of("D") == tuple(range(10, 34))
    assert is_manufacturing(of("D"))
    assert not is_manufacturing(of("C"))
    assert is_good(of("C"))
    assert not is_good(of("E"))
    assert rev_4((36, 37)) == (31, 32)
    assert rev_4((37,)) == (38,)
