#include "channel.h"

static void empty(weir_bytes *out) {
    if (out) *out = (weir_bytes){ NULL, 0 };
}

static weir_status finish(weir_call *call, weir_bytes *report) {
    weir_call_make(call);
    weir_call_out(call, report);
    return weir_call_end(call);
}

static weir_status put_collection(weir_task *task, weir_bytes document, const char *options, weir_bytes *report) {
    weir_call call;
    empty(report);
    if (!weir_call_begin(&call, task, WEIR_HAS_STAC, WEIR_CALL_PUT_COLLECTION, "stac.put_collection")) return call.status;
    weir_call_bytes(&call, "document", document);
    weir_call_text(&call, options);
    return finish(&call, report);
}

static weir_status prepare(weir_task *task, const char *collection, weir_bytes intervals, const char *options) {
    weir_call call;
    if (!weir_call_begin(&call, task, WEIR_HAS_STAC, WEIR_CALL_PREPARE, "stac.prepare")) return call.status;
    weir_call_needs(&call, "collection", collection);
    weir_call_bytes(&call, "intervals", intervals);
    weir_call_text(&call, options);
    return finish(&call, NULL);
}

static weir_status put_items(weir_task *task, const char *collection, weir_bytes items, const char *options,
                             weir_bytes *report) {
    weir_call call;
    empty(report);
    if (!weir_call_begin(&call, task, WEIR_HAS_STAC, WEIR_CALL_PUT_ITEMS, "stac.put_items")) return call.status;
    weir_call_needs(&call, "collection", collection);
    weir_call_bytes(&call, "items", items);
    weir_call_text(&call, options);
    return finish(&call, report);
}

static weir_status remove_items(weir_task *task, const char *collection, weir_bytes ids, weir_bytes *report) {
    weir_call call;
    empty(report);
    if (!weir_call_begin(&call, task, WEIR_HAS_STAC, WEIR_CALL_REMOVE_ITEMS, "stac.remove_items")) return call.status;
    weir_call_needs(&call, "collection", collection);
    weir_call_bytes(&call, "ids", ids);
    return finish(&call, report);
}

/* The calls that are about a collection as a whole. */
static weir_status whole(weir_task *task, uint16_t code, const char *name, const char *collection, const char *options,
                         weir_bytes *report) {
    weir_call call;
    empty(report);
    if (!weir_call_begin(&call, task, WEIR_HAS_STAC, code, name)) return call.status;
    weir_call_needs(&call, "collection", collection);
    weir_call_text(&call, options);
    return finish(&call, report);
}

static weir_status finish_collection(weir_task *task, const char *collection, const char *options, weir_bytes *report) {
    return whole(task, WEIR_CALL_FINISH, "stac.finish", collection, options, report);
}

static weir_status published(weir_task *task, const char *collection, const char *options, weir_bytes *page) {
    return whole(task, WEIR_CALL_PUBLISHED, "stac.published", collection, options, page);
}

static weir_status withdraw(weir_task *task, const char *collection, const char *options, weir_bytes *report) {
    return whole(task, WEIR_CALL_WITHDRAW, "stac.withdraw", collection, options, report);
}

static weir_status check(weir_task *task, weir_bytes documents, const char *options, weir_bytes *report) {
    weir_call call;
    empty(report);
    if (!weir_call_begin(&call, task, WEIR_HAS_STAC, WEIR_CALL_CHECK, "stac.check")) return call.status;
    weir_call_bytes(&call, "documents", documents);
    weir_call_text(&call, options);
    return finish(&call, report);
}

const weir_stac weir_stac_table = {
    .struct_size = sizeof(weir_stac),
    .put_collection = put_collection,
    .prepare = prepare,
    .put_items = put_items,
    .remove_items = remove_items,
    .finish = finish_collection,
    .check = check,
    .published = published,
    .withdraw = withdraw,
};
