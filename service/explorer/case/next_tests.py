"""``/test-plan``: which missing results would decide most, and the smallest panel (rule M27)."""

from __future__ import annotations

from flask import request
from werkzeug import Response

from service.adapters.v1.plan import write_plan
from service.engine.plan import plan_tests
from service.explorer.address import understand
from service.explorer.case.answer import about_case, lead_to_canonical
from service.explorer.case.ask import refused
from service.explorer.frame import blueprint, explorer, page


@blueprint.get("/test-plan")
def test_plan() -> Response:
    """Show what to test next in the case of the address."""
    shared = explorer()
    kb = shared.knowledge
    asked = understand(kb, request.args, today=shared.today())
    led = lead_to_canonical(asked)
    if led is not None:
        return led
    if asked.read is None:
        return refused(asked)
    plan = write_plan(kb, plan_tests(kb.rulebook, asked.read.case))
    most = max((test["on_label_decisions"] for test in plan["tests"]), default=0)
    return page(
        "test_plan.html", here="test_plan", plan=plan, most=most, **about_case(shared, asked)
    )
