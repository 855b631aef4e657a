# The commands of this project; README.md says what each one gives. CONFIG=release for an optimised build.
CONFIG ?= debug
# Tests need the index of our own modules to be found; that of the system's costs a third of a test build (decisions/0001).
SWIFT_FLAGS ?= -Xswiftc -index-ignore-system-modules -Xswiftc -index-ignore-clang-modules
BUILD :=
BIN = .build/$(CONFIG)
MINUTES ?= 60

FORMATTED := Package.swift $(wildcard Sources Plugins Tests Benchmarks)

.PHONY: setup build demo test shots bench bench-viewers soak dist format lint clean

setup:
	@Setup/setup.sh

build: setup
	@swift build -c $(CONFIG) $(BUILD) $(SWIFT_FLAGS)


# Ingests the sample collection, then serves at http://127.0.0.1:8080 until Ctrl-C; ONCE=1 stops after the report.
demo: build
	@$(BIN)/weir demo $(if $(ONCE),--once)

test: BUILD := --build-tests
test: build
	@swift test -c $(CONFIG) --skip-build --disable-xctest --xunit-output .build/tests.xml
	@echo "The tests of the engine once more, behind PgBouncer in transaction mode:"
	@WEIR_TEST_POOLER=1 swift test -c $(CONFIG) --skip-build --disable-xctest --filter EngineTests --xunit-output .build/tests-pooler.xml

# Pictures of every page with a browser, light, dark and narrow, in .build/shots: look at them when a page was changed.
shots: BUILD := --build-tests
shots: build
	@mkdir -p .build/shots
	@WEIR_SHOTS=$(CURDIR)/.build/shots swift test -c $(CONFIG) --skip-build --disable-xctest --filter 'makes pictures'

# Weir beside procrastinate, DBOS and pgqueuer on the same PostgreSQL, beside rclone and aws on the same object store, and beside ogr2ogr: half an hour,
# or three minutes with QUICK=1.
bench:
	@$(MAKE) --no-print-directory build CONFIG=release
	@Setup/setup.sh peers
	@.build/release/weir-bench $(if $(QUICK),--quick)
	@.build/release/weir-bench-copy $(if $(QUICK),--quick)
	@.build/release/weir-bench-load $(if $(QUICK),--quick)

# A job of a million tasks with fifty who look at it, and without: half an hour, or a minute with QUICK=1.
bench-viewers:
	@$(MAKE) --no-print-directory build CONFIG=release
	@.build/release/weir-bench viewers $(if $(QUICK),--quick)
	@.build/release/weir-bench tiles $(if $(QUICK),--quick)

# What has a full size: the large jobs, the storm, made-up requests, ten years of schedules, 20 updates under kills, a large release; QGIS.
FULL_SIZE = A large job|A storm|Whatever the document allows|A year of schedules|Curated datasets|Protected areas|A desktop GIS

# All of them, a stage of a million tasks, then no-op tasks at full rate for MINUTES.
soak:
	@Setup/setup.sh soak
	@$(MAKE) --no-print-directory build BUILD=--build-tests
	@WEIR_TEST_FULL_SIZE=1 swift test --skip-build --disable-xctest --filter '$(FULL_SIZE)'
	@$(MAKE) --no-print-directory build CONFIG=release
	@.build/release/weir-bench soak --minutes $(MINUTES)

# A tarball and a Debian package for machines without Swift, in .build/dist. Packaging/try-deb.sh tries the package in a fresh Debian.
dist:
	@$(MAKE) --no-print-directory build CONFIG=release
	@Packaging/dist.sh

format:
	@swift format --in-place --parallel --recursive $(FORMATTED)

lint:
	@swift format lint --strict --parallel --recursive $(FORMATTED)

clean:
	rm -rf .build .venv .venv-peers .venv-servers Demo .maps Sources/CAssets/downloaded
