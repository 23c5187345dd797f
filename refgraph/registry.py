"""The registry of analyses: one decorator, read by commands, pipeline, renderers and tests."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal, get_type_hints

from refgraph.errors import RefgraphError, UsageError
from refgraph.model.parameter_values import convert_value, describe_value, suggest_nearest
from refgraph.model.representation import describe_object
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit

DESCENDING = True
Neighborhood = Literal["below", "between"]
SortOrder = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Parameter:
    """One option of an analysis: name, type hint and default, from the signature."""

    name: str
    hint: object
    default: object

    def convert(self, value: object, option: str = "") -> object:
        """The value as the hint says; raises UsageError as `parameter_values.convert_value`.

        option: how the caller spells the parameter, if it is not by its name.
        """
        return convert_value(value, self.hint, option or self.name)


@dataclass(frozen=True, kw_only=True)
class Variant:
    """Another question under the command of an analysis, asked by an option with one value.

    ``refgraph accounts --explain C001`` is the variant ``explain`` of ``accounts``.
    option: name of the option. metavar: how the help shows its value. grain, columns: as for
    `Analysis`.
    function: ``(graph, text) -> Answer``, or ``(text) -> Answer`` if ``needs_data`` is false.
    """

    option: str
    metavar: str
    grain: str
    columns: tuple[Column, ...]
    function: Callable[..., Answer]
    needs_data: bool = True

    def __repr__(self) -> str:
        return describe_object(self, self.option, self.grain)

    @property
    def parameter(self) -> Parameter:
        """The option as Python takes it: text, or None for the analysis itself."""
        return Parameter(self.option, str | None, None)


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """A registered question.

    grain: what one row stands for (party, definition, tree, chain ...).
    order: columns by which the rows are sorted; empty = an order of its own.
    function: ``(graph, **parameters) -> Answer``.
    key: columns that identify a row; empty = derived from the columns, see `keys`.
    arguments: options that the command line takes as words in front of SOURCE, mandatory there.
    party_options: options that hold party ids, if the answer depends only on the descendants of
    these parties (neighborhood ``below``) or on the paths between two of them (``between``).
    needs_referrals: whether it has no answer for data in which no referral was understood.
    """

    name: str
    grain: str
    columns: tuple[Column, ...]
    order: SortOrder
    function: Callable[..., Answer]
    formulas: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    party_options: tuple[str, ...] = ()
    neighborhood: Neighborhood = "below"
    variants: tuple[Variant, ...] = ()
    needs_referrals: bool = True

    def __repr__(self) -> str:
        return describe_object(self, self.name, *(p.name for p in self.parameters))

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that identify the same row in two answers.

        These are ``key`` if given, else the leading ids, else the leading labels, else the first
        column.
        """
        if self.key:
            return self.key
        leading = list(takewhile(_can_identify_row, self.columns))
        for unit in (Unit.ID, Unit.LABEL):
            names = tuple(column.name for column in leading if column.unit is unit)
            if names:
                return names
        return (self.columns[0].name,)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The options, in the order of the signature."""
        hints = get_type_hints(self.function, include_extras=True)
        return tuple(
            Parameter(p.name, hints[p.name], p.default)
            for p in inspect.signature(self.function).parameters.values()
            if p.kind is inspect.Parameter.KEYWORD_ONLY
        )

    @property
    def options(self) -> tuple[Parameter, ...]:
        """The parameters, then the options that ask a variant instead."""
        return (*self.parameters, *(variant.parameter for variant in self.variants))

    @property
    def needs_data(self) -> bool:
        """Whether every one of its questions needs data."""
        return all(variant.needs_data for variant in self.variants)

    def select_columns(self, parameters: Mapping[str, object]) -> tuple[Column, ...]:
        """The columns of an answer: all except those whose option is off in ``parameters``."""
        return tuple(c for c in self.columns if not c.asked or parameters[c.asked])

    def fill_defaults(self, parameters: Mapping[str, object]) -> dict[str, object]:
        """All parameters, defaults filled in and values converted.

        Raises UsageError ``unknown-parameter``, and as `Parameter.convert`.
        """
        known = {p.name: p for p in self.parameters}
        unasked = {v.option for v in self.variants if parameters.get(v.option) is None}
        for name in parameters:
            if name not in known and name not in unasked:
                raise self._describe_unknown(name, (p.name for p in self.options))
        return {
            name: p.convert(parameters[name]) if name in parameters else p.default
            for name, p in known.items()
        }

    def get_variant(self, option: str) -> Variant:
        """The variant that an option asks for. Raises UsageError ``unknown-parameter``."""
        by_option = {variant.option: variant for variant in self.variants}
        if option not in by_option:
            raise self._describe_unknown(option, by_option)
        return by_option[option]

    def find_variant(self, parameters: Mapping[str, object]) -> tuple[Variant, str] | None:
        """The variant that the parameters ask for, and its text; None for the analysis itself.

        Raises UsageError ``variant-alone`` if other parameters are given with it, and as
        `Parameter.convert` for anything but text.
        """
        for variant in self.variants:
            text = variant.parameter.convert(parameters.get(variant.option))
            if text is not None:
                rest = " ".join(f"--{name}" for name in parameters if name != variant.option)
                if rest:
                    raise UsageError("variant-alone", option=variant.option, rest=rest)
                return variant, str(text)
        return None

    def _describe_unknown(self, name: str, known: Iterable[str]) -> UsageError:
        """The error for an option that the analysis does not have."""
        names = sorted(known)
        return UsageError(
            "unknown-parameter",
            name=describe_value(name),
            analysis=self.name,
            known=names or None,
            near=suggest_nearest(name, names),
        )


_ANALYSES: dict[str, Analysis] = {}


def analysis(
    *,
    grain: str,
    columns: tuple[Column, ...],
    order: SortOrder,
    formulas: tuple[str, ...] = (),
    key: tuple[str, ...] = (),
    arguments: tuple[str, ...] = (),
    party_options: tuple[str, ...] = (),
    neighborhood: Neighborhood = "below",
    variants: tuple[Variant, ...] = (),
    needs_referrals: bool = True,
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Register a function ``(graph: Graph, *, options) -> Answer`` as an analysis.

    The name of the function, with dashes, is the name of the analysis and of its command; its
    keyword-only parameters are the options. The arguments are the fields of `Analysis`.
    """

    def register(function: Callable[..., Answer]) -> Callable[..., Answer]:
        name = function.__name__.replace("_", "-")
        _ANALYSES[name] = Analysis(
            name=name,
            grain=grain,
            columns=columns,
            order=order,
            function=function,
            formulas=formulas,
            key=key,
            arguments=arguments,
            party_options=party_options,
            neighborhood=neighborhood,
            variants=variants,
            needs_referrals=needs_referrals,
        )
        return function

    return register


def get_analysis(name: str) -> Analysis:
    """The registered analysis of that name; its module must have been imported."""
    return _ANALYSES[name]


def check_columns(name: str, columns: Iterable[Column], answer: Answer) -> Answer:
    """The answer unchanged. Raises RefgraphError unless it has these columns in this order."""
    if answer.frame.columns != [column.name for column in columns]:
        raise RefgraphError("columns-differ", analysis=name, found=answer.frame.columns)
    return answer


def _can_identify_row(column: Column) -> bool:
    """Whether a leading column may belong to the key of a row: an id, a word or the rank."""
    return column.unit in (Unit.ID, Unit.LABEL, Unit.TEXT) or column.name == "rank"
