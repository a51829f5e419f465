"""What pydantic complains about, as one sentence that a user can act on."""

from __future__ import annotations

import re

from pydantic import BaseModel, ValidationError

from zizhu.errors import did_you_mean, quoted, short

# What would be right, by the beginning of the kind of a complaint.
_RIGHT = {
    "date_": "is not a date; write 2018-07-06",
    "model_": "found; a mapping of fields is right",
    "dict_": "found; a mapping of fields is right",
    "list_": "found; a list such as [A, B] is right",
    "tuple_": "found; a list such as [A, B] is right",
    "int_": "found; a whole number is right",
    "float_": "found; a number is right",
    "finite_": "found; a finite number is right",
    "bool_": "found; true or false is right",
    "string_type": "found; a text is right",
}
# How pydantic names the branches of a union, between the names of fields.
_BRANCH = re.compile(r"str|(function-\w+|nullable|list|dict|tuple|lax-or-strict|chain)\[.*", re.S)


def sentence(error: ValidationError, schema: type[BaseModel]) -> str:
    """The first complaint of pydantic as one sentence: field, what was found, what is right."""
    complaints = error.errors(include_url=False)
    # A union complains once for each branch: the one that got furthest knows best.
    same = [one for one in complaints if one["loc"][:1] == complaints[0]["loc"][:1]]
    first = max(same, key=lambda one: len(_parts(one["loc"])))
    parts = _parts(first["loc"])
    location = ".".join(map(short, parts))
    kind, found = first["type"], quoted(first.get("input"))
    right = next((words for start, words in _RIGHT.items() if kind.startswith(start)), None)
    message = str(first["msg"]).removeprefix("Value error, ")
    if kind == "value_error":
        return f"field {location}: {message}" if location else message
    if kind == "extra_forbidden":
        said = f"there is no such field{_nearest_field(schema, parts)}"
    elif kind == "missing":
        said = "it is missing"
    elif kind == "literal_error":
        said = f"{found} found, {first['ctx']['expected']} is right"
    elif right:
        said = f"{found} {right}"
    else:
        said = f"{found} found; {message[0].lower()}{message[1:]}".replace(
            "input should", "it should"
        )
    return f"field {location}: {said}"


def _parts(location: tuple[int | str, ...]) -> list[str]:
    """The location without the names of a union's branches, which are not for users."""
    return [str(part) for part in location if not _BRANCH.fullmatch(str(part))]


def _nearest_field(schema: type[BaseModel], parts: list[str]) -> str:
    """Suggest a field of the schema, or of the nested one that the parts lead to."""
    for part in parts[:-1]:
        field = schema.model_fields.get(part)
        inner = field.annotation if field else None
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return ""
        schema = inner
    names = [field.alias or name for name, field in schema.model_fields.items()]
    return did_you_mean(parts[-1], names)
