#!/bin/sh
# Tests the built wheels where no source of ours can be imported: with everything, with the client alone, and with
# the generated client alone.
set -eu
root=$(pwd)
uv="$root/.venv/bin/uv"
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

wheel=$(echo "$root"/dist/sutro_jobs-*.whl)
generated=$(echo "$root"/dist/sutro_jobs_api-*.whl)
grep -E '^(pytest|pytest-xdist|hypothesis)==' requirements/dev.txt > "$place/runner.txt"

environment() { # name, requirement: an environment of its own with a wheel, at the locked versions
	"$uv" venv --quiet --python "$root/.venv/bin/python" "$place/$1"
	"$uv" pip install --quiet --python "$place/$1/bin/python" \
		--constraint requirements/dev.txt --requirement "$place/runner.txt" "$2"
}

environment full "sutro-jobs[all] @ file://$wheel"
environment bare "sutro-jobs @ file://$wheel"
environment generated "sutro-jobs-api @ file://$generated"
cp -r tests "$place/tests"
cp pyproject.toml "$place/pyproject.toml"
cd "$place"
"$place/full/bin/python" -m pytest -q -p no:cacheprovider tests/wheel/test_full.py
SUTRO_FULL_PYTHON="$place/full/bin/python" "$place/bare/bin/python" -m pytest -q -p no:cacheprovider tests/wheel/test_bare.py
SUTRO_FULL_PYTHON="$place/full/bin/python" "$place/generated/bin/python" -m pytest -q -p no:cacheprovider tests/wheel/test_generated.py
