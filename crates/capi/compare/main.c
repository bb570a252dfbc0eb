/*
 * Reads a stream from a file twice, in chunks of so many bytes, and has callgrind count the second time:
 *
 *     program FILE CHUNK
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "way.h"

size_t way_events, way_checked;

__attribute__((noinline)) void counted_region(void *way, const char *bytes, size_t len, size_t chunk) {
    for (size_t at = 0; at < len; at += chunk) way_feed(way, bytes + at, len - at < chunk ? len - at : chunk);
}

int main(int argc, char **argv) {
    FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
    size_t len, chunk = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
    char *bytes = malloc(1 << 24);
    void *way = way_new();
    if (file == NULL || bytes == NULL || chunk == 0) return 1;
    len = fread(bytes, 1, 1 << 24, file);
    for (size_t at = 0; at < len; at += chunk) way_feed(way, bytes + at, len - at < chunk ? len - at : chunk);
    way_events = way_checked = 0;
    counted_region(way, bytes, len, chunk);
    printf("%zu %zu\n", way_events, way_checked);
    return 0;
}
