#include "channel.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SUMS = 1000, MOST_NAME = 200, MOST_LABELS = 4096 };

static char *copy(const char *text) {
    size_t size = strlen(text) + 1;
    return memcpy(weir_allocate(size), text, size);
}

static bool same(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

static weir_status sum(weir_attempt *attempt, const char *name, double value, const char *labels) {
    weir_metric_sum *entry = attempt->metrics;
    while (entry && !(same(entry->name, name) && same(entry->labels, labels))) entry = entry->next;
    if (!entry) {
        if (attempt->metric_count == MOST_SUMS) return WEIR_TOO_LARGE;
        entry = weir_allocate(sizeof *entry);
        *entry = (weir_metric_sum){ attempt->metrics, copy(name), labels ? copy(labels) : NULL, 0 };
        attempt->metrics = entry;
        attempt->metric_count++;
    }
    entry->value += value;
    return WEIR_OK;
}

static const char *problem_of(const char *name, double value, const char *labels) {
    if (!name || !*name || strlen(name) > MOST_NAME || weir_utf8_length(name, strlen(name)) != strlen(name))
        return "the name is missing, too long or not UTF-8";
    if (!isfinite(value)) return "the value is not finite";
    if (labels && (strlen(labels) > MOST_LABELS || !weir_is_json_object(labels))) return "the labels are not a JSON object";
    return NULL;
}

static weir_status metric_add(weir_task *task, const char *name, double value, const char *labels) {
    weir_attempt *attempt = (weir_attempt *)task;
    weir_status status = weir_enter(attempt, WEIR_HAS_METRIC, "metric.add");
    if (status != WEIR_OK) return status;
    const char *problem = problem_of(name, value, labels);
    if (problem) {
        status = weir_refuse(attempt, "metric.add", WEIR_MISUSE, "metric.add: %s", problem);
    } else {
        pthread_mutex_lock(&attempt->keeping);
        status = sum(attempt, name, value, labels);
        pthread_mutex_unlock(&attempt->keeping);
        if (status != WEIR_OK)
            weir_refuse(attempt, "metric.add", status, "metric.add: more than %d names and labels in one task", MOST_SUMS);
    }
    weir_leave(attempt);
    return status;
}

void weir_metrics_write(weir_attempt *attempt, weir_text *json) {
    const char *between = "[";
    for (const weir_metric_sum *entry = attempt->metrics; entry; entry = entry->next, between = ",") {
        weir_text_add_string(json, between);
        weir_text_add_string(json, "{\"name\":");
        weir_text_add_json_string(json, entry->name);
        weir_text_add_string(json, ",\"value\":");
        weir_text_add_number(json, isfinite(entry->value) ? entry->value : 0);
        weir_text_add_string(json, ",\"labels\":");
        weir_text_add_string(json, entry->labels ? entry->labels : "null");
        weir_text_add_string(json, "}");
    }
    weir_text_add_string(json, "]");
}

void weir_metrics_free(weir_attempt *attempt) {
    while (attempt->metrics) {
        weir_metric_sum *next = attempt->metrics->next;
        free(attempt->metrics->name);
        free(attempt->metrics->labels);
        free(attempt->metrics);
        attempt->metrics = next;
    }
    attempt->metric_count = 0;
}

const weir_metric weir_metric_table = { .struct_size = sizeof(weir_metric), .add = metric_add };
