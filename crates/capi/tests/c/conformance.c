/*
 * Every case of the table, whole, byte by byte and cut at each place, by a parser on the heap and one in memory
 * of the caller's, with notifications and without. Each chunk is in memory of its own, exactly as large, and is
 * freed when it is used up, so that a sanitizer sees a byte that is read beyond or after.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sseam.h>

struct bytes {
    const char *ptr;
    size_t len;
};

struct output {
    sseam_item_kind kind;
    uint64_t retry_ms;
    struct bytes event_type, data, id;
};

struct expected {
    const char *name;
    struct bytes input, last_event_id;
    const struct output *output;
    size_t output_count;
    bool has_retry, is_cut;
    uint64_t retry_ms;
};

#include "cases.h" /* Generated: `static const struct expected CASES[]`. */

enum { DATA = 100000, META = 1024 };
static size_t runs;

static void fail(const struct expected *it, const char *what, size_t at) {
    fprintf(stderr, "%s: %s (%zu)\n", it->name, what, at);
    exit(1);
}

static bool is(sseam_text text, struct bytes bytes) {
    return text.len == bytes.len && memcmp(text.ptr, bytes.ptr, bytes.len) == 0;
}

struct reader {
    const struct expected *it;
    sseam_parser *parser;
    bool notify;
    size_t next;
};

static void take(struct reader *reader, const char *bytes, size_t size) {
    const struct expected *it = reader->it;
    char *copy = malloc(size);
    const char *chunk = size == 0 ? NULL : copy;
    size_t len = size;
    sseam_item item;
    sseam_status status;
    if (size > 0) memcpy(copy, bytes, size);
    while ((status = sseam_next(reader->parser, &chunk, &len, &item)) > 0) {
        const struct output *output = &it->output[reader->next];
        uint64_t ms;
        if (status != SSEAM_ITEM) fail(it, "an event is lost", reader->next);
        while (!reader->notify && reader->next < it->output_count && output->kind != SSEAM_EVENT) {
            reader->next++;
            output++;
        }
        if (reader->next >= it->output_count) fail(it, "too many items", reader->next);
        if (item.kind != output->kind || item.truncated != 0) fail(it, "another kind", reader->next);
        if (!is(item.event_type, output->event_type)) fail(it, "another type", reader->next);
        if (!is(item.data, output->data)) fail(it, "other data", reader->next);
        if (!is(item.last_event_id, output->id)) fail(it, "another ID", reader->next);
        if (item.kind == SSEAM_RETRY &&
            (!sseam_retry_ms(reader->parser, &ms) || ms != output->retry_ms))
            fail(it, "another time", reader->next);
        reader->next++;
    }
    if (status != SSEAM_NEED_MORE || len != 0 || item.kind != SSEAM_NO_ITEM)
        fail(it, "the chunk is not used up", reader->next);
    if (size > 0 && chunk != copy + size) fail(it, "the chunk is not advanced", reader->next);
    free(copy);
}

static void read_case(const struct expected *it, bool heap, bool notify, size_t step, size_t cut) {
    static uint64_t memory[SSEAM_PARSER_SIZE / 8];
    static char data[DATA], meta[3 * META];
    struct reader reader = {it, NULL, notify, 0};
    uint64_t ms = 0;
    reader.parser = heap ? sseam_parser_new(DATA, META)
                         : sseam_parser_init(memory, sizeof memory, data, DATA, meta, sizeof meta);
    if (reader.parser == NULL) fail(it, "no parser", 0);
    if (notify && !sseam_set_notify(reader.parser, SSEAM_NOTIFY_ALL)) fail(it, "no notifications", 0);
    if (step > 0) {
        for (size_t at = 0; at < it->input.len; at += step) {
            size_t left = it->input.len - at;
            take(&reader, it->input.ptr + at, left < step ? left : step);
            take(&reader, NULL, 0);
        }
    } else {
        take(&reader, it->input.ptr, cut);
        take(&reader, it->input.ptr + cut, it->input.len - cut);
    }
    while (!notify && reader.next < it->output_count && it->output[reader.next].kind != SSEAM_EVENT)
        reader.next++;
    if (reader.next != it->output_count) fail(it, "too few items", reader.next);
    if (sseam_finish(reader.parser) != (it->is_cut ? SSEAM_END_MID_EVENT : SSEAM_END_CLEAN))
        fail(it, "another end", 0);
    if (!is(sseam_last_event_id(reader.parser), it->last_event_id)) fail(it, "another last ID", 0);
    if (sseam_retry_ms(reader.parser, &ms) != it->has_retry || ms != it->retry_ms)
        fail(it, "another last time", 0);
    if (heap) sseam_parser_free(reader.parser);
    runs++;
}

int main(void) {
    size_t count = sizeof CASES / sizeof *CASES;
    for (size_t n = 0; n < count; n++) {
        const struct expected *it = &CASES[n];
        for (int way = 0; way < 4; way++) {
            bool heap = (way & 1) != 0, notify = (way & 2) != 0;
            read_case(it, heap, notify, it->input.len + 1, 0);
            read_case(it, heap, notify, 1, 0);
            read_case(it, heap, notify, 3, 0);
            for (size_t cut = 0; cut <= it->input.len && cut < 300; cut++)
                read_case(it, heap, notify, 0, cut);
        }
    }
    printf("%zu cases, %zu readings\n", count, runs);
    return 0;
}
