#!/bin/sh
# Tests the built wheel where no source of ours can be imported: twice, with everything and with the client alone.
set -eu
root=$(pwd)
uv="$root/.venv/bin/uv"
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

wheel=$(echo "$root"/dist/sutro_jobs-*.whl)
grep -E '^(pytest|pytest-xdist|hypothesis)==' requirements/dev.txt > "$place/runner.txt"

environment() { # name, extras: an environment of its own with the wheel, at the locked versions
	"$uv" venv --quiet --python "$root/.venv/bin/python" "$place/$1"
	"$uv" pip install --quiet --python "$place/$1/bin/python" \
		--constraint requirements/dev.txt --requirement "$place/runner.txt" "sutro-jobs$2 @ file://$wheel"
}

environment full "[all]"
environment bare ""
cp -r tests "$place/tests"
cp pyproject.toml "$place/pyproject.toml"
cd "$place"
"$place/full/bin/python" -m pytest -q -p no:cacheprovider tests/wheel/test_full.py
SUTRO_FULL_PYTHON="$place/full/bin/python" "$place/bare/bin/python" -m pytest -q -p no:cacheprovider tests/wheel/test_bare.py
