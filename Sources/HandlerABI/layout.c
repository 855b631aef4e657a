/* layout.c - the ABI, written down once more: where each field lies on a 64-bit machine. If one of these fails, a plugin
 * that somebody built years ago would read the wrong bytes. Append; never change a line. SIZE: frozen; LEAST: may grow at its end. */
#include "weir/handler.h"

_Static_assert(sizeof(void *) == 8 && sizeof(int) == 4, "version 1 is defined for 64-bit machines");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "version 1 is defined for little-endian machines");

#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), "the size of " #type " has changed")
#define LEAST(type, bytes) _Static_assert(sizeof(type) >= (bytes) && sizeof(type) % 8 == 0, #type " has shrunk")
#define AT(type, field, bytes) _Static_assert(offsetof(type, field) == (bytes), #type "." #field " has moved")

SIZE(weir_bytes, 16);
AT(weir_bytes, data, 0);
AT(weir_bytes, size, 8);

LEAST(weir_host, 48);
AT(weir_host, struct_size, 0);
AT(weir_host, minor, 4);
AT(weir_host, name, 8);
AT(weir_host, version, 16);
AT(weir_host, config, 24);
AT(weir_host, log, 40);

LEAST(weir_task, 160);
AT(weir_task, struct_size, 0);
AT(weir_task, attempt, 4);
AT(weir_task, job_id, 8);
AT(weir_task, stage, 16);
AT(weir_task, task_id, 24);
AT(weir_task, handler, 32);
AT(weir_task, deadline_ms, 40);
AT(weir_task, memory_mb, 48);
AT(weir_task, threads, 52);
AT(weir_task, attempts, 56);
AT(weir_task, reserved, 60);
AT(weir_task, params, 64);
AT(weir_task, scratch, 80);
AT(weir_task, traceparent, 88);
AT(weir_task, impl, 96);
AT(weir_task, service, 104);
AT(weir_task, emit, 112);
AT(weir_task, reject, 120);
AT(weir_task, result, 128);
AT(weir_task, fail, 136);
AT(weir_task, release, 144);
AT(weir_task, last_error, 152);

LEAST(weir_handler, 104);
AT(weir_handler, struct_size, 0);
AT(weir_handler, flags, 4);
AT(weir_handler, name, 8);
AT(weir_handler, version, 16);
AT(weir_handler, title, 24);
AT(weir_handler, description, 32);
AT(weir_handler, params_schema, 40);
AT(weir_handler, result_schema, 48);
AT(weir_handler, item_schema, 56);
AT(weir_handler, services, 64);
AT(weir_handler, optional, 72);
AT(weir_handler, timeout_ms, 80);
AT(weir_handler, memory_mb, 84);
AT(weir_handler, run, 88);
AT(weir_handler, check, 96);

LEAST(weir_plugin, 72);
AT(weir_plugin, struct_size, 0);
AT(weir_plugin, magic, 4);
AT(weir_plugin, minor, 8);
AT(weir_plugin, needs_minor, 12);
AT(weir_plugin, id, 16);
AT(weir_plugin, version, 24);
AT(weir_plugin, license, 32);
AT(weir_plugin, url, 40);
AT(weir_plugin, handlers, 48);
AT(weir_plugin, open, 56);
AT(weir_plugin, close, 64);

LEAST(weir_log, 16);
AT(weir_log, struct_size, 0);
AT(weir_log, min_level, 4);
AT(weir_log, log, 8);

LEAST(weir_metric, 16);
AT(weir_metric, struct_size, 0);
AT(weir_metric, reserved, 4);
AT(weir_metric, add, 8);

LEAST(weir_progress, 16);
AT(weir_progress, struct_size, 0);
AT(weir_progress, reserved, 4);
AT(weir_progress, report, 8);

LEAST(weir_cancel, 24);
AT(weir_cancel, struct_size, 0);
AT(weir_cancel, reserved, 4);
AT(weir_cancel, requested, 8);
AT(weir_cancel, fd, 16);

LEAST(weir_checkpoint, 24);
AT(weir_checkpoint, struct_size, 0);
AT(weir_checkpoint, reserved, 4);
AT(weir_checkpoint, load, 8);
AT(weir_checkpoint, save, 16);

SIZE(weir_copy, 48);
AT(weir_copy, from_container, 0);
AT(weir_copy, from_key, 8);
AT(weir_copy, from_etag, 16);
AT(weir_copy, to_container, 24);
AT(weir_copy, to_key, 32);
AT(weir_copy, options, 40);

SIZE(weir_read, 80);
AT(weir_read, container, 0);
AT(weir_read, key, 8);
AT(weir_read, etag, 16);
AT(weir_read, from, 24);
AT(weir_read, size, 32);
AT(weir_read, into, 40);
AT(weir_read, out, 48);
AT(weir_read, total, 64);
AT(weir_read, status, 72);
AT(weir_read, reserved, 76);

LEAST(weir_storage, 120);
AT(weir_storage, struct_size, 0);
AT(weir_storage, reserved, 4);
AT(weir_storage, make_container, 8);
AT(weir_storage, list, 16);
AT(weir_storage, stat, 24);
AT(weir_storage, read, 32);
AT(weir_storage, read_many, 40);
AT(weir_storage, write, 48);
AT(weir_storage, remove, 56);
AT(weir_storage, copy, 64);
AT(weir_storage, open_fd, 72);
AT(weir_storage, open_read, 80);
AT(weir_storage, open_write, 88);
AT(weir_storage, pull, 96);
AT(weir_storage, push, 104);
AT(weir_storage, close, 112);

LEAST(weir_stac, 56);
AT(weir_stac, struct_size, 0);
AT(weir_stac, reserved, 4);
AT(weir_stac, put_collection, 8);
AT(weir_stac, prepare, 16);
AT(weir_stac, put_items, 24);
AT(weir_stac, remove_items, 32);
AT(weir_stac, finish, 40);
AT(weir_stac, check, 48);
/* since ABI 1.1 */
AT(weir_stac, published, 56);
AT(weir_stac, withdraw, 64);

LEAST(weir_sql, 56);
AT(weir_sql, struct_size, 0);
AT(weir_sql, reserved, 4);
AT(weir_sql, begin, 8);
AT(weir_sql, exec, 16);
AT(weir_sql, copy_in, 24);
AT(weir_sql, copy_data, 32);
AT(weir_sql, copy_end, 40);
AT(weir_sql, end, 48);

LEAST(weir_http, 24);
AT(weir_http, struct_size, 0);
AT(weir_http, reserved, 4);
AT(weir_http, request, 8);
AT(weir_http, to_object, 16);

#define VALUE(name, number) _Static_assert((name) == (number), #name " has changed")

VALUE(WEIR_MAGIC, 0x52494557u);
VALUE(WEIR_OK, 0);
VALUE(WEIR_RETRY, 100);
VALUE(WEIR_TIMEOUT, 101);
VALUE(WEIR_BUSY, 102);
VALUE(WEIR_UNREACHABLE, 103);
VALUE(WEIR_PARTIAL_RETRY, 107);
VALUE(WEIR_FAILED, 200);
VALUE(WEIR_DENIED, 201);
VALUE(WEIR_NOT_FOUND, 202);
VALUE(WEIR_CONFLICT, 203);
VALUE(WEIR_TOO_LARGE, 204);
VALUE(WEIR_UNSUPPORTED, 205);
VALUE(WEIR_MISUSE, 206);
VALUE(WEIR_PARTIAL, 207);
VALUE(WEIR_INVALID, 300);
VALUE(WEIR_CANCELLED, 400);
VALUE(WEIR_IDEMPOTENT, 1);
VALUE(WEIR_PURE, 2);
VALUE(WEIR_MAX_BYTES, 67108864);
VALUE(WEIR_MAX_ITEM, 1048576);
