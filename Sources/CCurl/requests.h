/* requests.h - libcurl's easy interface without its variadic calls, which Swift cannot make. */
#ifndef WEIR_CURL_REQUESTS_H
#define WEIR_CURL_REQUESTS_H
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

typedef struct weir_curl {
    CURL *easy;
    unsigned char *body;
    size_t size, room;
    char error[CURL_ERROR_SIZE];
} weir_curl;

static inline size_t weir_curl_take(char *data, size_t one, size_t count, void *to) {
    weir_curl *curl = (weir_curl *)to;
    size_t more = one * count;
    if (curl->size + more > curl->room) {
        size_t room = (curl->size + more) * 2;
        unsigned char *body = (unsigned char *)realloc(curl->body, room);
        if (!body) return 0;
        curl->body = body;
        curl->room = room;
    }
    memcpy(curl->body + curl->size, data, more);
    curl->size += more;
    return more;
}

static inline weir_curl *weir_curl_new(void) {
    weir_curl *curl = (weir_curl *)calloc(1, sizeof *curl);
    if (!curl) return NULL;
    curl->easy = curl_easy_init();
    if (curl->easy) return curl;
    free(curl);
    return NULL;
}

static inline void weir_curl_free(weir_curl *curl) {
    curl_easy_cleanup(curl->easy);
    free(curl->body);
    free(curl);
}

/* Sends one request and keeps the answer's body. header: one more header line, or none if empty. Answers the HTTP status, or 0 when
 * there was no answer: weir_curl_error says why. No proxy, no redirect, only http and https. */
static inline long weir_curl_send(weir_curl *curl, const char *method, const char *url, const char *header, const void *body,
                                  size_t size, long timeout_ms) {
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    if (header && *header) headers = curl_slist_append(headers, header);
    headers = curl_slist_append(headers, "User-Agent: weir/cli");
    headers = curl_slist_append(headers, "Expect:");
    curl->size = 0;
    curl_easy_setopt(curl->easy, CURLOPT_URL, url);
    curl_easy_setopt(curl->easy, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(curl->easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl->easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl->easy, CURLOPT_TIMEOUT_MS, timeout_ms);
    curl_easy_setopt(curl->easy, CURLOPT_ERRORBUFFER, curl->error);
    curl_easy_setopt(curl->easy, CURLOPT_WRITEFUNCTION, weir_curl_take);
    curl_easy_setopt(curl->easy, CURLOPT_WRITEDATA, curl);
    if (body) {
        curl_easy_setopt(curl->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
        curl_easy_setopt(curl->easy, CURLOPT_POSTFIELDS, (const char *)body);
    }
    CURLcode failed = curl_easy_perform(curl->easy);
    curl_slist_free_all(headers);
    if (failed) {
        if (!curl->error[0]) strncpy(curl->error, curl_easy_strerror(failed), sizeof curl->error - 1);
        return 0;
    }
    long status = 0;
    curl_easy_getinfo(curl->easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

static inline const char *weir_curl_error(const weir_curl *curl) { return curl->error; }
static inline const unsigned char *weir_curl_body(const weir_curl *curl) { return curl->body; }
static inline size_t weir_curl_body_size(const weir_curl *curl) { return curl->size; }

#endif
