/*
 * Calls every function of a library without a heap, with arguments of which no compiler knows anything. Made to be
 * linked, not to be run: a panic would call a function that does not exist.
 */
#include <sseam.h>

volatile uintptr_t any;
#define ANY(type) ((type)any)

static void on_delta(void *user, const sseam_delta *delta) { any = (uintptr_t)user + (uintptr_t)delta->text.ptr; }

#ifdef PLANTED
extern uint8_t sseam_planted_panic(size_t at);
#endif

int main(void) {
    any = sseam_version();
    any = (uintptr_t)sseam_status_message(ANY(sseam_status));
    any = (uintptr_t)sseam_outcome_name(ANY(sseam_outcome));
    any = sseam_parser_size() + sseam_tracker_size() + sseam_answer_size();
    any = (uintptr_t)sseam_parser_init(ANY(void *), any, ANY(char *), any, ANY(char *), any);
#ifdef NOTIFY
    any = sseam_set_notify(ANY(sseam_parser *), ANY(uint32_t));
#endif
    any = (uintptr_t)sseam_next(ANY(sseam_parser *), ANY(const char **), ANY(size_t *), ANY(sseam_item *));
    any = (uintptr_t)sseam_flush(ANY(sseam_parser *), ANY(sseam_item *));
    any = (uintptr_t)sseam_end_now(ANY(const sseam_parser *));
    any = (uintptr_t)sseam_finish(ANY(sseam_parser *));
    sseam_reset(ANY(sseam_parser *));
    any = sseam_last_event_id(ANY(const sseam_parser *)).len;
    any = sseam_set_last_event_id(ANY(sseam_parser *), ANY(const char *), any);
    any = sseam_retry_ms(ANY(const sseam_parser *), ANY(uint64_t *));
    any = (uintptr_t)sseam_tracker_init(ANY(void *), any, ANY(const char *));
    any = (uintptr_t)sseam_tracker_notice(ANY(sseam_tracker *), ANY(const sseam_item *));
    any = (uintptr_t)sseam_tracker_outcome(ANY(const sseam_tracker *), ANY(sseam_end));
    any = sseam_tracker_is_over(ANY(const sseam_tracker *));
    any = sseam_tracker_protocol(ANY(const sseam_tracker *)).len;
    any = sseam_tracker_reason(ANY(const sseam_tracker *), ANY(char *), any);
    any = (uintptr_t)sseam_answer_init(ANY(void *), any, ANY(const char *));
    any = (uintptr_t)sseam_answer_read(ANY(sseam_answer *), ANY(const sseam_item *), on_delta, ANY(void *));
    any = (uintptr_t)sseam_answer_outcome(ANY(const sseam_answer *), ANY(sseam_end));
    sseam_answer_usage(ANY(const sseam_answer *), ANY(sseam_usage *));
    any = (uintptr_t)sseam_answer_tracker(ANY(const sseam_answer *));
    any = sseam_encode(ANY(const sseam_block *), ANY(char *), any);
#ifdef PLANTED
    any = sseam_planted_panic(any);
#endif
    return 0;
}
