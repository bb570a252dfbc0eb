/*
 * What is in an event stream? Prints what comes on standard input, also what browsers pass over:
 *
 *     curl -N https://api.example.com/events | ./inspect
 */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include <sseam.h>

static void print(const char *name, sseam_text text) {
    printf("  %s: ", name);
    fwrite(text.ptr, 1, text.len, stdout);
    putchar('\n');
}

static void show(const sseam_parser *parser, sseam_status status, const sseam_item *item) {
    uint64_t ms;
    switch (item->kind) {
    case SSEAM_EVENT:
        puts("event");
        print("type", item->event_type);
        print("data", item->data);
        if (item->last_event_id.len > 0) print("id", item->last_event_id);
        break;
    case SSEAM_LOST_EVENT:
        printf("lost: %s\n", sseam_status_message(status));
        break;
    case SSEAM_COMMENT:
        puts("comment");
        print("text", item->data);
        break;
    case SSEAM_UNKNOWN_FIELD:
        puts("unknown field");
        print("name", item->event_type);
        print("value", item->data);
        break;
    case SSEAM_EMPTY_BLOCK:
        puts("block without data");
        print("type", item->event_type);
        break;
    case SSEAM_RETRY:
        if (sseam_retry_ms(parser, &ms)) printf("retry: %" PRIu64 " ms\n", ms);
        break;
    default: /* Of a later version. */
        break;
    }
}

int main(void) {
    sseam_parser *parser = sseam_parser_new(1 << 20, 0);
    sseam_item item;
    sseam_status status;
    char bytes[4096];
    ssize_t got;

    if (parser == NULL || !sseam_set_notify(parser, SSEAM_NOTIFY_ALL)) return 1;
    /* `read`, not `fread`: what has come is shown at once. */
    while ((got = read(STDIN_FILENO, bytes, sizeof bytes)) > 0) {
        const char *chunk = bytes;
        size_t len = (size_t)got;
        while ((status = sseam_next(parser, &chunk, &len, &item)) > 0) show(parser, status, &item);
        fflush(stdout);
    }
    if (sseam_finish(parser) == SSEAM_END_MID_EVENT) puts("cut in the middle of an event");
    sseam_parser_free(parser);
    return got < 0;
}
