"""Metrics for Prometheus, right over all processes: requests, answers, items left out, knowledge.

A label is the rule of an address, a curated gene, a level or a code of a table: nothing of a case
that could name somebody.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from service.adapters.v1.case import ReadCase
from service.api.state import State
from service.engine.report import Report

blueprint = Blueprint("metrics", __name__)
EXTENSION = "therapy_match_metrics"
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST"})
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Metrics:
    """The counts of an application; of all its processes, under a server that shares a folder."""

    def __init__(self, shared: State) -> None:
        self.registry = CollectorRegistry()
        is_shared = "PROMETHEUS_MULTIPROC_DIR" in os.environ
        own: dict[str, Any] = {
            "namespace": "therapy_match",
            "registry": None if is_shared else self.registry,
        }
        self.requests: Any = Counter(
            "requests", "Requests answered.", ("method", "route", "status"), **own
        )
        self.seconds: Any = Histogram(
            "request_seconds", "Seconds until an answer began.", ("route",), buckets=_SECONDS, **own
        )
        self.matches: Any = Counter(
            "matches", "Answers with a row of this level for this gene.", ("gene", "level"), **own
        )
        self.set_apart: Any = Counter("set_apart", "Items set apart.", ("reason",), **own)
        self.not_covered: Any = Counter("not_covered", "Items of genes nobody curated.", **own)
        self.registry.register(_Knowledge(shared))
        if is_shared:
            MultiProcessCollector(self.registry)  # type: ignore[no-untyped-call]

    def count(self, read: ReadCase, report: Report) -> None:
        """Count what an answer lists, and what of its input it does not use."""
        findings = report.case.findings
        listed = {
            (findings[index].gene, row.lead.level.amp_asco_cap)
            for row in report.therapies
            for index in row.lead.findings
        }
        for gene, level in listed:
            self.matches.labels(gene, level).inc()
        for item in read.items:
            if item.fate == "set_apart":
                self.set_apart.labels(item.reason or "").inc()
            elif item.fate == "not_covered":
                self.not_covered.inc()


class _Knowledge:
    """Which knowledge answers, and how old its newest review is; told when it is asked."""

    def __init__(self, shared: State) -> None:
        self._shared = shared

    def collect(self) -> Iterator[Metric]:
        knowledge = self._shared.knowledge
        info = GaugeMetricFamily(
            "therapy_match_knowledge_info",
            "1, for the knowledge served.",
            labels=["version", "hash"],
        )
        info.add_metric([knowledge.version, knowledge.content_hash], 1)
        yield info
        newest = dt.date.fromisoformat(knowledge.meta["newest_review"])
        days = max((self._shared.today() - newest).days, 0)
        yield GaugeMetricFamily(
            "therapy_match_knowledge_age_days", "Days since the newest review.", value=days
        )


def measure(app: Flask, shared: State) -> None:
    """Count every request of an application but those of probes, and serve ``/metrics``."""
    metrics = Metrics(shared)
    app.extensions[EXTENSION] = metrics
    app.register_blueprint(blueprint)

    def start() -> None:
        g.began = time.perf_counter()

    def count(response: Response) -> Response:
        rule = request.url_rule
        route = rule.rule if rule is not None else ""
        if route not in ("/healthz", "/readyz"):
            method = request.method if request.method in _METHODS else "other"
            metrics.requests.labels(method, route, str(response.status_code)).inc()
            metrics.seconds.labels(route).observe(time.perf_counter() - g.began)
        return response

    app.before_request(start)
    app.after_request(count)


def count_answer(read: ReadCase, report: Report) -> None:
    """Count an answer, where the deployment measures."""
    metrics: Metrics | None = current_app.extensions.get(EXTENSION)
    if metrics is not None:
        metrics.count(read, report)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Give the metrics as text."""
    content = generate_latest(current_app.extensions[EXTENSION].registry)
    response = Response(content, content_type=CONTENT_TYPE_LATEST)
    response.headers["Cache-Control"] = "no-store"
    return response
