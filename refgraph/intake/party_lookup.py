"""Finds the customer that a text means: by name, by another column, or by a rule for spellings.

Ids are looked up before (`kernels.id_index`); only texts that are no id come here. In this order:

``confirmed``  what a person confirmed that the text means
``same-firm``  the id of a customer that a person declared to be part of another
``name``      the exact name of a single customer
``name-or-person``  the same, where a person of another customer has this name, too
``person``    a person of a single customer, by the table of contacts
``column``    a column of codes, phones (of persons, too) or e-mails: every text finds one customer
``contact``   a name with a phone number, both of the same customer
``spelling``  the name in another width, case or punctuation
``legal-form``  the name with or without its legal form
"""

from __future__ import annotations

from functools import cached_property

import polars as pl

from refgraph.intake.cast import normalize_word
from refgraph.intake.contact_keys import make_phone_key, split_name_and_phone
from refgraph.intake.key_columns import add_phones, find_key_column
from refgraph.intake.merged_customers import ROW
from refgraph.intake.name_keys import MASKED, NAME_KEYS, add_name_keys
from refgraph.intake.name_matches import (
    FOUND_SCHEMA,
    describe_found,
    find_by_person,
    find_shared,
    keep_unique_forms,
    mark_names_of_persons,
)
from refgraph.intake.several_contacts import split_contacts
from refgraph.kernels.id_index import IdIndex

_WAY_OF_KEY = {"width": "spelling", "case": "spelling", "base": "legal-form"}
LOOKS_LIKE_A_CODE = r"^[!-~]*\d[!-~]*$"
"""Printable ASCII without blanks and with a digit: rules for names never touch such texts."""


class PartyLookup:
    """The customers of a Dataset, and how to find the one that a text means.

    customers: with ``id``, ``name`` and further columns. index: of their ids. no_party: words in
    lower case that name no party, unless a customer has such an id or name. decided: what texts
    mean by the decision of a person, `FOUND_SCHEMA`. merged: rows that became part of a customer,
    with `ROW`; their names and codes mean this customer. persons: inside customers, ``person``,
    ``phone`` and ``row``. None = none.
    """

    def __init__(
        self,
        customers: pl.DataFrame,
        index: IdIndex,
        no_party: frozenset[str] = frozenset(),
        decided: pl.DataFrame | None = None,
        merged: pl.DataFrame | None = None,
        persons: pl.DataFrame | None = None,
    ) -> None:
        self.customers = customers
        self.index = index
        self.no_party = no_party
        self.decided = decided
        self.merged = merged
        self.persons = persons

    def with_customers(self, customers: pl.DataFrame) -> PartyLookup:
        """The lookup for customers with the same ids in the same order."""
        kept = self.no_party, self.decided, self.merged, self.persons
        return PartyLookup(customers, self.index, *kept)

    def with_persons(self, persons: pl.DataFrame | None) -> PartyLookup:
        """The lookup that also knows the persons inside customers."""
        kept = self.no_party, self.decided, self.merged
        return PartyLookup(self.customers, self.index, *kept, persons)

    def list_decided(self) -> pl.Series:
        """The texts that a person decided about."""
        return (
            pl.Series("written", [], pl.String) if self.decided is None else self.decided["written"]
        )

    def replace_merged(self, ids: pl.Series) -> pl.Series:
        """Ids, and for a customer that is part of another one the id of that one."""
        if self.decided is None:
            return ids
        merged = self.decided.filter(pl.col("way") == "same-firm")
        targets = self.customers["id"].gather(merged["row"])
        return ids.replace(merged["written"], targets)

    def find_rows(self, texts: pl.Series) -> tuple[pl.Series, pl.DataFrame]:
        """For a whole column: Int32 rows of the customers, null = unknown, and what `find` found.

        Only texts that are no ids are in the second.
        """
        row = self.index.find_indices(texts)
        if not row.null_count():
            return row, pl.DataFrame(schema=FOUND_SCHEMA)
        unknown = texts.filter(row.is_null()).drop_nulls().unique().sort()
        found = self.find(unknown, texts.filter(row.is_not_null()))
        if not found.height:
            return row, found
        rows = pl.DataFrame({"written": texts, "by_id": row})
        both = rows.join(found, on="written", how="left", maintain_order="left")
        return both.select(pl.coalesce("by_id", "row")).to_series(), found

    def find(self, texts: pl.Series, ids: pl.Series) -> pl.DataFrame:
        """What distinct texts mean that are no ids; `FOUND_SCHEMA`, sorted by text.

        ids: the other texts of the same column, which are ids of customers.
        """
        decided = self._find_decided(texts)
        texts = texts.filter(~texts.is_in(decided["written"].implode()))
        named = self._find_by_name(texts)
        others = texts.filter(~texts.is_in(named["written"].implode()))
        is_word = others.to_frame("t").select(normalize_word(pl.col("t")).is_in(self.no_party))
        others = others.filter(~is_word.to_series())
        persons = find_by_person(others, self.persons)
        others = others.filter(~others.is_in(persons["written"].implode()))
        found = [decided, mark_names_of_persons(named, self.persons), persons]
        if others.len():
            found.append(self._find_by_column(others, named, ids))
        if others.len() and not found[-1].height:
            found.append(self._find_by_contact(others))
            others = others.filter(~others.is_in(found[-1]["written"].implode()))
            found.append(self._find_by_spelling(others, named))
        return pl.concat(found).sort("written")

    def find_ambiguous(self, texts: pl.Series) -> pl.DataFrame:
        """Texts that fit the names of several customers: ``written``, ``bearers``.

        texts: distinct, those that mean no customer.
        """
        parts = [pl.DataFrame(schema={"written": pl.String, "bearers": pl.UInt32})]
        if texts.len():
            names = self._names.select("name", "bearers")
            parts.append(find_shared(texts.to_frame("written"), names, "written", "name"))
            if self.persons is not None:
                people = self.persons.select("person", "row").unique()
                people = people.select("person", bearers=pl.lit(1, pl.UInt32))
                parts.append(find_shared(texts.to_frame("written"), people, "written", "person"))
        texts = texts.filter(~texts.str.contains(LOOKS_LIKE_A_CODE))
        if texts.len():
            wanted = add_name_keys(texts.to_frame("written"), "written")
            parts += [find_shared(wanted, self.name_keys, key, key) for key in NAME_KEYS]
        return pl.concat(parts).unique("written", keep="first").sort("written")

    @cached_property
    def _rows(self) -> pl.DataFrame:
        """Customers and the rows that became part of one, with `ROW`."""
        rows = self.customers.with_columns(pl.int_range(pl.len(), dtype=pl.Int32).alias(ROW))
        return rows if self.merged is None else pl.concat([rows, self.merged], how="diagonal")

    @cached_property
    def _names(self) -> pl.DataFrame:
        """One row per name: ``name``, ``row`` of the first who bears it, ``bearers``."""
        numbered = self._rows.select("name", row=ROW).drop_nulls("name")
        bearers = pl.len() if self.merged is None else pl.col("row").n_unique()
        return numbered.group_by("name").agg(pl.col("row").min(), bearers=bearers)

    @cached_property
    def name_keys(self) -> pl.DataFrame:
        """One row per name of `_names` with its keys (`NAME_KEYS`)."""
        return add_name_keys(self._names, "name")

    def _find_decided(self, texts: pl.Series) -> pl.DataFrame:
        if self.decided is None:
            return pl.DataFrame(schema=FOUND_SCHEMA)
        return self.decided.filter(pl.col("written").is_in(texts.implode()))

    def _find_by_name(self, texts: pl.Series) -> pl.DataFrame:
        unique_names = self._names.filter(pl.col("bearers") == 1)
        match = texts.to_frame("written").join(unique_names, left_on="written", right_on="name")
        return describe_found(match.filter(~pl.col("written").str.contains(MASKED)), "name")

    def _find_by_column(
        self, texts: pl.Series, named: pl.DataFrame, ids: pl.Series
    ) -> pl.DataFrame:
        known = pl.DataFrame({"written": ids.unique()}, schema={"written": pl.String})
        known = known.with_columns(row=self.index.find_indices(known["written"]))
        known = pl.concat([known, named.select("written", "row")])
        match = find_key_column(texts, known, add_phones(self._rows, self.persons))
        if match is None:
            return pl.DataFrame(schema=FOUND_SCHEMA)
        return describe_found(match.rows, "column", match.column)

    def _find_by_contact(self, texts: pl.Series) -> pl.DataFrame:
        """Texts such as ``甲一（13800000001）`` whose name and phone belong to one customer."""
        phones = self.customers["phone"]
        if phones.null_count() == phones.len() and self.persons is None:
            return pl.DataFrame(schema=FOUND_SCHEMA)
        name, phone = split_name_and_phone(pl.col("written"))
        parts = texts.to_frame("written").with_columns(name=name, phone=make_phone_key(phone))
        parts = parts.drop_nulls(["name", "phone"])
        if not parts.height:
            return pl.DataFrame(schema=FOUND_SCHEMA)
        named = self._rows.filter(pl.col("name").is_in(parts["name"].implode()))
        owners = split_contacts(named.select("name", "phone", row=ROW), "phone")
        if self.persons is not None:
            owners = pl.concat(
                [owners, self.persons.select("phone", "row", name="person")], how="diagonal"
            )
        owners = owners.with_columns(make_phone_key(pl.col("phone")))
        match = parts.join(owners.unique(), on=["name", "phone"])
        return describe_found(match.filter(~pl.col("written").is_duplicated()), "contact")

    def _find_by_spelling(self, texts: pl.Series, named: pl.DataFrame) -> pl.DataFrame:
        """By the keys of names, one rule after the other; a key must fit exactly one name."""
        found = [pl.DataFrame(schema=FOUND_SCHEMA)]
        texts = texts.filter(~texts.str.contains(LOOKS_LIKE_A_CODE))
        texts = texts.filter(~texts.is_in(self._names["name"].implode()))
        if not texts.len():
            return found[0]
        wanted = self._drop_spelled_ids(add_name_keys(texts.to_frame("written"), "written"))
        for key in NAME_KEYS:
            is_alone = self._is_of_one_customer(key) & pl.col(key).is_not_null()
            unique_names = self.name_keys.filter(is_alone).select(key, "row", name_form="form")
            if self.merged is not None:
                unique_names = unique_names.unique(key, keep="first", maintain_order=True)
            match = wanted.join(unique_names, on=key)
            if key == "base":
                match = keep_unique_forms(match, self._list_referred_forms(named))
            found.append(describe_found(match, _WAY_OF_KEY[key]))
            wanted = self._drop_known_keys(wanted, key)
        return pl.concat(found)

    def _is_of_one_customer(self, key: str) -> pl.Expr:
        """Whether the names with a key are those of a single customer."""
        if self.merged is None:
            return pl.col("bearers").sum().over(key) == 1
        is_unique = pl.col("bearers").max().over(key) == 1
        return is_unique & (pl.col("row").n_unique().over(key) == 1)

    def _drop_spelled_ids(self, wanted: pl.DataFrame) -> pl.DataFrame:
        """Without texts that may be a damaged id: rules for names never touch ids."""
        is_id = [self.index.find_indices(wanted[key]).is_not_null() for key in NAME_KEYS[:2]]
        return wanted.filter(~(is_id[0] | is_id[1]))

    def _drop_known_keys(self, wanted: pl.DataFrame, key: str) -> pl.DataFrame:
        """Without texts whose key some name has, of one customer or of several."""
        return wanted.join(self.name_keys, on=key, how="anti")

    def _list_referred_forms(self, named: pl.DataFrame) -> pl.DataFrame:
        """``row`` and ``form`` of the customers that are named by their exact name."""
        return self.name_keys.join(named, on="row", how="semi").select("row", "form")
