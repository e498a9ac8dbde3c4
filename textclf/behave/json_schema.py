"""The JSON schema of a suite, which editors check and complete with."""

from typing import Any

from textclf.behave.spec import SuiteSpec

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """Returns the schema of a suite file (JSON Schema, draft 2020-12)."""
    schema = SuiteSpec.model_json_schema()
    schema["title"] = "textclf behavioural tests"
    return {"$schema": _DIALECT, **schema}
