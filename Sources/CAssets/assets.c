/* The files themselves. A new migration gets its three lines in the first part and its line in the table;
 * ArchitectureTests names what was forgotten. */
#include "cassets.h"

#if !__has_embed("downloaded/pgstac.0.10.0.sql") || !__has_embed("downloaded/browser/htmx.min.js") || \
    !__has_embed("downloaded/browser/maplibre-gl.js")
#error "files in Sources/CAssets/downloaded are missing: run `make setup` first, it brings all that a build needs"
#endif

static const unsigned char pgstac[] = {
#embed "downloaded/pgstac.0.10.0.sql"
};

static const unsigned char migration_001[] = {
#embed "../Engine/Migrations/001_engine.sql"
};

static const unsigned char migration_002[] = {
#embed "../Engine/Migrations/002_source_catalog.sql"
};

static const unsigned char migration_003[] = {
#embed "../Engine/Migrations/003_discarded.sql"
};

static const unsigned char migration_004[] = {
#embed "../Engine/Migrations/004_audit.sql"
};

static const unsigned char migration_005[] = {
#embed "../Engine/Migrations/005_job_control.sql"
};

static const unsigned char migration_006[] = {
#embed "../Engine/Migrations/006_hosts.sql"
};

static const unsigned char migration_007[] = {
#embed "../Engine/Migrations/007_limits.sql"
};

static const unsigned char migration_008[] = {
#embed "../Engine/Migrations/008_history.sql"
};

static const unsigned char migration_009[] = {
#embed "../Engine/Migrations/009_provenance.sql"
};

static const unsigned char migration_010[] = {
#embed "../Engine/Migrations/010_failures.sql"
};

static const unsigned char migration_011[] = {
#embed "../Engine/Migrations/011_tokens.sql"
};

static const unsigned char migration_012[] = {
#embed "../Engine/Migrations/012_schedules.sql"
};

static const unsigned char migration_013[] = {
#embed "../Engine/Migrations/013_predictions.sql"
};

static const unsigned char browser_app_css[] = {
#embed "../Web/Browser/app.css"
};

static const unsigned char browser_app_js[] = {
#embed "../Web/Browser/app.js"
};

static const unsigned char browser_htmx_sse_min_js[] = {
#embed "downloaded/browser/htmx-sse.min.js"
};

static const unsigned char browser_htmx_min_js[] = {
#embed "downloaded/browser/htmx.min.js"
};

static const unsigned char browser_icon_svg[] = {
#embed "../Web/Browser/icon.svg"
};

static const unsigned char browser_idiomorph_ext_min_js[] = {
#embed "downloaded/browser/idiomorph-ext.min.js"
};

static const unsigned char browser_job_css[] = {
#embed "../Web/Browser/job.css"
};

static const unsigned char browser_map_css[] = {
#embed "../Web/Browser/map.css"
};

static const unsigned char browser_map_js[] = {
#embed "../Web/Browser/map.js"
};

static const unsigned char browser_maplibre_gl_css[] = {
#embed "downloaded/browser/maplibre-gl.css"
};

static const unsigned char browser_maplibre_gl_js[] = {
#embed "downloaded/browser/maplibre-gl.js"
};

static const unsigned char browser_theme_js[] = {
#embed "../Web/Browser/theme.js"
};

static const unsigned char migration_014[] = {
#embed "../Engine/Migrations/014_datasets.sql"
};

static const unsigned char migration_015[] = {
#embed "../Engine/Migrations/015_alerts.sql"
};

static const unsigned char migration_016[] = {
#embed "../Engine/Migrations/016_triggers.sql"
};

static const unsigned char migration_017[] = {
#embed "../Engine/Migrations/017_traces.sql"
};

static const unsigned char migration_018[] = {
#embed "../Engine/Migrations/018_styles.sql"
};

static const unsigned char migration_019[] = {
#embed "../Engine/Migrations/019_seen_objects.sql"
};

static const unsigned char migration_020[] = {
#embed "../Engine/Migrations/020_unavailable_plugins.sql"
};

static const unsigned char migration_021[] = {
#embed "../Engine/Migrations/021_lists.sql"
};

#define ASSET(name, data) { name, data, sizeof data }

static const weir_asset assets[] = {
    ASSET("browser/app.css", browser_app_css),
    ASSET("browser/app.js", browser_app_js),
    ASSET("browser/htmx-sse.min.js", browser_htmx_sse_min_js),
    ASSET("browser/htmx.min.js", browser_htmx_min_js),
    ASSET("browser/icon.svg", browser_icon_svg),
    ASSET("browser/idiomorph-ext.min.js", browser_idiomorph_ext_min_js),
    ASSET("browser/job.css", browser_job_css),
    ASSET("browser/map.css", browser_map_css),
    ASSET("browser/map.js", browser_map_js),
    ASSET("browser/maplibre-gl.css", browser_maplibre_gl_css),
    ASSET("browser/maplibre-gl.js", browser_maplibre_gl_js),
    ASSET("browser/theme.js", browser_theme_js),
    ASSET("migrations/001_engine.sql", migration_001),
    ASSET("migrations/002_source_catalog.sql", migration_002),
    ASSET("migrations/003_discarded.sql", migration_003),
    ASSET("migrations/004_audit.sql", migration_004),
    ASSET("migrations/005_job_control.sql", migration_005),
    ASSET("migrations/006_hosts.sql", migration_006),
    ASSET("migrations/007_limits.sql", migration_007),
    ASSET("migrations/008_history.sql", migration_008),
    ASSET("migrations/009_provenance.sql", migration_009),
    ASSET("migrations/010_failures.sql", migration_010),
    ASSET("migrations/011_tokens.sql", migration_011),
    ASSET("migrations/012_schedules.sql", migration_012),
    ASSET("migrations/013_predictions.sql", migration_013),
    ASSET("migrations/014_datasets.sql", migration_014),
    ASSET("migrations/015_alerts.sql", migration_015),
    ASSET("migrations/016_triggers.sql", migration_016),
    ASSET("migrations/017_traces.sql", migration_017),
    ASSET("migrations/018_styles.sql", migration_018),
    ASSET("migrations/019_seen_objects.sql", migration_019),
    ASSET("migrations/020_unavailable_plugins.sql", migration_020),
    ASSET("migrations/021_lists.sql", migration_021),
    ASSET("pgstac.0.10.0.sql", pgstac),
};

size_t weir_assets_count(void) {
    return sizeof assets / sizeof assets[0];
}

const weir_asset *weir_assets_at(size_t index) {
    return index < weir_assets_count() ? &assets[index] : NULL;
}
