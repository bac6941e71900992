# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one SDK's cells against every site: a driver gives a class, whose methods are the cells.

What came of each is a line of JSON on stdout. `outcome`: passed; refused (the SDK raised what it raises for an API's error);
wrong (it came back otherwise than it should). `dropped`: what the gateway told that it left out.
"""

import json
import os
import traceback
from pathlib import Path

SCENARIO = json.loads(Path(os.environ["MATRIX_SCENARIO"]).read_text())
URL, KEY = SCENARIO["url"], SCENARIO["key"]
ONLY_SITES = set(filter(None, os.environ.get("MATRIX_SITES", "").split(",")))
ONLY_CELLS = set(filter(None, os.environ.get("MATRIX_CELLS", "").split(",")))
CELLS = ("text", "stream", "tools", "parallel", "moved", "vision", "schema", "reasoning", "errors", "embeddings", "count")

seen = []  # headers of the answers since the cell began


def saw(response):
    """A hook of the HTTP client's."""
    seen.append(response.headers)


def same(actual, expected, what="the answer"):
    assert actual == expected, f"{what} is {actual!r}, not {expected!r}"


def neighbour(site):
    """The site before it that calls tools: where a conversation begins that moves here."""
    able = [each for each in SCENARIO["sites"] if each["able"]["tools"] or each is site]
    return able[able.index(site) - 1]


def person_of(value):
    """As plain values."""
    return value if isinstance(value, dict) else value.model_dump()


def _run(driver, site, name):
    seen.clear()
    result = {"site": site["name"], "cell": name, "outcome": "passed", "words": ""}
    try:
        getattr(driver, name)(site)
    except driver.refusals as error:
        result |= {"outcome": "refused", "words": f"{type(error).__name__}: {error}"}
    except Exception as error:  # whatever an SDK stumbles over is what the caller would see
        place = traceback.extract_tb(error.__traceback__)
        own = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in place if "matrix" in frame.filename]
        result |= {"outcome": "wrong", "words": f"{type(error).__name__} at {own[-1] if own else '?'}: {error}"}
    dropped = {name.strip() for headers in seen for name in headers.get("x-signalbox-dropped", "").split(",")}
    return result | {"dropped": sorted(dropped - {""}), "estimated": any("x-signalbox-estimated" in headers for headers in seen)}


def run(*drivers):
    for driver in drivers:
        for site in SCENARIO["sites"]:
            for name in CELLS:
                if getattr(driver, name, None) and (not ONLY_SITES or site["name"] in ONLY_SITES) and (not ONLY_CELLS or name in ONLY_CELLS):
                    print(json.dumps({"sdk": driver.sdk, "format": driver.format, **_run(driver, site, name)}), flush=True)


def refuses(call, kind, status, *words):
    """The call must raise that class with that status, and tell these words but no secret."""
    try:
        call()
    except kind as error:
        told = f"{error} {getattr(error, 'body', '')}"
        found = getattr(error, "status_code", None) or getattr(error, "code", None)
        assert found == status, f"{type(error).__name__} with status {found}, not {status}: {told}"
        missing = [word for word in words if word.lower() not in told.lower()]
        assert not missing, f"{type(error).__name__} does not say {missing}: {told}"
        assert "native-provider" not in told and KEY not in told, f"a key is told: {told}"
        return
    except Exception as error:
        raise AssertionError(f"{type(error).__name__} was raised, not {kind.__name__}: {error}") from error
    raise AssertionError(f"nothing was raised, where {kind.__name__} should have been")
