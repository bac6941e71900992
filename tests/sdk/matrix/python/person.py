# SPDX-License-Identifier: GPL-3.0-or-later
"""scenario.py's person as the model that Python's SDKs take for a schema."""

from typing import Literal

from pydantic import BaseModel, Field


class Address(BaseModel):
    city: str
    zip: str | None


class Person(BaseModel):
    name: str
    age: int = Field(ge=0, le=150)
    height: float
    member: bool
    role: Literal["admin", "guest"]
    tags: list[str]
    address: Address
