/*
 * As it is often written by hand: all bytes are appended to a buffer, `strstr` looks for a blank line, and the lines
 * before it are looked at one by one. It knows no CR, no byte order mark, no ID and no bound, and a NUL ends it.
 */
#include <stdlib.h>
#include <string.h>

#include "way.h"

struct hand {
    char *buffer, *data;
    size_t len, capacity;
};

void *way_new(void) { return calloc(1, sizeof(struct hand)); }

static void take_block(struct hand *hand, char *block) {
    const char *type = "message";
    size_t data_len = 0;
    int has_data = 0;
    for (char *line = block, *end; line != NULL; line = end) {
        end = strchr(line, '\n');
        if (end != NULL) *end++ = '\0';
        if (strncmp(line, "data:", 5) == 0) {
            const char *value = line + (line[5] == ' ' ? 6 : 5);
            size_t len = strlen(value);
            if (has_data) hand->data[data_len++] = '\n';
            memcpy(hand->data + data_len, value, len);
            data_len += len;
            has_data = 1;
        } else if (strncmp(line, "event:", 6) == 0) {
            type = line + (line[6] == ' ' ? 7 : 6);
        }
    }
    hand->data[data_len] = '\0';
    if (has_data) on_event(type, strlen(type), hand->data, data_len);
}

void way_feed(void *way, const char *bytes, size_t len) {
    struct hand *hand = way;
    char *block, *end;
    if (hand->len + len + 1 > hand->capacity) {
        hand->capacity = 2 * (hand->len + len + 1);
        hand->buffer = realloc(hand->buffer, hand->capacity);
        hand->data = realloc(hand->data, hand->capacity);
        if (hand->buffer == NULL || hand->data == NULL) abort();
    }
    memcpy(hand->buffer + hand->len, bytes, len);
    hand->len += len;
    hand->buffer[hand->len] = '\0';
    block = hand->buffer;
    while ((end = strstr(block, "\n\n")) != NULL) {
        *end = '\0';
        take_block(hand, block);
        block = end + 2;
    }
    hand->len -= (size_t)(block - hand->buffer);
    memmove(hand->buffer, block, hand->len);
}
