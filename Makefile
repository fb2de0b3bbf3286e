# `make check` is what CI checks, in the same script. CI also installs a
# browser and a database first; here, tests that need one are skipped.
.PHONY: check test lint types docs package

check:
	.ci/run tests lint types docs package

test:
	.ci/run tests

lint types package:
	.ci/run $@

docs:
	.venv/bin/python docs/build_cli_reference.py
