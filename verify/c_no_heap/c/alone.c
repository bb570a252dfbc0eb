/* The parser in its loop and nothing else: what of this is code is the parser's. As verify/firmware's `alone.rs`. */
#include <sseam.h>

static uint64_t memory[SSEAM_PARSER_SIZE / 8];
static char data[1024], meta[3 * 64];

const char *volatile coming = "data: x\n\n";
volatile size_t coming_len = 9, seen;

int main(void) {
    sseam_parser *parser = sseam_parser_init(memory, sizeof memory, data, sizeof data, meta, sizeof meta);
    sseam_item item;
    for (;;) {
        const char *chunk = coming;
        size_t len = coming_len;
        while (sseam_next(parser, &chunk, &len, &item) > 0) seen = item.data.len;
    }
}
