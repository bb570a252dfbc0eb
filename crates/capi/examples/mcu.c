/*
 * An event stream on a microcontroller: no heap, no C library, no operating system. It reads what a model
 * streams, in frames of 64 bytes as a radio link brings them, and says whether that is all of it.
 *
 * mcu/board.c is what is particular to the board; docs/c.md says how to build it and run it under QEMU.
 */
#include <sseam.h>

#include "mcu/board.h"

static const char ANSWER[] =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"The light \"}}]}\n\n"
    ": keep-alive\n\n"
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"is \\u006fn.\"}}]}\n\n"
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
    "data: [DONE]\n\n";

/* All the memory that there is. */
static uint64_t parser_memory[SSEAM_PARSER_SIZE / 8];
static uint64_t answer_memory[SSEAM_ANSWER_SIZE / 2 / 8];
static char data[1024], meta[3 * 64];

static void on_delta(void *user, const sseam_delta *delta) {
    (void)user;
    if (delta->kind == SSEAM_DELTA_TEXT) board_print(delta->text.ptr, delta->text.len);
}

int main(void) {
    sseam_parser *parser = sseam_parser_init(parser_memory, sizeof parser_memory, data, sizeof data,
                                             meta, sizeof meta);
    sseam_answer *answer = sseam_answer_init(answer_memory, sizeof answer_memory, "chat");
    sseam_item item;
    if (answer == NULL || !sseam_set_notify(parser, SSEAM_NOTIFY_ANSWER)) return 1;

    for (size_t at = 0; at < sizeof ANSWER - 1; at += 64) {
        const char *chunk = ANSWER + at;
        size_t left = sizeof ANSWER - 1 - at, len = left < 64 ? left : 64;
        while (sseam_next(parser, &chunk, &len, &item) > 0)
            sseam_answer_read(answer, &item, on_delta, NULL);
    }
    sseam_outcome outcome = sseam_answer_outcome(answer, sseam_finish(parser));
    board_print("\n", 1);
    board_print_line(sseam_outcome_name(outcome));
    return outcome;
}
