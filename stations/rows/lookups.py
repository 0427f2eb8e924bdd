"""`field__any_of=values`: like `__in`, with all values in one parameter.

The statement is the same text for any number of values, so that it is prepared once.
"""

from typing import Any

import orjson
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, ForeignObject, Lookup
from django.db.models.sql.compiler import SQLCompiler

from stations.rows.literals import array_literal
from stations.rows.read import Slot


@ForeignObject.register_lookup
@Field.register_lookup
class AnyOf(Lookup[Any]):
    """True where the field equals one of the values, which must be numbers or texts."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """For SQLite, whose json_each makes rows of one parameter."""
        lhs, params = self.process_lhs(compiler, connection)
        values = orjson.dumps(list(self.rhs)).decode()
        return f"{lhs} IN (SELECT value FROM json_each(%s))", (*params, values)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        lhs, params = self.process_lhs(compiler, connection)
        field = self.lhs.output_field
        kind = (field.target_field if field.is_relation else field).rel_db_type(connection)
        values = self.rhs if isinstance(self.rhs, Slot) else array_literal(self.rhs)
        return f"{lhs} = ANY(%s::{kind}[])", (*params, values)
