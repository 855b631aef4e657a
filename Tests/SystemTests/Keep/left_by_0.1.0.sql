-- What a weir 0.1.0 with migrations 1 to 3 left when it was killed in the middle of a job: job 1 had completed, of job 2's
-- 20 naps 10 had, and 10 were in its hands. Made by that program; taken by pg_dump --data-only --inserts.
INSERT INTO app.attempts VALUES (1, 0, 1, 1, 1, true, 'completed', NULL, NULL, NULL, '2026-11-23 16:47:26.650863+00', '2026-11-23 16:47:26.662808+00', 3, 1224, 44180);
INSERT INTO app.attempts VALUES (2, 0, 1, 101, 1, true, 'completed', NULL, NULL, NULL, '2026-11-23 16:47:26.662808+00', '2026-11-23 16:47:26.706077+00', 1090, 79, 44180);
INSERT INTO app.attempts VALUES (2, 1, 1, 102, 1, true, 'completed', NULL, NULL, NULL, '2026-11-23 16:47:26.662808+00', '2026-11-23 16:47:26.716822+00', 1081, 86, 44180);
INSERT INTO app.attempts VALUES (2, 2, 1, 103, 1, true, 'completed', NULL, NULL, NULL, '2026-11-23 16:47:26.715952+00', '2026-11-23 16:47:26.719928+00', 1087, 85, 44180);
INSERT INTO app.attempts VALUES (3, 0, 1, 104, 1, true, 'completed', NULL, NULL, NULL, '2026-11-23 16:47:28.215041+00', '2026-11-23 16:47:28.216086+00', 8, 59, 44180);
INSERT INTO app.attempts VALUES (4, 0, 1, 105, 1, true, 'completed', NULL, NULL, NULL, '2026-11-23 16:47:28.216086+00', '2026-11-23 16:47:28.621091+00', 400461, 81, 44180);
INSERT INTO app.attempts VALUES (4, 3, 1, 108, 1, true, 'completed', NULL, NULL, NULL, '2026-11-23 16:47:28.216086+00', '2026-11-23 16:47:28.62811+00', 400543, 1388, 44308);
INSERT INTO app.attempts VALUES (4, 1, 1, 106, 1, true, 'completed', NULL, NULL, NULL, '2026-11-23 16:47:28.216086+00', '2026-11-23 16:47:29.021646+00', 400468, 86, 44180);
INSERT INTO app.attempts VALUES (4, 4, 1, 109, 1, true, 'completed', NULL, NULL, NULL, '2026-11-23 16:47:28.216086+00', '2026-11-23 16:47:29.023132+00', 400542, 39, 44308);
INSERT INTO app.attempts VALUES (4, 2, 1, 107, 1, true, 'completed', NULL, NULL, NULL, '2026-11-23 16:47:28.216086+00', '2026-11-23 16:47:29.427986+00', 402582, 79, 44180);
INSERT INTO app.attempts VALUES (4, 5, 1, 110, 1, true, 'completed', NULL, NULL, NULL, '2026-11-23 16:47:28.216086+00', '2026-11-23 16:47:29.427986+00', 402430, 37, 44308);
INSERT INTO app.attempts VALUES (4, 6, 1, 111, 1, true, 'completed', NULL, NULL, NULL, '2026-11-23 16:47:28.216086+00', '2026-11-23 16:47:29.8287+00', 400353, 88, 44180);
INSERT INTO app.attempts VALUES (4, 7, 1, 112, 1, true, 'completed', NULL, NULL, NULL, '2026-11-23 16:47:28.216086+00', '2026-11-23 16:47:29.832099+00', 400516, 53, 44308);
INSERT INTO app.attempts VALUES (4, 8, 1, 113, 1, true, 'completed', NULL, NULL, NULL, '2026-11-23 16:47:28.216086+00', '2026-11-23 16:47:30.229332+00', 400457, 120, 44180);
INSERT INTO app.attempts VALUES (4, 9, 1, 114, 1, true, 'completed', NULL, NULL, NULL, '2026-11-23 16:47:28.216086+00', '2026-11-23 16:47:30.236175+00', 400469, 67, 44308);
INSERT INTO app.chunks VALUES (1, 0, 0, 3, '{"n":0,"pad":""}
{"n":1,"pad":""}
{"n":2,"pad":""}
');
INSERT INTO app.chunks VALUES (104, 0, 0, 20, '{"n":0,"pad":""}
{"n":1,"pad":""}
{"n":2,"pad":""}
{"n":3,"pad":""}
{"n":4,"pad":""}
{"n":5,"pad":""}
{"n":6,"pad":""}
{"n":7,"pad":""}
{"n":8,"pad":""}
{"n":9,"pad":""}
{"n":10,"pad":""}
{"n":11,"pad":""}
{"n":12,"pad":""}
{"n":13,"pad":""}
{"n":14,"pad":""}
{"n":15,"pad":""}
{"n":16,"pad":""}
{"n":17,"pad":""}
{"n":18,"pad":""}
{"n":19,"pad":""}
');
INSERT INTO app.handlers VALUES ('noop.run', '341e040bb299f722f4395333a19f689d7d75c51fe040c2dd125430aa5138fdfd', 'org.weir.noop', '1.0.0', '1.0.0', '{"name": "noop.run", "flags": 1, "title": null, "version": "1.0.0", "optional": [], "services": [], "has_check": false, "memory_mb": 0, "timeout_ms": 0, "description": null, "item_schema": null, "params_schema": "{\"type\":\"object\"}", "result_schema": null}', '2026-11-23 16:47:26.544348+00');
INSERT INTO app.handlers VALUES ('noop.echo', '341e040bb299f722f4395333a19f689d7d75c51fe040c2dd125430aa5138fdfd', 'org.weir.noop', '1.0.0', '1.0.0', '{"name": "noop.echo", "flags": 1, "title": null, "version": "1.0.0", "optional": [], "services": [], "has_check": false, "memory_mb": 0, "timeout_ms": 0, "description": null, "item_schema": null, "params_schema": "{\"type\":\"object\"}", "result_schema": null}', '2026-11-23 16:47:26.544348+00');
INSERT INTO app.handlers VALUES ('noop.emit', '341e040bb299f722f4395333a19f689d7d75c51fe040c2dd125430aa5138fdfd', 'org.weir.noop', '1.0.0', '1.0.0', '{"name": "noop.emit", "flags": 1, "title": null, "version": "1.0.0", "optional": [], "services": [], "has_check": false, "memory_mb": 0, "timeout_ms": 0, "description": null, "item_schema": "{\"type\":\"object\"}", "params_schema": "{\"type\":\"object\"}", "result_schema": null}', '2026-11-23 16:47:26.544348+00');
INSERT INTO app.handlers VALUES ('noop.sleep', '341e040bb299f722f4395333a19f689d7d75c51fe040c2dd125430aa5138fdfd', 'org.weir.noop', '1.0.0', '1.0.0', '{"name": "noop.sleep", "flags": 1, "title": null, "version": "1.0.0", "optional": ["weir.cancel/1"], "services": [], "has_check": false, "memory_mb": 0, "timeout_ms": 0, "description": null, "item_schema": null, "params_schema": "{\"type\":\"object\"}", "result_schema": null}', '2026-11-23 16:47:26.544348+00');
INSERT INTO app.handlers VALUES ('noop.reject', '341e040bb299f722f4395333a19f689d7d75c51fe040c2dd125430aa5138fdfd', 'org.weir.noop', '1.0.0', '1.0.0', '{"name": "noop.reject", "flags": 1, "title": null, "version": "1.0.0", "optional": [], "services": [], "has_check": false, "memory_mb": 0, "timeout_ms": 0, "description": null, "item_schema": null, "params_schema": "{\"type\":\"object\"}", "result_schema": null}', '2026-11-23 16:47:26.544348+00');
INSERT INTO app.hosts OVERRIDING SYSTEM VALUE VALUES (1, 'elsewhere', '0.1.0', 'another machine', 17028, '1251988', 2, '2026-11-23 16:47:26.550928+00', '2026-11-23 16:47:56.58795+00', NULL, NULL);
INSERT INTO app.workflows VALUES ('naps', 1, '{"name": "naps", "parameters": {"type": "object", "properties": {"count": {"type": "integer"}, "ms": {"type": "integer"}}}, "stages": [
  {"id": "list", "handler": "noop.emit", "params": {"count": "${params.count}"}},
  {"id": "nap", "handler": "noop.sleep", "needs": ["list"], "for_each": {"items_of": "list"}, "params": {"ms": "${params.ms}"}}]}
', 'a87c006c9dca582e4a271f7b9b2f3b0ca0f079329bc02ed1835798173bdb307f', '2026-11-23 16:47:26.531981+00');
INSERT INTO app.jobs OVERRIDING SYSTEM VALUE VALUES (1, 'naps', 1, '{"count":3,"ms":1}', NULL, NULL, 0, NULL, 'completed', NULL, '2026-11-23 16:47:26.627965+00', '2026-11-23 16:47:26.627965+00', '2026-11-23 16:47:26.719928+00', NULL);
INSERT INTO app.jobs OVERRIDING SYSTEM VALUE VALUES (2, 'naps', 1, '{"count":20,"ms":400}', NULL, NULL, 0, NULL, 'running', NULL, '2026-11-23 16:47:28.209927+00', '2026-11-23 16:47:28.209927+00', NULL, NULL);
INSERT INTO app.stages OVERRIDING SYSTEM VALUE VALUES (1, 1, 0, 'list', 'noop.emit', 'completed', 0, NULL, NULL, NULL, NULL, 1, '{}', NULL, '2026-11-23 16:47:26.627965+00', '2026-11-23 16:47:26.662808+00');
INSERT INTO app.stages OVERRIDING SYSTEM VALUE VALUES (2, 1, 1, 'nap', 'noop.sleep', 'completed', 0, NULL, 1, 3, NULL, 3, NULL, NULL, '2026-11-23 16:47:26.662808+00', '2026-11-23 16:47:26.719928+00');
INSERT INTO app.stages OVERRIDING SYSTEM VALUE VALUES (3, 2, 0, 'list', 'noop.emit', 'completed', 0, NULL, NULL, NULL, NULL, 1, '{}', NULL, '2026-11-23 16:47:28.209927+00', '2026-11-23 16:47:28.216086+00');
INSERT INTO app.stages OVERRIDING SYSTEM VALUE VALUES (4, 2, 1, 'nap', 'noop.sleep', 'running', 0, NULL, 3, 20, NULL, 20, NULL, NULL, '2026-11-23 16:47:28.216086+00', NULL);
INSERT INTO app.item_ranges VALUES (1, 0, 0, 3, 1, 0);
INSERT INTO app.item_ranges VALUES (3, 0, 0, 20, 104, 0);
INSERT INTO app.leases VALUES (115, 4, 10, 1, 1, 0, 0, '2026-11-23 16:47:28.216086+00');
INSERT INTO app.leases VALUES (116, 4, 11, 1, 1, 0, 0, '2026-11-23 16:47:28.216086+00');
INSERT INTO app.leases VALUES (117, 4, 12, 1, 1, 0, 0, '2026-11-23 16:47:28.216086+00');
INSERT INTO app.leases VALUES (118, 4, 13, 1, 1, 0, 0, '2026-11-23 16:47:28.216086+00');
INSERT INTO app.leases VALUES (119, 4, 14, 1, 1, 0, 0, '2026-11-23 16:47:28.216086+00');
INSERT INTO app.leases VALUES (120, 4, 15, 1, 1, 0, 0, '2026-11-23 16:47:28.216086+00');
INSERT INTO app.leases VALUES (121, 4, 16, 1, 1, 0, 0, '2026-11-23 16:47:28.216086+00');
INSERT INTO app.leases VALUES (122, 4, 17, 1, 1, 0, 0, '2026-11-23 16:47:28.216086+00');
INSERT INTO app.leases VALUES (123, 4, 18, 1, 1, 0, 0, '2026-11-23 16:47:28.216086+00');
INSERT INTO app.leases VALUES (124, 4, 19, 1, 1, 0, 0, '2026-11-23 16:47:28.216086+00');
INSERT INTO app.offers VALUES (1, 'noop.run', '341e040bb299f722f4395333a19f689d7d75c51fe040c2dd125430aa5138fdfd');
INSERT INTO app.offers VALUES (1, 'noop.echo', '341e040bb299f722f4395333a19f689d7d75c51fe040c2dd125430aa5138fdfd');
INSERT INTO app.offers VALUES (1, 'noop.emit', '341e040bb299f722f4395333a19f689d7d75c51fe040c2dd125430aa5138fdfd');
INSERT INTO app.offers VALUES (1, 'noop.sleep', '341e040bb299f722f4395333a19f689d7d75c51fe040c2dd125430aa5138fdfd');
INSERT INTO app.offers VALUES (1, 'noop.reject', '341e040bb299f722f4395333a19f689d7d75c51fe040c2dd125430aa5138fdfd');
INSERT INTO app.stage_counters VALUES (1, 1, 0, 0, 0, 1, 0, 0, 3, 0, 0);
INSERT INTO app.stage_counters VALUES (2, 3, 0, 0, 0, 3, 0, 0, 0, 0, 0);
INSERT INTO app.stage_counters VALUES (3, 1, 0, 0, 0, 1, 0, 0, 20, 0, 0);
INSERT INTO app.stage_counters VALUES (4, 20, 0, 0, 10, 10, 0, 0, 0, 0, 0);
SELECT pg_catalog.setval('app.hosts_id_seq', 1, true);
SELECT pg_catalog.setval('app.jobs_id_seq', 2, true);
SELECT pg_catalog.setval('app.stages_id_seq', 4, true);
SELECT pg_catalog.setval('app.task_logs_id_seq', 1, false);
SELECT pg_catalog.setval('app.tokens', 200, true);
