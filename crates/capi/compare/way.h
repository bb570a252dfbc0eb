/* A way to read an event stream. */
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

void *way_new(void);
void way_feed(void *way, const char *bytes, size_t len);

extern size_t way_events, way_checked;

/* What every way does with an event: its type and data are looked at. */
static inline void on_event(const char *type, size_t type_len, const char *data, size_t data_len) {
    way_events++;
    way_checked += type_len + data_len + (unsigned char)type[0] + (unsigned char)data[0];
}

#ifdef __cplusplus
}
#endif
