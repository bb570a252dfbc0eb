/* By libsseam. */
#include <sseam.h>

#include "way.h"

void *way_new(void) { return sseam_parser_new(0, 0); }

void way_feed(void *way, const char *bytes, size_t len) {
    sseam_item item;
    while (sseam_next(way, &bytes, &len, &item) > 0)
        on_event(item.event_type.ptr, item.event_type.len, item.data.ptr, item.data.len);
}
