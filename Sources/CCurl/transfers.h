/* transfers.h - the options and answers of libcurl's easy handles, each kind by a call of its own: Swift cannot call variadic ones. */
#ifndef WEIR_CURL_TRANSFERS_H
#define WEIR_CURL_TRANSFERS_H
#include <curl/curl.h>

typedef size_t (*weir_curl_data)(char *data, size_t one, size_t count, void *context);
typedef int (*weir_curl_rewind)(void *context, curl_off_t offset, int origin);
typedef curl_socket_t (*weir_curl_socket)(void *context, curlsocktype purpose, struct curl_sockaddr *address);

static inline CURLcode weir_curl_set_number(CURL *easy, CURLoption option, long value) { return curl_easy_setopt(easy, option, value); }
static inline CURLcode weir_curl_set_size(CURL *easy, CURLoption option, curl_off_t value) { return curl_easy_setopt(easy, option, value); }
/* text: curl keeps a copy; NULL: the option's default. */
static inline CURLcode weir_curl_set_text(CURL *easy, CURLoption option, const char *text) { return curl_easy_setopt(easy, option, text); }
/* list: the caller's, until the transfer has ended. */
static inline CURLcode weir_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *list) { return curl_easy_setopt(easy, option, list); }
/* buffer: CURL_ERROR_SIZE bytes, the caller's as long as the handle lives. */
static inline CURLcode weir_curl_set_error(CURL *easy, char *buffer) { return curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, buffer); }

/* A body that curl keeps a copy of, and sends together with the head if it is small. */
static inline void weir_curl_copy_body(CURL *easy, const void *bytes, size_t size) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
    curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, size ? (const char *)bytes : "");
}

static inline void weir_curl_on_body(CURL *easy, weir_curl_data take, void *context) {
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
}

static inline void weir_curl_on_header(CURL *easy, weir_curl_data take, void *context) {
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, context);
}

static inline void weir_curl_on_upload(CURL *easy, weir_curl_data give, weir_curl_rewind rewind, void *context) {
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(easy, CURLOPT_READDATA, context);
    curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, rewind);
    curl_easy_setopt(easy, CURLOPT_SEEKDATA, context);
}

static inline void weir_curl_on_socket(CURL *easy, weir_curl_socket make, void *context) {
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, make);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, context);
}

/* The socket that curl would have made itself. */
static inline curl_socket_t weir_curl_open_socket(const struct curl_sockaddr *address) {
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static inline const struct sockaddr *weir_curl_address(const struct curl_sockaddr *address) { return &address->addr; }

static inline long weir_curl_number(CURL *easy, CURLINFO what) {
    long value = 0;
    curl_easy_getinfo(easy, what, &value);
    return value;
}

/* Curl's, until the handle is used again; NULL: it has none. */
static inline const char *weir_curl_text(CURL *easy, CURLINFO what) {
    char *value = NULL;
    curl_easy_getinfo(easy, what, &value);
    return value;
}

/* The outcome of the one transfer of a multi handle; -1 while it is under way. */
static inline int weir_curl_outcome(CURLM *multi) {
    int left = 0;
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));)
        if (message->msg == CURLMSG_DONE) return (int)message->data.result;
    return -1;
}

static inline size_t weir_curl_pause_upload(void) { return CURL_READFUNC_PAUSE; }
static inline size_t weir_curl_abort_upload(void) { return CURL_READFUNC_ABORT; }
static inline size_t weir_curl_pause_body(void) { return CURL_WRITEFUNC_PAUSE; }

#endif
