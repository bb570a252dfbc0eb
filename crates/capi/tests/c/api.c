/* What the header says of each function, NULLs and limits included. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sseam.h>

static int checks;

#define CHECK(what)                                                     \
    do {                                                                \
        checks++;                                                       \
        if (!(what)) {                                                  \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what);  \
            exit(1);                                                    \
        }                                                               \
    } while (0)

static bool is(sseam_text text, const char *expected) {
    return text.len == strlen(expected) && memcmp(text.ptr, expected, text.len) == 0;
}

/* What a parser makes of a string: `EVENT(type,data,id)` and so on. */
static const char *read_all(sseam_parser *parser, const char *stream) {
    static char out[4096];
    const char *chunk = stream;
    size_t len = strlen(stream), end = 0;
    sseam_item item;
    sseam_status status;
    out[0] = '\0';
    while ((status = sseam_next(parser, &chunk, &len, &item)) > 0)
        end += (size_t)snprintf(out + end, sizeof out - end, "%d/%d%s(%.*s,%.*s,%.*s)", status, item.kind,
                                item.truncated ? "+" : "", (int)item.event_type.len, item.event_type.ptr,
                                (int)item.data.len, item.data.ptr, (int)item.last_event_id.len,
                                item.last_event_id.ptr);
    CHECK(status == SSEAM_NEED_MORE && len == 0 && chunk == stream + strlen(stream));
    return out;
}

static void nulls(void) {
    sseam_parser *parser = sseam_parser_new(0, 0);
    const char *chunk = NULL;
    size_t len = 0;
    sseam_item item = {SSEAM_EVENT, 0, {"", 0}, {"", 0}, {"", 0}};
    uint64_t ms = 7, memory[SSEAM_ANSWER_SIZE / 8];
    sseam_usage usage;
    char data[8], meta[9], word[8] = "x";
    CHECK(sseam_next(NULL, &chunk, &len, &item) == SSEAM_INVALID_ARGUMENT);
    CHECK(sseam_next(parser, NULL, &len, &item) == SSEAM_INVALID_ARGUMENT);
    CHECK(sseam_next(parser, &chunk, NULL, &item) == SSEAM_INVALID_ARGUMENT);
    CHECK(sseam_next(parser, &chunk, &len, NULL) == SSEAM_INVALID_ARGUMENT);
    CHECK(sseam_next(parser, &chunk, &len, &item) == SSEAM_NEED_MORE && item.kind == SSEAM_NO_ITEM);
    len = 1;
    CHECK(sseam_next(parser, &chunk, &len, &item) == SSEAM_INVALID_ARGUMENT && len == 1);
    chunk = "x";
    len = (size_t)-1;
    CHECK(sseam_next(parser, &chunk, &len, &item) == SSEAM_INVALID_ARGUMENT);
    CHECK(sseam_flush(NULL, &item) == SSEAM_INVALID_ARGUMENT);
    CHECK(sseam_flush(parser, NULL) == SSEAM_INVALID_ARGUMENT);
    CHECK(sseam_finish(NULL) == SSEAM_END_DISCONNECTED);
    sseam_reset(NULL);
    sseam_parser_free(NULL);
    sseam_tracker_free(NULL);
    sseam_answer_free(NULL);
    CHECK(!sseam_set_notify(NULL, 0));
    CHECK(is(sseam_last_event_id(NULL), ""));
    CHECK(!sseam_set_last_event_id(NULL, "x", 1));
    CHECK(!sseam_set_last_event_id(parser, NULL, 1));
    CHECK(sseam_set_last_event_id(parser, NULL, 0));
    CHECK(!sseam_retry_ms(NULL, &ms) && !sseam_retry_ms(parser, NULL) && !sseam_retry_ms(parser, &ms));
    CHECK(ms == 7);
    CHECK(sseam_parser_init(NULL, sizeof memory, data, sizeof data, meta, sizeof meta) == NULL);
    CHECK(sseam_parser_init(memory, 8, data, sizeof data, meta, sizeof meta) == NULL);
    CHECK(sseam_parser_init((char *)memory + 1, sizeof memory - 1, data, sizeof data, meta, sizeof meta) == NULL);
    CHECK(sseam_parser_init(memory, sizeof memory, NULL, 1, meta, sizeof meta) == NULL);
    CHECK(sseam_parser_init(memory, sizeof memory, data, sizeof data, NULL, 1) == NULL);
    CHECK(sseam_parser_init(memory, sizeof memory, data, (size_t)-1, meta, sizeof meta) == NULL);
    CHECK(sseam_parser_init(memory, sizeof memory, data, 0, meta, 0) == (sseam_parser *)memory);
    CHECK(sseam_parser_size() <= SSEAM_PARSER_SIZE);
    CHECK(sseam_tracker_size() <= SSEAM_TRACKER_SIZE);
    CHECK(sseam_answer_size() <= SSEAM_ANSWER_SIZE);
    CHECK(sseam_tracker_notice(NULL, &item) == SSEAM_IGNORED);
    CHECK(sseam_tracker_outcome(NULL, SSEAM_END_CLEAN) == SSEAM_UNKNOWN);
    CHECK(!sseam_tracker_is_over(NULL) && is(sseam_tracker_protocol(NULL), ""));
    CHECK(sseam_tracker_reason(NULL, word, sizeof word) == 0 && word[0] == '\0');
    CHECK(sseam_tracker_init(NULL, 1000, NULL) == NULL && sseam_tracker_init(memory, 8, NULL) == NULL);
    CHECK(sseam_tracker_init(memory, sizeof memory, "no such") == NULL && sseam_tracker_new("no such") == NULL);
    CHECK(sseam_answer_init(NULL, 1000, NULL) == NULL && sseam_answer_init(memory, 8, NULL) == NULL);
    CHECK(sseam_answer_init(memory, sizeof memory, "no such") == NULL && sseam_answer_new("no such") == NULL);
    CHECK(sseam_answer_read(NULL, &item, NULL, NULL) == SSEAM_IGNORED);
    CHECK(sseam_answer_outcome(NULL, SSEAM_END_CLEAN) == SSEAM_UNKNOWN);
    CHECK(sseam_answer_tracker(NULL) == NULL);
    sseam_answer_usage(NULL, NULL);
    sseam_answer_usage(NULL, &usage);
    CHECK(usage.input == -1 && usage.output == -1 && usage.cached == -1 && usage.reasoning == -1);
    CHECK(sseam_encode(NULL, data, sizeof data) == 0);
    sseam_parser_free(parser);
}

static void parsing(void) {
    uint64_t ms = 0;
    sseam_item item;
    sseam_parser *parser = sseam_parser_new(4, 2);
    CHECK(sseam_version() == SSEAM_VERSION);
    CHECK(strcmp(read_all(parser, "data: one\n\ndata: three\n\ndata: two\n\n"),
                 "1/1(message,one,)2/2(,,)1/1(message,two,)") == 0);
    CHECK(strcmp(read_all(parser, "event: abc\n\nid: abc\n\nid: a\n\n"), "3/2(,,)4/2(,,)") == 0);
    CHECK(is(sseam_last_event_id(parser), "a"));
    CHECK(sseam_set_last_event_id(parser, "b", 1) && is(sseam_last_event_id(parser), "b"));
    CHECK(!sseam_set_last_event_id(parser, "\n", 1) && !sseam_set_last_event_id(parser, "abc", 3));
    CHECK(is(sseam_last_event_id(parser), "b"));
    CHECK(sseam_set_notify(parser, SSEAM_NOTIFY_ALL) && !sseam_set_notify(parser, 16));
    CHECK(strcmp(read_all(parser, ": abcdef\nx: y\nevent: e\nretry: 12\n\n"),
                 "1/3+(,abcd,)1/4(x,y,)1/6(,,)1/5(e,,b)") == 0);
    CHECK(sseam_retry_ms(parser, &ms) && ms == 12);
    CHECK(sseam_set_notify(parser, SSEAM_NOTIFY_NONE));
    CHECK(strcmp(read_all(parser, ": a\nretry: 18446744073709551615\n\n"), "") == 0);
    CHECK(sseam_retry_ms(parser, &ms) && ms == UINT64_MAX);
    CHECK(strcmp(read_all(parser, "data: x"), "") == 0);
    CHECK(!sseam_set_notify(parser, SSEAM_NOTIFY_ALL)); /* In the middle of an event. */
    CHECK(sseam_end_now(parser) == SSEAM_END_MID_EVENT && sseam_end_now(NULL) == SSEAM_END_DISCONNECTED);
    CHECK(sseam_flush(parser, &item) == SSEAM_ITEM && is(item.data, "x") && is(item.event_type, "message"));
    CHECK(sseam_flush(parser, &item) == SSEAM_NEED_MORE && item.kind == SSEAM_NO_ITEM);
    CHECK(sseam_end_now(parser) == SSEAM_END_CLEAN && sseam_finish(parser) == SSEAM_END_CLEAN);
    CHECK(strcmp(read_all(parser, "data: x\n"), "") == 0 && sseam_finish(parser) == SSEAM_END_MID_EVENT);
    CHECK(strcmp(read_all(parser, "data: x\n"), "") == 0);
    sseam_reset(parser);
    CHECK(strcmp(read_all(parser, "\xEF\xBB\xBF" "data: y\n\n"), "1/1(message,y,b)") == 0);
    CHECK(strcmp(sseam_status_message(SSEAM_ID_TOO_LARGE), "the ID exceeds the limit: an event is lost") == 0);
    CHECK(strcmp(sseam_status_message((sseam_status)99), "an unknown status") == 0);
    sseam_parser_free(parser);
}

static void on_delta(void *user, const sseam_delta *delta) {
    char *out = user;
    size_t end = strlen(out);
    snprintf(out + end, 4096 - end, "%d:%u:%.*s%.*s|", delta->kind, delta->call, (int)delta->name.len,
             delta->name.ptr, (int)delta->text.len, delta->text.ptr);
    CHECK((delta->usage != NULL) == (delta->kind == SSEAM_DELTA_USAGE));
    if (delta->usage != NULL) CHECK(delta->usage->input == 3 && delta->usage->output == 5);
}

/* What an answer makes of a stream, in a chunk. */
static sseam_outcome answer_to(const char *stream, const char *protocol, size_t limit, const char *expected) {
    static char out[4096];
    sseam_parser *parser = sseam_parser_new(limit, 0);
    sseam_answer *answer = sseam_answer_new(protocol);
    sseam_tracker *tracker = sseam_tracker_new(protocol);
    const char *chunk = stream;
    size_t len = strlen(stream);
    sseam_item item;
    sseam_signal signal;
    sseam_end end;
    sseam_outcome outcome;
    out[0] = '\0';
    CHECK(sseam_set_notify(parser, SSEAM_NOTIFY_ANSWER));
    while (sseam_next(parser, &chunk, &len, &item) > 0) {
        signal = sseam_answer_read(answer, &item, on_delta, out);
        CHECK(sseam_tracker_notice(tracker, &item) == signal);
    }
    while (sseam_flush(parser, &item) > 0) {
        signal = sseam_answer_read(answer, &item, on_delta, out);
        CHECK(sseam_tracker_notice(tracker, &item) == signal);
    }
    end = sseam_finish(parser);
    outcome = sseam_answer_outcome(answer, end);
    CHECK(sseam_tracker_outcome(tracker, end) == outcome);
    CHECK(sseam_tracker_is_over(tracker) == sseam_tracker_is_over(sseam_answer_tracker(answer)));
    if (strcmp(out, expected) != 0) {
        fprintf(stderr, "%s\n", out);
        CHECK(!"the deltas are others");
    }
    sseam_answer_free(answer);
    sseam_tracker_free(tracker);
    sseam_parser_free(parser);
    return outcome;
}

static void answers(void) {
    char word[4];
    sseam_item item = {SSEAM_EVENT, 0, {"message", 7}, {NULL, 0}, {NULL, 0}};
    uint64_t memory[SSEAM_ANSWER_SIZE / 8];
    sseam_answer *answer = sseam_answer_init(memory, sizeof memory, NULL);
    const char *data = "{\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}],"
                       "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":5}}";
    sseam_usage usage;

    item.data.ptr = data;
    item.data.len = strlen(data);
    CHECK(sseam_answer_read(answer, &item, NULL, NULL) == SSEAM_PAYLOAD);
    CHECK(sseam_tracker_reason(sseam_answer_tracker(answer), word, sizeof word) == 6);
    CHECK(strcmp(word, "len") == 0);
    CHECK(sseam_tracker_reason(sseam_answer_tracker(answer), NULL, 0) == 6);
    CHECK(is(sseam_tracker_protocol(sseam_answer_tracker(answer)), "chat"));
    sseam_answer_usage(answer, &usage); /* Although nobody took the deltas. */
    CHECK(usage.input == 3 && usage.output == 5 && usage.cached == -1 && usage.reasoning == -1);
    CHECK(sseam_answer_outcome(answer, SSEAM_END_CLEAN) == SSEAM_INCOMPLETE);
    CHECK(sseam_answer_outcome(answer, SSEAM_END_DISCONNECTED) == SSEAM_TRUNCATED);
    CHECK(sseam_answer_outcome(answer, (sseam_end)99) == SSEAM_TRUNCATED);
    item.kind = (sseam_item_kind)99;
    CHECK(sseam_answer_read(answer, &item, NULL, NULL) == SSEAM_IGNORED);

    CHECK(answer_to("data: {\"choices\":[{\"delta\":{\"content\":\"a\\n\\u00e9\"}}]}\n\n"
                    "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"i\",\"function\":"
                    "{\"name\":\"f\",\"arguments\":\"{}\"}}]},\"finish_reason\":\"tool_calls\"}],"
                    "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":5}}\n\ndata: [DONE]",
                    NULL, 0,
                    "1:0:a\n\xC3\xA9|9:0:|4:0:|5:0:i|6:0:f|7:0:{}|10:0:tool_calls|") == SSEAM_COMPLETED);
    CHECK(answer_to("data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\","
                    "\"thinking\":\"hm\"}}\n\n"
                    "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\","
                    "\"signature\":\"s\"}}\n\n",
                    "messages", 0, "2:0:hm|8:0:signature\"s\"|") == SSEAM_TRUNCATED);
    CHECK(answer_to("data: {\"error\":{\"type\":\"t\",\"code\":-429,\"message\":\"m\"}}\n\n", NULL, 0,
                    "11:0:kindt|11:0:code-429|11:0:messagem|") == SSEAM_FAILED);
    CHECK(answer_to("{\"error\":{\"code\":\"c\",\"message\":\"m\"}}", NULL, 0,
                    "11:0:codec|11:0:messagem|") == SSEAM_FAILED);
    CHECK(answer_to("data: {\"choices\":[{\"delta\":{\"content\":\"too long for it\"}}]}\n\n", NULL, 20, "") ==
          SSEAM_UNKNOWN);
    CHECK(strcmp(sseam_outcome_name(SSEAM_TRUNCATED), "truncated") == 0);
    CHECK(strcmp(sseam_outcome_name((sseam_outcome)99), "unknown") == 0);
}

static void encoding(void) {
    static const char DATA[] = "one\ntwo";
    const char *expected = "retry: 3000\nid: 8\nevent: add\ndata: one\ndata: two\n\n";
    uint64_t ms = 3000;
    char to[64];
    sseam_block block = {.data = {DATA, sizeof DATA - 1}, .retry_ms = &ms};
    sseam_block comment = {.comment = SSEAM_TEXT("keep-alive")}, nothing = {0}, id = {.id = {"", 0}};
    size_t len = strlen(expected);
    block.event_type = (sseam_text)SSEAM_TEXT("add");
    block.id = (sseam_text)SSEAM_TEXT("8");
    memset(to, '#', sizeof to);
    CHECK(sseam_encode(&block, NULL, 0) == len && sseam_encode(&block, NULL, 99) == len);
    CHECK(sseam_encode(&block, to, len - 1) == len && to[0] == '#');
    CHECK(sseam_encode(&block, to, len) == len && memcmp(to, expected, len) == 0 && to[len] == '#');
    CHECK(sseam_encode(&comment, to, sizeof to) == 13 && memcmp(to, ": keep-alive\n", 13) == 0);
    CHECK(sseam_encode(&id, to, sizeof to) == 6 && memcmp(to, "id: \n\n", 6) == 0);
    CHECK(sseam_encode(&nothing, to, sizeof to) == 0);
    block.comment = comment.comment;
    CHECK(sseam_encode(&block, to, sizeof to) == 0);
    block.comment.ptr = NULL;
    block.id = (sseam_text)SSEAM_TEXT("8\ndata: y");
    CHECK(sseam_encode(&block, to, sizeof to) == 0);
    block.id.ptr = NULL;
    block.event_type = (sseam_text)SSEAM_TEXT("a\r");
    CHECK(sseam_encode(&block, to, sizeof to) == 0);
    block.event_type.ptr = NULL;
    block.data.len = (size_t)-1;
    CHECK(sseam_encode(&block, to, sizeof to) == 0);
}

int main(void) {
    nulls();
    parsing();
    answers();
    encoding();
    printf("%d checks\n", checks);
    return 0;
}
