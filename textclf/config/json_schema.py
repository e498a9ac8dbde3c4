"""The JSON schema of the configuration, which editors check and complete with."""

from typing import Any

from textclf.config.schema import Config

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """Returns the schema of a configuration file (JSON Schema, draft 2020-12)."""
    schema = Config.model_json_schema()
    schema["title"] = "textclf configuration"
    union = schema["properties"]["model"]
    tag = union["discriminator"]["propertyName"]
    for reference in union["discriminator"]["mapping"].values():
        # A kind has to be named, although pydantic gives the name as its default.
        schema["$defs"][reference.rpartition("/")[2]]["required"] = [tag]
    return {"$schema": _DIALECT, **schema}
