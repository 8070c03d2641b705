# Termin. `make` alone lists the targets.
# Variables: PYTHON (interpreter for .venv, 3.11 or newer), and those of `make demo` below.

.DEFAULT_GOAL := help
.NOTPARALLEL:
SHELL := /bin/sh

PYTHON ?= python3
export PYTHON

# Everything that Ape, solcx and Foundry write stays below .termin/.
STATE := $(CURDIR)/.termin
export APE_DATA_FOLDER := $(STATE)/ape
export SOLCX_BINARY_PATH := $(STATE)/solcx
export PATH := $(CURDIR)/.venv/bin:$(STATE)/bin:$(PATH)

TERMIN := .venv/bin/termin
PYTEST_BACKEND = .venv/bin/python -m pytest -p no:ape_test $(wildcard tests/backend tests/toolchain tests/e2e tests/docs)
CODE := $(wildcard backend tests scripts benchmarks toolchain examples)

# make demo: each variable that is given becomes an option.
DEMO_OPTIONS = $(if $(filter-out 0,$(ONCE)),--once) \
	$(if $(EXPORT),--export "$(EXPORT)") \
	$(if $(REPORT),--report "$(REPORT)") \
	$(if $(CURRENCY),--currency "$(CURRENCY)") \
	$(if $(DEFAULT_DATE),--default-date "$(DEFAULT_DATE)") \
	$(if $(PORT),--port "$(PORT)")

.PHONY: help
help: ## List the targets
	@echo "Targets:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo 'make demo DATA="a.jsonl b.jsonl" ONCE=1 EXPORT=out.jsonl REPORT=report.jsonl'
	@echo "     plays those files on a fresh chain; CURRENCY, DEFAULT_DATE and PORT are options too"

.PHONY: setup
setup: ## Install everything below .venv, node_modules and .termin
	@sh toolchain/setup.sh

.PHONY: demo
demo: setup ## Start a chain, play data through it, index it and serve the portal
	@$(TERMIN) demo $(DATA) $(DEMO_OPTIONS)

.PHONY: test
test: test-contracts test-invariants test-model test-backend ## Run all tests

.PHONY: test-contracts
test-contracts: setup ## Run the contract tests on Anvil, with Ape
	.venv/bin/ape test tests/contracts

.PHONY: test-backend
test-backend: setup ## Run the tests of the backend, of the whole and of the documents, on up to four cores
	$(PYTEST_BACKEND) -m "not alone" --numprocesses logical --maxprocesses 4 --dist loadfile
	$(PYTEST_BACKEND) -m alone

.PHONY: test-invariants
test-invariants: setup ## Run the invariants with forge, 2,000 calls each
	FOUNDRY_PROFILE=plain .termin/bin/forge test

.PHONY: test-model
test-model: setup ## Drive contract and reference model with the same histories (TERMIN_HISTORIES, default 25)
	.venv/bin/python -m pytest -p no:ape_test tests/model

.PHONY: geth
geth: ## Build go-ethereum into .termin/geth, with Go
	@sh toolchain/geth.sh

.PHONY: test-geth
test-geth: setup geth ## Run the index on a chain that go-ethereum keeps
	.venv/bin/python -m pytest -p no:ape_test tests/geth

.PHONY: prove
prove: prove-static prove-symbolic prove-model prove-coverage prove-invariants prove-mutation ## Prove at length (hours)

.PHONY: prove-tools
prove-tools: setup
	@sh toolchain/prove/setup.sh

.PHONY: prove-static
prove-static: prove-tools ## Static analysis by Slither
	.venv/bin/python toolchain/prove/static.py

.PHONY: prove-symbolic
prove-symbolic: prove-tools ## The arithmetic of a payment for all inputs, by halmos
	.venv/bin/python toolchain/prove/symbolic.py

.PHONY: prove-model
prove-model: setup ## 2,000 random histories on contract and model
	TERMIN_HISTORIES=2000 .venv/bin/python -m pytest -p no:ape_test tests/model

.PHONY: prove-coverage
prove-coverage: setup ## Lines and branches of the contracts that tests/invariants reach
	.venv/bin/python toolchain/prove/coverage.py

.PHONY: prove-invariants
prove-invariants: setup ## 5,000,000 random calls against the invariants (TERMIN_CALLS, TERMIN_SEED)
	.venv/bin/python toolchain/prove/invariants.py

.PHONY: prove-mutation
prove-mutation: setup ## Small faults in the contracts that tests must notice
	.venv/bin/python toolchain/mutation/mutate.py

.PHONY: chaos
chaos: setup ## Play 500 random histories of faults (HISTORIES=n, SEED=n for one, FIRST=n) and compare digests
	@PYTHONPATH=$(CURDIR):$(CURDIR)/tests/backend .venv/bin/python -m chaos $(if $(SEED),--seed $(SEED)) \
		$(if $(HISTORIES),--histories $(HISTORIES)) $(if $(FIRST),--first $(FIRST))

.PHONY: fuzz
fuzz: setup ## Ask the API 10,000 questions by its own description, on each database (CASES=n)
	TERMIN_CASES=$(or $(CASES),10000) .venv/bin/python -m pytest -p no:ape_test --hypothesis-profile=default \
		tests/backend/api/test_schema.py

.PHONY: lint
lint: setup ## Check style, types, layers and contracts
	.venv/bin/ruff check $(CODE)
	.venv/bin/ruff format --check $(CODE)
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo --cache-dir $(STATE)/cache/import-linter
	.termin/bin/forge fmt --check contracts tests/invariants tests/symbolic
	.venv/bin/node node_modules/solhint/solhint.js --disc --noPoster --max-warnings 0 'contracts/**/*.sol'

.PHONY: format
format: setup ## Format Python and Solidity
	.venv/bin/ruff check --fix --exit-zero $(CODE)
	.venv/bin/ruff format $(CODE)
	.termin/bin/forge fmt contracts tests/invariants tests/symbolic

.PHONY: contracts
contracts: setup ## Compile the contracts, all of them: Ape misses what follows from an import
	.venv/bin/ape compile --verbosity SUCCESS --force

.PHONY: artifacts
artifacts: contracts ## Write the ABIs and bytecode that the package carries
	.venv/bin/python toolchain/artifacts.py

.PHONY: artifacts-check
artifacts-check: setup ## Compile anew and compare with the ABIs and bytecode that the package carries
	.venv/bin/ape compile --verbosity SUCCESS --force
	.venv/bin/python toolchain/artifacts.py --check

.PHONY: gas
gas: setup ## Measure what each act costs, and keep the figures in docs/
	.venv/bin/ape test tests/contracts/gas -q
	.venv/bin/python toolchain/gas.py

.PHONY: gas-check
gas-check: setup ## Measure again, and fail where a figure grew by more than 2 %
	.venv/bin/ape test tests/contracts/gas -q
	.venv/bin/python toolchain/gas.py --check

.PHONY: bench
bench: setup ## Measure index, API and loading beside their peers (PART=indexing for one, THOROUGH=1)
	.venv/bin/python -m benchmarks $(PART) $(if $(filter-out 0,$(THOROUGH)),--thorough)

.PHONY: flamegraph
flamegraph: setup ## Draw where the time of a backfill goes, by py-spy
	.venv/bin/python toolchain/flamegraph.py

.PHONY: screenshots
screenshots: setup ## Take the pictures of the documents anew (needs Chromium)
	.venv/bin/python toolchain/screenshots.py

.PHONY: hooks
hooks: setup ## Run the checks before each commit
	.venv/bin/pre-commit install

.PHONY: lock
lock: ## Write requirements.txt and package-lock.json anew from requirements.in and package.json
	@sh toolchain/lock.sh

.PHONY: clean
clean: ## Remove the chain, the database and what was compiled; keep the installed tools
	@sh toolchain/clean.sh

.PHONY: distclean
distclean: clean ## Remove the installed tools as well
	rm -rf .venv node_modules .termin
