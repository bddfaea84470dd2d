# 찰칵 (Chalkak). `make` or `make help` lists what there is.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PHOTOS ?=
ENTRANTS ?= 60
JUDGES ?= 5
OBJECTIONS ?= 3
SEED ?= 2024
TROUBLES ?= --preliminary --silent --offline --run-off
SUITE := tests
# What tests print of the machine's warnings helps nobody; what they skip is said in words (-ra).
PYTEST := $(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help run prepare environment dev lint types test test-full bench rehearse backup restore lock translations screenshots clean

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## set up whatever is missing, then serve the contest (web and job worker)
	@$(PYTHON) -m contest.infra.launch run

prepare: ## set up without serving
	@$(PYTHON) -m contest.infra.launch prepare

environment: ## what programs need, without touching data
	@$(PYTHON) -m contest.infra.launch environment

dev: ## the environment of developers: everything of `prepare`, linters and test servers
	@$(PYTHON) -m contest.infra.launch dev

lint: dev ## ruff, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types: dev ## mypy, strict
	$(BIN)/mypy -p contest -p judging -p gallery

test: dev ## unit, integration (SQLite and PostgreSQL, disk and S3) and browser tests
	$(PYTEST) -m "not full and not screenshots" $(SUITE)

test-full: dev ## the long forms too
	$(PYTEST) -m "not screenshots" $(SUITE)

bench: dev ## every performance figure this project claims, beside its rival
	$(BIN)/python -m bench

rehearse: environment ## play a whole contest: make rehearse PHOTOS=folder [ENTRANTS=60 JUDGES=5 OBJECTIONS=3 SEED=2024 TROUBLES=…]
	@$(BIN)/flask --app wsgi rehearse $(if $(PHOTOS),--photos "$(PHOTOS)") --entrants $(ENTRANTS) --judges $(JUDGES) --objections $(OBJECTIONS) --seed $(SEED) $(TROUBLES)

backup: prepare ## one verified file of everything, while the contest runs [FILE=backup.tar]
	@$(BIN)/flask --app wsgi backup $(FILE)

restore: environment ## rebuild an empty instance from a backup: make restore FILE=backup.tar
	@$(BIN)/flask --app wsgi restore "$(FILE)"

lock: ## write requirements/*.txt anew from requirements/*.in
	@$(PYTHON) -m contest.infra.launch lock

translations: dev ## collect the pages' sentences into the catalogues and compile them
	$(BIN)/python -m contest.infra.catalogues update

screenshots: dev ## make the pictures of the README and the guides again
	$(BIN)/python -m pytest -q -m screenshots tests/e2e

clean: ## remove environments and caches; data in instance/ stays
	rm -rf $(VENV) .tools node_modules contest/static/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis
