# make run: the journal on this machine.  make test: lint, types and the whole suite.  make bench: measurements.
SHELL := /bin/sh
PYTHON ?= python3

.PHONY: run test bench lock
run: .venv/installed var/secret_key
	@exec .venv/bin/python manage.py run

test: .venv/installed-dev
	@exec .venv/bin/python -m tests

bench: .venv/installed-dev
	@exec .venv/bin/python -m bench

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "The Analyst needs Python 3.11 or newer; $(PYTHON) is older. Say make PYTHON=python3.12 $(MAKECMDGOALS)."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "This Python has no venv. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Making .venv …"
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | .venv/bin/pip
	@echo "Installing what the journal needs …"
	@.venv/bin/pip install -qq --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt | .venv/bin/pip
	@echo "Installing what the tests need …"
	@.venv/bin/pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ .venv/installed

var/secret_key:
	@mkdir -p var
	@umask 077 && $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(48))' > $@

# New versions of everything, with hashes and without the address of a registry. Extras are kept: pip takes a hash for
# coverage[toml] only from a line that says coverage[toml].
lock: .venv/bin/pip
	@.venv/bin/pip install --quiet uv
	@for set in "requirements.txt" "requirements-pdf.txt --extra pdf" "requirements-dev.txt --group dev"; do \
	  .venv/bin/uv pip compile --upgrade --universal --quiet --generate-hashes --no-strip-extras --no-header --no-emit-index-url \
	    pyproject.toml --output-file $$set; done
