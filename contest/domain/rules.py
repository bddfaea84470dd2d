"""The rules of an edition: where they are read from its document and where it is asked what is wrong."""

from __future__ import annotations

from contest.domain.crosschecks import errors, problems
from contest.domain.document_reader import Problem
from contest.domain.errors import Invalid
from contest.domain.ruleset import EditionRules
from contest.domain.ruleset_reader import read

__all__ = ["EditionRules", "Problem", "errors", "parse", "preview", "problems"]


def parse(document: object) -> EditionRules:
    """The rules of a document. Raises Invalid: code, field and facts of its first structural error."""
    rules, found = read(document)
    for problem in found:
        raise Invalid(problem.code, field=problem.field, **problem.facts)
    return rules


def preview(document: object) -> EditionRules:
    """The rules of a draft as far as they can be read, for showing; never raises."""
    return read(document)[0]
