"""Answers one line of JSON for each line of JSON on standard input.

pyyaml.py read:   "YAML text" -> [what PyYAML reads]
pyyaml.py write:  any value -> ["YAML of PyYAML", the same in flow style, the same with Unicode as it is]

A line that cannot be answered gets {"error": "reason"}.
"""

import json
import sys

import yaml

sys.stdin.reconfigure(encoding="utf-8")


def read(text):
    return [yaml.safe_load(text)]


def write(value):
    styles = [{}, {"default_flow_style": True}, {"allow_unicode": True, "width": 1000}]
    return [yaml.safe_dump(value, sort_keys=False, **style) for style in styles]


answer = {"read": read, "write": write}[sys.argv[1]]
for line in sys.stdin:
    try:
        print(json.dumps(answer(json.loads(line))), flush=True)
    except Exception as error:  # whatever it is, the test shows it
        print(json.dumps({"error": str(error)}), flush=True)
