#include "text.h"
#include <string.h>

enum { MAX_DEPTH = 512 };

typedef struct cursor { const unsigned char *start, *at, *end; const char *problem; } cursor;

static bool wrong(cursor *c, const char *problem) {
    if (!c->problem) c->problem = problem;
    return false;
}

/* The length of the UTF-8 sequence at `at`, 0 if it is none. No overlong form, no surrogate, nothing over U+10FFFF. */
static size_t sequence(const unsigned char *at, const unsigned char *end) {
    size_t left = (size_t)(end - at);
    unsigned char a = at[0];
    if (a < 0x80) return 1;
    if (a < 0xC2 || left < 2 || (at[1] & 0xC0) != 0x80) return 0;
    if (a < 0xE0) return 2;
    if (left < 3 || (at[2] & 0xC0) != 0x80) return 0;
    if (a < 0xF0) return (a == 0xE0 && at[1] < 0xA0) || (a == 0xED && at[1] > 0x9F) ? 0 : 3;
    if (a > 0xF4 || left < 4 || (at[3] & 0xC0) != 0x80) return 0;
    return (a == 0xF0 && at[1] < 0x90) || (a == 0xF4 && at[1] > 0x8F) ? 0 : 4;
}

size_t weir_utf8_length(const void *data, size_t size) {
    if (size == 0) return 0;
    const unsigned char *start = data, *at = start, *end = at + size;
    while (at < end) {
        uint64_t eight;
        if (end - at >= 8 && (memcpy(&eight, at, 8), (eight & UINT64_C(0x8080808080808080)) == 0)) {
            at += 8;
            continue;
        }
        size_t length = sequence(at, end);
        if (length == 0) break;
        at += length;
    }
    return (size_t)(at - start);
}

static void skip_space(cursor *c) {
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\n' || *c->at == '\r' || *c->at == '\t')) c->at++;
}

/* Not 0 if one of eight bytes needs a look: a quote, a backslash, a control character, or not ASCII. */
static uint64_t notable(uint64_t eight) {
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = UINT64_C(0x8080808080808080);
    uint64_t quote = eight ^ ones * '"', backslash = eight ^ ones * '\\';
    return (eight | (eight - ones * 0x20) | ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash)) & tops;
}

static bool read_escape(cursor *c) {
    if (c->end - c->at < 2) return wrong(c, "a string does not end");
    unsigned char kind = c->at[1];
    if (kind == 'u') {
        if (c->end - c->at < 6) return wrong(c, "a string does not end");
        for (int i = 2; i < 6; i++) {
            unsigned char h = c->at[i];
            if (!((h >= '0' && h <= '9') || ((h | 32) >= 'a' && (h | 32) <= 'f'))) return wrong(c, "\\u needs four hex digits");
        }
        c->at += 6;
        return true;
    }
    if (kind == 0 || !strchr("\"\\/bfnrt", kind)) return wrong(c, "an unknown escape");
    c->at += 2;
    return true;
}

static bool read_string(cursor *c) {
    c->at++;
    while (c->at < c->end) {
        uint64_t eight;
        while (c->end - c->at >= 8 && (memcpy(&eight, c->at, 8), notable(eight) == 0)) c->at += 8;
        if (c->at == c->end) break;
        unsigned char b = *c->at;
        if (b == '"') {
            c->at++;
            return true;
        }
        if (b == '\\') {
            if (!read_escape(c)) return false;
            continue;
        }
        if (b < 0x20) return wrong(c, "a raw control character in a string");
        size_t length = sequence(c->at, c->end);
        if (length == 0) return wrong(c, "not UTF-8");
        c->at += length;
    }
    return wrong(c, "a string does not end");
}

static bool read_digits(cursor *c) {
    const unsigned char *from = c->at;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9') c->at++;
    return c->at > from ? true : wrong(c, "a digit is missing");
}

static bool read_number(cursor *c) {
    if (*c->at == '-') c->at++;
    if (c->at < c->end && *c->at == '0') c->at++;
    else if (!read_digits(c)) return false;
    if (c->at < c->end && *c->at == '.') {
        c->at++;
        if (!read_digits(c)) return false;
    }
    if (c->at < c->end && (*c->at | 32) == 'e') {
        c->at++;
        if (c->at < c->end && (*c->at == '+' || *c->at == '-')) c->at++;
        if (!read_digits(c)) return false;
    }
    return true;
}

static bool read_word(cursor *c, const char *word) {
    size_t size = strlen(word);
    if ((size_t)(c->end - c->at) < size || memcmp(c->at, word, size) != 0) return wrong(c, "not a JSON value");
    c->at += size;
    return true;
}

static bool read_scalar(cursor *c) {
    switch (*c->at) {
    case '"': return read_string(c);
    case 't': return read_word(c, "true");
    case 'f': return read_word(c, "false");
    case 'n': return read_word(c, "null");
    case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
        return read_number(c);
    default: return wrong(c, "not a JSON value");
    }
}

static bool read_key(cursor *c) {
    skip_space(c);
    if (c->at == c->end || *c->at != '"') return wrong(c, "a member's name is missing");
    if (!read_string(c)) return false;
    skip_space(c);
    if (c->at == c->end || *c->at != ':') return wrong(c, "a colon is missing");
    c->at++;
    return true;
}

/* Goes behind a value: over the ends of what it closes, and over one comma to where the next value stands. */
static bool step_out(cursor *c, const unsigned char *closers, int *depth) {
    while (*depth > 0) {
        skip_space(c);
        if (c->at == c->end) return wrong(c, "the text ends too early");
        if (*c->at == ',') {
            c->at++;
            return closers[*depth] == '}' ? read_key(c) : true;
        }
        if (*c->at != closers[*depth]) return wrong(c, "a comma or a closing bracket is missing");
        c->at++;
        --*depth;
    }
    return true;
}

static bool read_value(cursor *c) {
    unsigned char closers[MAX_DEPTH + 1];
    int depth = 0;
    do {
        skip_space(c);
        if (c->at == c->end) return wrong(c, "the text ends too early");
        unsigned char b = *c->at;
        if (b == '{' || b == '[') {
            if (depth == MAX_DEPTH) return wrong(c, "more than 512 levels deep");
            closers[++depth] = b == '{' ? '}' : ']';
            c->at++;
            skip_space(c);
            if (c->at == c->end || *c->at != closers[depth]) {
                if (b == '{' && !read_key(c)) return false;
                continue;
            }
        } else if (!read_scalar(c)) {
            return false;
        }
        if (!step_out(c, closers, &depth)) return false;
        if (depth == 0) return true;
    } while (true);
}

const char *weir_json_problem(const void *data, size_t size, size_t *at) {
    cursor c = { .start = data, .at = data, .end = (const unsigned char *)data + size, .problem = NULL };
    if (size == 0) {
        *at = 0;
        return "the text is empty";
    }
    if (read_value(&c)) {
        skip_space(&c);
        if (c.at < c.end) wrong(&c, "more than one JSON value");
    }
    *at = (size_t)(c.at - c.start);
    return c.problem;
}

bool weir_is_json_object(const char *text) {
    size_t at;
    return text[strspn(text, " \n\r\t")] == '{' && !weir_json_problem(text, strlen(text), &at);
}
