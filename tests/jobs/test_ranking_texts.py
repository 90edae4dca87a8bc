"""Texts as terms, and the skills that two texts share."""

import numpy as np
import pytest

from placement.jobs.ranking.phrases import shared_skills, split_skills
from placement.jobs.ranking.terms import count_terms, fold, learn_weights, places_of, unit_vectors

COMMON = ["负责日常工作，服从安排"] * 30
CORPUS = [fold(text) for text in [*COMMON, "会使用用友软件与 Excel", "熟悉 MySQL、C++，维护数据库"]]
WEIGHTS = learn_weights(count_terms(CORPUS))


def terms(text):
    counts = count_terms([fold(text)])
    return dict(zip(counts.terms.tolist(), counts.matrix.toarray()[0].tolist(), strict=True))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("会计", 3, id="two-ideographs-and-their-pair"),
        pytest.param("会，计", 2, id="no-pair-across-a-comma"),
        pytest.param("Excel excel ＥＸＣＥＬ", 1, id="width-and-case-folded"),
        pytest.param("C++ C# c", 3, id="languages-told-apart"),
        pytest.param("3年 2016", 1, id="numbers-mean-nothing"),
        pytest.param("4G", 1, id="number-with-letter"),
        pytest.param("", 0, id="nothing"),
        pytest.param("!?，。", 0, id="punctuation"),
    ],
)
def test_terms_of_a_text(text, number):
    assert len(terms(text)) == number


def test_terms_count_and_do_not_run_into_the_next_text():
    counts = count_terms(["会计会计", "计会"])

    assert counts.matrix.toarray().sum(axis=1).tolist() == [7, 3]
    assert terms("会计会计")[ord("会")] == 2


def test_vectors_have_length_one_whatever_stands_beside_them():
    together = unit_vectors(count_terms(CORPUS), WEIGHTS)
    alone = unit_vectors(count_terms(CORPUS[-1:]), WEIGHTS)

    assert np.sqrt((together.toarray() ** 2).sum(axis=1)) == pytest.approx(1)
    assert together[-1].data.tolist() == alone[0].data.tolist()
    assert unit_vectors(count_terms([""]), WEIGHTS).nnz == 0


def test_term_never_seen_weighs_as_much_as_the_rarest_could():
    rare = WEIGHTS.of(count_terms(["鲸"]).terms)

    assert rare.tolist() == [WEIGHTS.unseen]
    assert WEIGHTS.unseen > WEIGHTS.weights.max()
    assert learn_weights(count_terms([])).of(count_terms(["鲸"]).terms).tolist() == [1.0]


def test_places_of_terms():
    among = np.asarray([3, 5, 8])

    assert places_of(np.asarray([1, 5, 9]), among).tolist() == [-1, 1, -1]
    assert places_of(np.asarray([1]), among[:0]).tolist() == [-1]


@pytest.mark.parametrize(
    ("skills", "text", "shared"),
    [
        ("用友、报税", "负责报税，会用友软件", ("用友", "报税")),
        ("报税；用友;报税", "用友与报税", ("报税", "用友")),
        ("Excel", "熟练使用ＥＸＣＥＬ办公", ("Excel",)),
        ("SQL", "熟悉MySQL", ()),
        ("C", "精通 C++", ()),
        ("C++", "精通 C++", ("C++",)),
        ("会", "会做账", ()),
        ("a、b、c、d", "a b c d", ("a", "b", "c")),
        ("我熟练使用用友软件", "会使用用友软件者优先", ("使用用友软件",)),
        ("能负责日常工作", "负责日常工作", ()),
        ("", "负责报税", ()),
    ],
)
def test_shared_skills_are_the_students_own_words(skills, text, shared):
    assert shared_skills(split_skills(skills), fold(text), WEIGHTS) == shared
