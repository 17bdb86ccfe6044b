"""Validators of attrs fields that raise `ArgumentError` and say what the argument has to be."""

from __future__ import annotations

import sys
from collections.abc import Callable
from numbers import Integral, Real
from typing import Any, TypeAlias

from attrs import Attribute

from .._errors import ArgumentError

Validator: TypeAlias = Callable[[object, "Attribute[Any]", Any], None]
Test: TypeAlias = Callable[[Any], bool]


def check(name: str, value: object, is_valid: Test, description: str) -> None:
    """Raise unless a value passes a test; `description` says what it has to be.

    Raises:
        ArgumentError: names the argument, and shows numbers, but no text that may be secret.
    """
    if not is_valid(value):
        # Texts are not shown: the URL of a proxy may have a password in it.
        number = value is None or isinstance(value, Real)
        shown = repr(value) if number else type(value).__name__
        raise ArgumentError(f"{name} must be {description}, not {shown}.")


def must_be(description: str, is_valid: Test) -> Validator:
    """Return a validator of the values that pass a test."""

    def validate(_: object, attribute: Attribute[Any], value: object) -> None:
        check(attribute.name, value, is_valid, description)

    return validate


def one_of(*names: str) -> Validator:
    """Return a validator of a text that has to be one of `names`."""

    def validate(_: object, attribute: Attribute[Any], value: object) -> None:
        if value not in names:
            listed = ", ".join(map(repr, names))
            raise ArgumentError(f"{attribute.name} must be one of {listed}, not {value!r}.")

    return validate


def is_number(value: object) -> bool:
    """Tell whether a value is a real number, of NumPy as well; booleans are not."""
    # True is a number to Python, but not to who passes it as a timeout.
    return not isinstance(value, bool) and isinstance(value, Real)


def is_integer(value: object) -> bool:
    """Tell whether a value is an integer, of NumPy as well; booleans are not."""
    return not isinstance(value, bool) and isinstance(value, Integral)


def is_a(name: str) -> Test:
    """Return a test for instances of `module.Class`, which does not import the module.

    Where the module was not imported by anybody, nothing can be an instance of its classes.
    """
    module, _, class_ = name.rpartition(".")

    def is_instance(value: object) -> bool:
        loaded = sys.modules.get(module)
        return loaded is not None and isinstance(value, getattr(loaded, class_))

    return is_instance


def or_none(is_valid: Test) -> Test:
    """Return a test that None passes, too."""
    return lambda value: value is None or is_valid(value)


flag = must_be("a bool", lambda value: isinstance(value, bool))
text = must_be("a str", lambda value: isinstance(value, str))
callback = must_be("a function or None", or_none(callable))
