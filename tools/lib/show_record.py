"""Prints one article record from standard input for people: indented, long lists cut."""

import json
import sys

SHOWN = 6


def shortened(value):
    if isinstance(value, dict):
        return {key: shortened(part) for key, part in value.items()}
    if isinstance(value, list) and len(value) > SHOWN:
        return [shortened(part) for part in value[: SHOWN - 1]] + [f"... and {len(value) - SHOWN + 1} more"]
    return [shortened(part) for part in value] if isinstance(value, list) else value


print(json.dumps(shortened(json.load(sys.stdin)), indent=2, ensure_ascii=False))
