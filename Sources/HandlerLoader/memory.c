#include "channel.h"
#include <stdlib.h>
#include <string.h>

void weir_block_keep(weir_attempt *attempt, weir_block *block) {
    block->previous = NULL;
    block->next = attempt->blocks;
    if (block->next) block->next->previous = block;
    attempt->blocks = block;
}

static void drop(weir_attempt *attempt, weir_block *block) {
    if (block->previous) block->previous->next = block->next;
    else attempt->blocks = block->next;
    if (block->next) block->next->previous = block->previous;
    free(block);
}

void weir_task_release(weir_task *task, weir_bytes *bytes) {
    weir_attempt *attempt = (weir_attempt *)task;
    if (!bytes || !bytes->data || weir_enter(attempt, 0, "release") != WEIR_OK) return;
    uintptr_t address = (uintptr_t)bytes->data;
    pthread_mutex_lock(&attempt->keeping);
    /* Newest first: what is given back in a loop was given out last. */
    for (weir_block *block = attempt->blocks; block; block = block->next) {
        if (address < (uintptr_t)block->data || address > (uintptr_t)block->data + block->size) continue;
        if (--block->holders == 0) drop(attempt, block);
        break;
    }
    pthread_mutex_unlock(&attempt->keeping);
    *bytes = (weir_bytes){ NULL, 0 };
    weir_leave(attempt);
}

weir_status weir_task_last_error(weir_task *task, weir_bytes *out) {
    weir_attempt *attempt = (weir_attempt *)task;
    weir_status status;
    weir_span json;
    if (out) *out = (weir_bytes){ NULL, 0 };
    if (!weir_error_of_thread(attempt, &status, &json)) return WEIR_NOT_FOUND;
    if (!out || weir_enter(attempt, 0, "last_error") != WEIR_OK) return WEIR_OK;
    weir_block *block = weir_block_new(json.size);
    memcpy(block->data, json.data, json.size);
    *out = (weir_bytes){ block->data, json.size };
    pthread_mutex_lock(&attempt->keeping);
    weir_block_keep(attempt, block);
    pthread_mutex_unlock(&attempt->keeping);
    weir_leave(attempt);
    return WEIR_OK;
}

void weir_blocks_free(weir_attempt *attempt) {
    while (attempt->blocks) {
        weir_block *next = attempt->blocks->next;
        free(attempt->blocks);
        attempt->blocks = next;
    }
}
