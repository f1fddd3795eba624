"""What the index consists of, and the reading of weights."""

from __future__ import annotations

import pytest

from sme_analysis import risk
from sme_analysis.errors import DataError, ParameterError
from sme_analysis.risk import declared, tables
from sme_analysis.risk.model import model


def test_six_dimensions_of_a_handful_of_indicators_each():
    table = risk.structure()
    parents = dict(zip(table["code"], table["parent"], strict=True))
    assert list(risk.dimensions()) == [
        "political", "economic", "social", "environmental", "compliance", "ties",
    ]  # fmt: skip

    def dimension(code: str) -> str:
        while parents[code] != "risk":
            code = parents[code]
        return code

    leaves = table[table["measure"].notna() & (table["panel"] != "user")]
    counts = leaves["code"].map(dimension).value_counts()
    assert counts.between(3, 13).all()
    assert set(counts.index) == set(risk.dimensions())


def test_what_a_caller_changes_is_its_own():
    table = risk.structure()
    table["name"] = "changed"
    assert "changed" not in set(risk.structure()["name"])
    index = model().index(2024, risk.weights("equal"))
    for name in ("scores", "weights"):
        frame = getattr(index, name)
        frame.iloc[:, -1] = -1.0
        assert not (getattr(index, name).iloc[:, -1] == -1.0).any(), name


def test_every_indicator_names_where_it_comes_from(shipped):
    table = risk.structure()
    leaves = table[table["measure"].notna()]
    assert leaves["direction"].isin(["higher_is_safer", "higher_is_riskier"]).all()
    for row in leaves[leaves["panel"] != "user"].itertuples():
        source = shipped[row.table]
        if "indicator" in source.columns and isinstance(row.indicator, str):
            assert (source["indicator"] == row.indicator).any(), row.code
    assert table.loc[table["measure"].isna(), "direction"].isna().all()


def test_the_classes_of_the_oecd_are_no_input():
    assert "oecd_country_risk" not in set(risk.structure()["table"].dropna())


@pytest.mark.parametrize("preset", ["equal", "cautious_lender", "exporter", "plant_builder"])
def test_presets_weigh_all_six(preset):
    found = risk.weights(preset)
    assert list(found) == list(risk.dimensions())
    assert sum(found.values()) > 0


def test_presets_have_reasons(shipped):
    assert shipped["risk_weights"]["reason"].str.len().gt(10).all()
    assert risk.presets().index[0] == "equal"


def test_weights_as_text_mapping_and_preset_agree():
    assert risk.weights("Cautious Lender") == risk.weights("cautious_lender")
    as_text = risk.weights(" political = 2 , ties=0.5 ")
    assert as_text == risk.weights({"political": 2, "ties": 0.5})
    assert as_text["social"] == 1.0


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("cautious_lendr", ["cautious_lendr", "did you mean"]),
        ("politcal=2", ["politcal", "political"]),
        ("political=two", ["political", "'two'"]),
        ("political=-1", ["political", "-1"]),
        ("political=nan", ["political", "nan"]),
        ("political=inf", ["political", "inf"]),
        ("political", ["political"]),
        ("political=1,political=2", ["twice"]),
        ("political=2, =3", ["dimension=number"]),
        ({"political": True}, ["political", "True"]),
        (dict.fromkeys(risk.dimensions(), 0), ["zero"]),
        (3, ["int"]),
    ],
)
def test_bad_weights_get_one_sentence(wanted, words):
    with pytest.raises(ParameterError) as caught:
        risk.weights(wanted)
    for word in words:
        assert word in str(caught.value)


def test_changing_a_row_of_the_structure_changes_the_index(shipped):
    table = shipped["risk_structure"].copy()
    table = table[table["code"] != "inequality"]
    changed = risk.score(tables={"risk_structure": table}).set_index("iso3")
    nominal = risk.score().set_index("iso3")
    known = sorted(set(changed.index) & set(nominal.index))
    assert not changed.loc[known, "social"].equals(nominal.loc[known, "social"])
    assert changed.loc[known, "political"].equals(nominal.loc[known, "political"])


def test_unknown_tables_are_refused(shipped):
    with pytest.raises(ParameterError, match="governance_indicator"):
        tables.gather({"governance_indicator": shipped["governance_indicators"]})


def test_parsed_weights_do_not_depend_on_the_case():
    assert declared.weights("POLITICAL=2")["political"] == 2.0


def test_own_indicators_are_checked(shipped):
    import pandas as pd

    good = pd.DataFrame(
        {"iso3": ["VNM"], "year": [2023], "indicator": ["hazard_losses"], "value": [1.0]}
    )
    assert len(tables.gather(None, good)["own"]) == 1
    with pytest.raises(DataError, match="lack the column 'value'"):
        tables.gather(None, good.drop(columns="value"))
    with pytest.raises(DataError, match="hazard_loses"):
        tables.gather(None, good.assign(indicator="hazard_loses"))
    with pytest.raises(DataError, match="twice"):
        tables.gather(None, pd.concat([good, good]))
