"""Properties of the three-valued logic (rule M1)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.engine.assertion import Branch, Leaf
from service.engine.criteria import Evaluation
from service.engine.facts import Facts
from service.engine.model import Patient, Truth
from tests.engine.small import case, small_rulebook

NAMES = ("a", "b", "c", "d")
RULEBOOK = small_rulebook()

leaves = st.sampled_from([Leaf("condition", name) for name in NAMES])
trees = st.recursive(
    leaves,
    lambda inner: st.builds(
        Branch, st.sampled_from(("all", "any", "none")), st.lists(inner, max_size=3).map(tuple)
    ),
    max_leaves=10,
)
known = st.dictionaries(st.sampled_from(NAMES), st.booleans())


def truth(tree: Branch | Leaf, conditions: dict[str, bool]) -> Truth:
    """Evaluate a tree when only these conditions are known."""
    asked = case(patient=Patient(conditions=conditions))
    return Evaluation(RULEBOOK, asked, Facts(RULEBOOK, asked)).truth(tree)


@given(tree=trees, some=known, more=known)
def test_what_is_decided_stays_decided_when_more_is_known(tree, some, more):
    """M1: A predicate is true, false or unknown, and criteria follow Kleene's strong logic."""
    before = truth(tree, some)
    after = truth(tree, {**more, **some})
    assert before in (Truth.UNKNOWN, after)


@given(tree=trees, conditions=known)
def test_a_known_value_is_that_of_every_completion(tree, conditions):
    """M1: the converse bound: with nothing missing there is no unknown."""
    complete = {name: conditions.get(name, False) for name in NAMES}
    assert truth(tree, complete) is not Truth.UNKNOWN


@given(children=st.lists(trees, max_size=4).map(tuple), conditions=known)
def test_none_is_the_negation_of_any_and_obeys_de_morgan(children, conditions):
    """M1: ``none`` of several is ``all`` of their negations."""
    none = truth(Branch("none", children), conditions)
    negated = tuple(Branch("none", (child,)) for child in children)
    assert none is Truth(2 - truth(Branch("any", children), conditions))
    assert none is truth(Branch("all", negated), conditions)
    assert truth(
        Branch("none", (Branch("none", (Branch("all", children),)),)), conditions
    ) is truth(Branch("all", children), conditions)


@given(children=st.lists(trees, min_size=1, max_size=4), conditions=known, data=st.data())
def test_the_order_of_criteria_does_not_matter(children, conditions, data):
    """M1: ``all`` and ``any`` are commutative and idempotent."""
    shuffled = data.draw(st.permutations(children))
    for op in ("all", "any", "none"):
        once = truth(Branch(op, tuple(children)), conditions)
        assert once is truth(Branch(op, tuple(shuffled)), conditions)
        assert once is truth(Branch(op, (*children, *children)), conditions)


@given(tree=trees, conditions=known)
def test_the_missing_facts_of_an_unknown_tree_are_named(tree, conditions):
    """M1: an unknown tree names at least one missing fact; settling all of them decides it."""
    asked = case(patient=Patient(conditions=conditions))
    evaluator = Evaluation(RULEBOOK, asked, Facts(RULEBOOK, asked))
    if evaluator.truth(tree) is not Truth.UNKNOWN:
        return
    missing = {leaf.value for leaf, _ in evaluator.deciding_leaves(tree, Truth.UNKNOWN)}
    assert missing
    assert not missing & set(conditions)
    settled = {**conditions, **dict.fromkeys(missing, True)}
    assert truth(tree, settled) is not Truth.UNKNOWN
