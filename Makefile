# `make run` opens the course; `make test` checks all of it. Python 3.11 or newer is all that must be there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501

.DEFAULT_GOAL := help
.PHONY: help run serve test lint models bench system

help: ## what can be made
	@grep -E '^[a-z]+:.*## ' Makefile | sed 's/:.*## /	/' | expand -t 10

run: $(VENV)/run.done ## the course on this machine: http://127.0.0.1:8501
	@echo "Clearhead: open http://127.0.0.1:$(PORT) in a browser. Ctrl+C stops it."
	@CLEARHEAD_PORT=$(PORT) $(BIN)/python asgi.py

serve: $(VENV)/run.done ## the course for a class: binds to the network, loads the models first
	@echo "Clearhead: opening port $(PORT) on every address of this machine. Ctrl+C stops it."
	@CLEARHEAD_SERVE=1 CLEARHEAD_ADDRESS=$${CLEARHEAD_ADDRESS:-0.0.0.0} CLEARHEAD_PORT=$(PORT) $(BIN)/python asgi.py

# Two processes: a browser's driver keeps an event loop running in its own. A browser on a busy machine may miss a beat: a
# test that fails there is run up to twice more, and the run says so.
test: $(VENV)/test.done system ## every test, those in a real browser included
	$(BIN)/python -m pytest -m "not browser"
	$(BIN)/python -m pytest -m browser --reruns 2

lint: $(VENV)/test.done ## style of the code
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

TEXTS ?= texts

models: $(VENV)/test.done ## train the models again and measure them: make models TEXTS=the folder of docs/texts.md
	$(BIN)/python -m model_utils.training meadow-gpt --resume
	$(BIN)/python -m model_utils.training storybook-gpt --texts $(TEXTS) --resume
	$(BIN)/python -m model_utils.training poem-gpt --texts $(TEXTS) --resume
	$(BIN)/python -m model_utils.training meadow-bert --resume
	$(BIN)/python -m model_utils.training storybook-bert --texts $(TEXTS) --resume
	$(BIN)/python -m model_utils.training meadow-translator --resume
	$(BIN)/python -m model_utils.training meadow-rnn --resume

bench: $(VENV)/test.done ## measure, beside what it is compared with
	$(BIN)/python -m benchmarks

system: ## Chromium and Chinese type from the system's packages, where there are none
	@sh .ci/system

# torch comes first and alone: pip then takes the build that suits the machine, and nothing else chooses another.
$(VENV)/run.done: requirements.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Clearhead needs Python 3.11 or newer; try: make PYTHON=python3.12 run")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what the course needs, once. This takes a few minutes."
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt $$(grep '^torch==' requirements.txt)
	@$(BIN)/python -m pip install --quiet --requirement requirements.txt
	@touch $@

$(VENV)/test.done: $(VENV)/run.done requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	@touch $@
