#include "channel.h"

static void empty(weir_bytes *out) {
    if (out) *out = (weir_bytes){ NULL, 0 };
}

static bool begin(weir_call *call, weir_task *task, uint16_t kind, const char *name) {
    return weir_call_begin(call, task, WEIR_HAS_STORAGE, kind, name);
}

static weir_status finish(weir_call *call, weir_bytes *out) {
    weir_call_make(call);
    weir_call_out(call, out);
    return weir_call_end(call);
}

static weir_status storage_make_container(weir_task *task, const char *container, const char *options) {
    weir_call call;
    if (!begin(&call, task, WEIR_CALL_MAKE_CONTAINER, "storage.make_container")) return call.status;
    weir_call_needs(&call, "container", container);
    weir_call_text(&call, options);
    return finish(&call, NULL);
}

static weir_status storage_list(weir_task *task, const char *container, const char *prefix, const char *options,
                                const char *page, weir_bytes *out) {
    weir_call call;
    empty(out);
    if (!begin(&call, task, WEIR_CALL_LIST, "storage.list")) return call.status;
    weir_call_text(&call, container);
    weir_call_text(&call, prefix);
    weir_call_text(&call, options);
    weir_call_text(&call, page);
    return finish(&call, out);
}

static weir_status storage_stat(weir_task *task, const char *container, const char *key, weir_bytes *head) {
    weir_call call;
    empty(head);
    if (!begin(&call, task, WEIR_CALL_STAT, "storage.stat")) return call.status;
    weir_call_text(&call, container);
    weir_call_needs(&call, "key", key);
    return finish(&call, head);
}

static weir_status storage_read(weir_task *task, const char *container, const char *key, weir_bytes *out) {
    weir_call call;
    empty(out);
    if (!begin(&call, task, WEIR_CALL_READ, "storage.read")) return call.status;
    weir_call_text(&call, container);
    weir_call_needs(&call, "key", key);
    return finish(&call, out);
}

static weir_status storage_write(weir_task *task, const char *container, const char *key, weir_bytes data,
                                 const char *options, weir_bytes *head) {
    weir_call call;
    empty(head);
    if (!begin(&call, task, WEIR_CALL_WRITE, "storage.write")) return call.status;
    weir_call_text(&call, container);
    weir_call_needs(&call, "key", key);
    weir_call_bytes(&call, "data", data);
    weir_call_text(&call, options);
    return finish(&call, head);
}

static weir_status storage_remove(weir_task *task, const char *container, const char *key) {
    weir_call call;
    if (!begin(&call, task, WEIR_CALL_REMOVE, "storage.remove")) return call.status;
    weir_call_text(&call, container);
    weir_call_needs(&call, "key", key);
    return finish(&call, NULL);
}

static weir_status storage_open_fd(weir_task *task, const char *container, const char *key, int32_t *fd) {
    weir_call call;
    if (fd) *fd = -1;
    if (!begin(&call, task, WEIR_CALL_OPEN_FD, "storage.open_fd")) return call.status;
    weir_call_text(&call, container);
    weir_call_needs(&call, "key", key);
    if (!fd) call.status = weir_refuse(call.attempt, call.name, WEIR_MISUSE, "storage.open_fd: fd is NULL");
    if (weir_call_make(&call) == WEIR_OK) {
        *fd = call.descriptor;
        if (*fd < 0)
            call.status = weir_refuse(call.attempt, call.name, WEIR_RETRY, "storage.open_fd: no descriptor came: too many are "
                                                                           "open in this process");
    }
    return weir_call_end(&call);
}

const weir_storage weir_storage_table = {
    .struct_size = sizeof(weir_storage),
    .make_container = storage_make_container,
    .list = storage_list,
    .stat = storage_stat,
    .read = storage_read,
    .read_many = weir_storage_read_many,
    .write = storage_write,
    .remove = storage_remove,
    .copy = weir_storage_copy,
    .open_fd = storage_open_fd,
    .open_read = weir_storage_open_read,
    .open_write = weir_storage_open_write,
    .pull = weir_storage_pull,
    .push = weir_storage_push,
    .close = weir_storage_close,
};
