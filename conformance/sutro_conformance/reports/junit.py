"""The report as JUnit XML: one test suite for each group of clauses, one test case a clause."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree as ET

from ..judging.report import ClauseResult, Report, Verdict
from .files import write_atomically

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(report: Report, file: Path) -> None:
    """Write a report to a file as JUnit XML.

    Failures are the broken clauses that decide the exit status. Others, and what was not
    exercised, are skipped; what the network kept from being decided is an error.
    """
    suites = ET.Element("testsuites", name="sutro-jobs verify", time=str(report.seconds))
    for group, results in groupby(report.results, lambda result: result.clause.group):
        suites.append(_suite(report, group, list(results)))
    _count(suites, suites.findall("testsuite/testcase"))
    ET.indent(suites)
    write_atomically(file, ET.tostring(suites, encoding="utf-8", xml_declaration=True))


def _suite(report: Report, group: str, results: list[ClauseResult]) -> ET.Element:
    suite = ET.Element("testsuite", name=group, timestamp=report.started)
    for result in results:
        suite.append(_case(report, result))
    _count(suite, suite.findall("testcase"))
    suite.set("time", f"{sum(result.seconds for result in results):.3f}")
    return suite


def _count(element: ET.Element, cases: list[ET.Element]) -> None:
    element.set("tests", str(len(cases)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(sum(case.find(tag) is not None for case in cases)))


def _case(report: Report, result: ClauseResult) -> ET.Element:
    case = ET.Element(
        "testcase",
        classname=f"sutro_conformance.{result.clause.group}",
        name=f"{result.id} {result.clause.sentence}",
        time=f"{result.seconds:.3f}",
    )
    if result.verdict is Verdict.BROKEN:
        counts = result.level in report.failing_levels
        message = f"{result.level} broken: {result.failures[0].message}"
        _add(case, "failure" if counts else "skipped", message, _text(result))
    elif result.verdict in (Verdict.UNSTABLE, Verdict.ERROR):
        _add(case, "error", f"{result.verdict}: {result.reason}")
    elif result.verdict is Verdict.NOT_OFFERED:
        _add(case, "skipped", f"not offered: {result.reason}")
    elif result.verdict is Verdict.NOT_EXERCISED:
        strict = report.strict and result.level in report.failing_levels
        message = f"not exercised; needs {result.reason}"
        _add(case, "failure" if strict else "skipped", message)
    if result.seen:
        ET.SubElement(case, "system-out").text = _clean("Seen: " + "; ".join(result.seen))
    return case


def _add(case: ET.Element, tag: str, message: str, text: str = "") -> None:
    ET.SubElement(case, tag, message=_clean(message)).text = _clean(text)


def _text(result: ClauseResult) -> str:
    parts = [f"{failure.message}\n{failure.reproduction}" for failure in result.failures]
    return "\n\n".join([*parts, f"Source: {result.clause.source}"])


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
