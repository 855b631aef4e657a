#include "channel.h"

static void empty(weir_bytes *out) {
    if (out) *out = (weir_bytes){ NULL, 0 };
}

static weir_status request(weir_task *task, const char *what, weir_bytes body, weir_bytes *head, weir_bytes *out) {
    weir_call call;
    empty(head);
    empty(out);
    if (!weir_call_begin(&call, task, WEIR_HAS_HTTP, WEIR_CALL_REQUEST, "http.request")) return call.status;
    weir_call_needs(&call, "request", what);
    weir_call_bytes(&call, "body", body);
    weir_call_make(&call);
    weir_call_out(&call, head);
    weir_call_out(&call, out);
    return weir_call_end(&call);
}

static weir_status to_object(weir_task *task, const char *what, weir_bytes body, const char *container, const char *key,
                             const char *options, weir_bytes *head) {
    weir_call call;
    empty(head);
    if (!weir_call_begin(&call, task, WEIR_HAS_HTTP, WEIR_CALL_TO_OBJECT, "http.to_object")) return call.status;
    weir_call_needs(&call, "request", what);
    weir_call_bytes(&call, "body", body);
    weir_call_text(&call, container);
    weir_call_needs(&call, "key", key);
    weir_call_text(&call, options);
    weir_call_make(&call);
    weir_call_out(&call, head);
    return weir_call_end(&call);
}

const weir_http weir_http_table = {
    .struct_size = sizeof(weir_http),
    .request = request,
    .to_object = to_object,
};
