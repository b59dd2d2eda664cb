"""Properties of tumour relations and of what they let through (rules M11 to M13)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.engine.assertion import Branch, Leaf
from service.engine.entries import walk_leaves
from service.engine.model import Truth
from service.engine.tumors import GROUPS
from tests.property import strategies as draw

any_tumor = st.deferred(lambda: st.sampled_from(sorted(draw.rulebook().tumors.types)))


def climb(code: str) -> list[str]:
    """Return a tumour type and all its ancestors, from the parents alone."""
    types = draw.rulebook().tumors.types
    found = [code]
    while (parent := types[found[-1]].parent) is not None:
        found.append(parent)
    return found


@given(case=draw.tumors, criterion=draw.tumors)
def test_the_relation_is_computed_from_the_tree(case, criterion):
    """M11: The relation of a case to a tumour type is computed from the tree, never stored."""
    tumors = draw.rulebook().tumors
    if case == criterion:
        expected = "exact"
    elif criterion in climb(case):
        expected = "tumour_agnostic" if criterion in GROUPS else "descendant"
    else:
        expected = "broader" if case in climb(criterion) else "other"
    assert tumors.relation(case, criterion) == expected
    truths = {"other": Truth.FALSE, "broader": Truth.UNKNOWN}
    assert tumors.truth(case, criterion) is truths.get(expected, Truth.TRUE)


@given(case=any_tumor, criterion=draw.tumors)
def test_a_more_precise_tumour_type_undoes_nothing(case, criterion):
    """M11: a subtype has the value of its parent wherever the parent has one."""
    tumors = draw.rulebook().tumors
    parent = tumors.types[case].parent
    if parent is not None and (before := tumors.truth(parent, criterion)) is not Truth.UNKNOWN:
        assert tumors.truth(case, criterion) is before


@given(request=draw.requests())
def test_the_answer_shows_the_relation_that_the_tree_gives(request):
    """M11: off-label is what no named tumour type covers; broader asks for the subtype."""
    asked = draw.ask(request)
    lineage = climb(asked.case.tumor_type)
    for found in asked.matches:
        covered = any(code in lineage for code in found.entry.tumors)
        below = any(asked.case.tumor_type in climb(code) for code in found.entry.tumors)
        assert (found.relation in ("exact", "descendant", "tumour_agnostic")) == covered
        assert (found.relation == "broader") == (below and not covered)
        assert (found.applicability == "other_tumor_type") == (found.relation == "other")
        if found.relation == "broader":
            assert "tumor_type" in found.needs
            assert found.clinical_criteria == "undetermined"


def excluded_types(tree: Branch) -> set[str]:
    """Return the tumour types that a criterion excludes by name."""
    return {str(leaf.value) for leaf, negated in walk_leaves(tree) if negated}


@given(request=draw.requests(tumor=st.sampled_from(("COAD", "READ", "COADREAD", "LUSC", "LUAD"))))
def test_an_excluded_tumour_type_gets_the_regimen_from_no_other_organ(request):
    """M12: A tumour type that a label excludes by name does not get that regimen from elsewhere."""
    asked = draw.ask(request)
    lineage = set(climb(asked.case.tumor_type))
    barred = set()
    for entry in draw.rulebook().entries:
        if excluded_types(entry.assertion.criteria.tumor) & lineage:
            assert entry.assertion.id not in asked.ids
            is_label = entry.assertion.authority is not None
            if is_label and asked.dropped.get(entry.assertion.id) == "M12":
                barred.add((entry.assertion.regimen.id, entry.assertion.effect))
    for found in asked.matches:
        assertion = found.entry.assertion
        if (assertion.regimen.id, "sensitivity") in barred and assertion.effect == "sensitivity":
            assert found.relation != "other"


@given(request=draw.requests(tumor=st.sampled_from(("COADREAD", "LUAD", "STAD", "IDC"))))
def test_what_the_own_label_forbids_is_borrowed_from_nowhere(request):
    """M4: where a label of this tumour type fails, no other tumour type lends the regimen."""
    asked = draw.ask(request)
    lineage = set(climb(asked.case.tumor_type))
    asked_for = asked.case.jurisdictions
    failed = set()
    for id_, rule in asked.dropped.items():
        entry = draw.entry_of(id_)
        label = entry.assertion
        is_own = lineage & set(entry.tumors) and not excluded_types(label.criteria.tumor)
        is_asked = not asked_for or label.jurisdiction in asked_for
        stands = draw.rulebook().standings(asked.case.as_of)[id_].stands
        if rule == "M4" and label.effect == "sensitivity" and is_own and is_asked and stands:
            failed.add(label.regimen.id)
    for row in asked.report.therapies:
        if row.regimen.id in failed:
            assert row.lead.relation != "other"


@given(request=draw.requests())
def test_nothing_crosses_between_solid_tumours_and_blood_cancers(request):
    """M13: Nothing is carried between solid tumours and blood cancers."""
    asked = draw.ask(request)
    own = {"SOLID", "BLOOD"} & set(climb(asked.case.tumor_type))
    for found in asked.matches:
        sides = [{"SOLID", "BLOOD"} & set(climb(code)) for code in found.entry.tumors]
        if own and all(sides):
            assert any(side == own for side in sides)


@given(request=draw.requests(tumor=st.sampled_from(("AML", "ALCL", "HCL"))))
def test_a_blood_cancer_gets_nothing_that_covers_any_solid_tumour(request):
    """M13: the tumour-agnostic labels are about solid tumours."""
    asked = draw.ask(request)
    for found in asked.matches:
        assert set(found.entry.tumors) != {"SOLID"}


def test_every_tumour_leaf_is_a_node_of_the_tree():
    """M11: a criterion names a node; otherwise it could never hold."""
    for entry in draw.rulebook().entries:
        for leaf, _ in walk_leaves(entry.assertion.criteria.tumor):
            assert isinstance(leaf, Leaf)
            assert leaf.value in draw.rulebook().tumors.types


def truth_at(tree: Branch, code: str) -> Truth:
    """Decide a tumour part for a tumour type, by the tables of the logic alone."""
    tumors = draw.rulebook().tumors
    values = [
        tumors.truth(code, child.value) if isinstance(child, Leaf) else truth_at(child, code)
        for child in tree.children
    ]
    if tree.op == "all":
        return min(values, default=Truth.TRUE)
    highest = max(values, default=Truth.FALSE)
    return highest if tree.op == "any" else Truth(Truth.TRUE - highest)


@given(
    request=draw.requests(
        tumor=st.sampled_from(
            ("BOWEL", "LUNG", "BRAIN", "GNOS", "OVARY", "SOFT_TISSUE", "EYE", "STOMACH", "SKIN")
        )
    )
)
def test_a_broader_tumour_type_is_on_label_for_nothing_that_a_subtype_decides(request):
    """M29: A tumour type that is broader than what a label covers, or that holds a subtype which
    the label excludes, is never on label."""
    asked = draw.ask(request)
    for found in asked.matches:
        if found.relation == "other":
            continue
        tree = found.entry.assertion.criteria.tumor
        is_open = truth_at(tree, asked.case.tumor_type) is Truth.UNKNOWN
        assert is_open == ("tumor_type" in found.needs)
        if is_open:
            assert found.applicability in ("if_subtype", "investigational")
            assert found.level.reason.partition(", if the tumour is ")[2]
        else:
            assert found.applicability != "if_subtype"
            assert found.subtypes == ()
        for code in found.subtypes:
            assert truth_at(tree, code) is Truth.TRUE
            assert asked.case.tumor_type in climb(code) or asked.case.tumor_type == "GNOS"
