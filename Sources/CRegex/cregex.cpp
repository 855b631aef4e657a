#include "cregex.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

struct cregex {
    RE2 expression;
};

static RE2::Options options(size_t max_memory) {
    RE2::Options options;
    options.set_max_mem(static_cast<int64_t>(max_memory));
    options.set_log_errors(false);
    options.set_never_capture(true);
    return options;
}

static void put(const char *message, size_t length, char *error, size_t error_size) {
    if (error_size == 0) return;
    size_t count = std::min(length, error_size - 1);
    std::memcpy(error, message, count);
    error[count] = '\0';
}

cregex *cregex_compile(const char *pattern, size_t length, size_t max_memory, char *error, size_t error_size) try {
    auto regex = std::unique_ptr<cregex>(
        new cregex{RE2(re2::StringPiece(pattern, length), options(max_memory))});
    if (regex->expression.ok()) return regex.release();
    put(regex->expression.error().data(), regex->expression.error().size(), error, error_size);
    return nullptr;
} catch (const std::bad_alloc &) {
    static const char message[] = "out of memory";
    put(message, sizeof message - 1, error, error_size);
    return nullptr;
}

bool cregex_matches(const cregex *regex, const char *text, size_t length) {
    return RE2::PartialMatch(re2::StringPiece(text, length), regex->expression);
}

void cregex_free(cregex *regex) { delete regex; }
