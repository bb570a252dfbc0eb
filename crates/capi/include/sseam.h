/*
 * libsseam: reads event streams (Server-Sent Events, WHATWG HTML section 9.2), and the answers of
 * language models in them. MIT or Apache-2.0. Do not edit: made by cbindgen from crates/capi/src.
 *
 * A whole program: prints the events of a stream on standard input.
 *
 *     #include <stdio.h>
 *     #include <sseam.h>
 *
 *     int main(void) {
 *         sseam_parser *parser = sseam_parser_new(0, 0);
 *         sseam_item item;
 *         sseam_status status;
 *         char bytes[4096];
 *         size_t len;
 *         if (parser == NULL) return 1;
 *         while ((len = fread(bytes, 1, sizeof bytes, stdin)) > 0) {
 *             const char *chunk = bytes;
 *             while ((status = sseam_next(parser, &chunk, &len, &item)) > 0) {
 *                 if (status == SSEAM_ITEM) {
 *                     fwrite(item.data.ptr, 1, item.data.len, stdout);
 *                     putchar('\n');
 *                 } else { // One event was lost. The next call continues after it.
 *                     fprintf(stderr, "%s\n", sseam_status_message(status));
 *                 }
 *             }
 *         }
 *         if (sseam_finish(parser) == SSEAM_END_MID_EVENT)
 *             fprintf(stderr, "the stream ended in the middle of an event\n");
 *         sseam_parser_free(parser);
 *         return 0;
 *     }
 *
 * Link with -lsseam (pkg-config: sseam), or with libsseam_capi.a and -lpthread -ldl -lm.
 *
 * Rules
 *
 * - Loop while the status is positive. `while (sseam_next(...) == SSEAM_ITEM)` would leave the rest of a
 *   chunk unread after a lost event. A negative status is a mistake of the caller, such as a null pointer.
 * - What an item points to is in your chunk or in the parser: it is valid until the next call for that
 *   parser that is not to a const one, and as long as the chunk. Nothing of an item has to be freed.
 * - Texts have a length and no NUL at the end, and may hold any byte, NUL included, at which `%.*s` of
 *   printf stops. Nothing checks for UTF-8. A byte order mark at the start of a stream is dropped.
 * - The stream may be split into chunks anywhere. Results never depend on where it is split.
 * - What `..._new` made is freed by `..._free`. What `..._init` made is in memory that you provide, and is not.
 *   Copying the memory of an object does not copy the object.
 * - Pointers are NULL or point to what their type says. Where NULL is not allowed, functions do nothing
 *   and return what they say. Lengths are in bytes.
 * - An object may be used by one thread at a time; different objects by different threads at the same
 *   time. There is no global state.
 * - No function calls back, except `sseam_answer_read`; none blocks or prints. Only
 *   `..._new` allocates, and parsers of `sseam_parser_new` within their limits.
 */


#ifndef SSEAM_H
#define SSEAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** How many bytes of memory objects without a heap need: `static uint64_t memory[SSEAM_PARSER_SIZE / 8];` */
#define SSEAM_PARSER_SIZE (32 + 16 * sizeof(void *))
#define SSEAM_TRACKER_SIZE 112
/** On bare metal of 32 bits half of it is enough: `sseam_answer_size()` says how much. */
#define SSEAM_ANSWER_SIZE 640

/** A string literal as an initializer of a `sseam_text`. */
#define SSEAM_TEXT(literal) {"" literal, sizeof(literal) - 1}


/**
 * The version of this header: major, minor and patch, a byte each.
 */
#define SSEAM_VERSION (((0 << 16) | (1 << 8)) | 0)

/**
 * What `sseam_next` and `sseam_flush` return. Positive: there is something in the item, call again.
 */
enum sseam_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * An argument is NULL that must not be, or a length is impossible. A mistake of the caller's; nothing
     * was done.
     */
    SSEAM_INVALID_ARGUMENT = -1,
    /**
     * The chunk is used up: give the next one. From `sseam_flush`: nothing is left.
     */
    SSEAM_NEED_MORE = 0,
    /**
     * The item is an event, or a notification that `sseam_set_notify` selected.
     */
    SSEAM_ITEM = 1,
    /**
     * One event was lost: its data exceeds the limit. Like the three that follow, this is no reason to
     * stop: the item is of kind `SSEAM_LOST_EVENT`, and the next call continues after that event. The loss
     * is reported when the limit is exceeded, before the event has ended. Its ID does not count.
     */
    SSEAM_DATA_TOO_LARGE = 2,
    /**
     * One event was lost: its event type exceeds the limit.
     */
    SSEAM_EVENT_TYPE_TOO_LARGE = 3,
    /**
     * One event was lost: its ID exceeds the limit.
     */
    SSEAM_ID_TOO_LARGE = 4,
    /**
     * One event was lost: there was no memory for it.
     */
    SSEAM_OUT_OF_MEMORY = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sseam_status sseam_status;
#else
typedef int32_t sseam_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How an answer ended.
 *
 * The values suit as exit statuses: they are those of the command line `sseam`.
 */
enum sseam_outcome
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * The provider said that it is finished.
     */
    SSEAM_COMPLETED = 0,
    /**
     * The provider stopped early and said so: a token limit, a content filter.
     */
    SSEAM_INCOMPLETE = 3,
    /**
     * The provider sent an error.
     */
    SSEAM_FAILED = 4,
    /**
     * The stream ended before the provider said that it is finished. The same request may well succeed
     * if it is sent again.
     */
    SSEAM_TRUNCATED = 5,
    /**
     * Nothing that is known says how the stream ended.
     */
    SSEAM_UNKNOWN = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sseam_outcome sseam_outcome;
#else
typedef int32_t sseam_outcome;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What an item is.
 */
enum sseam_item_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Nothing: the status is `SSEAM_NEED_MORE` or `SSEAM_INVALID_ARGUMENT`.
     */
    SSEAM_NO_ITEM = 0,
    /**
     * An event: `event_type`, `data`, `last_event_id`.
     */
    SSEAM_EVENT = 1,
    /**
     * An event that was lost. The status says why; there are no texts.
     */
    SSEAM_LOST_EVENT = 2,
    /**
     * A line that begins with a colon: its text is in `data`, without the colon and one space after it.
     */
    SSEAM_COMMENT = 3,
    /**
     * A field that the standard does not know: its name is in `event_type`, its value in `data`.
     */
    SSEAM_UNKNOWN_FIELD = 4,
    /**
     * A block that sets an event type or an ID and has no data: `event_type` (`message`, if it sets none),
     * `last_event_id`.
     */
    SSEAM_EMPTY_BLOCK = 5,
    /**
     * A valid `retry` field: `sseam_retry_ms` returns the time.
     */
    SSEAM_RETRY = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sseam_item_kind sseam_item_kind;
#else
typedef int32_t sseam_item_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How a stream ended: what `sseam_finish` returns.
 */
enum sseam_end
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Between events: nothing was lost.
     */
    SSEAM_END_CLEAN = 0,
    /**
     * In the middle of an event, which was discarded, as the standard requires: in a block that has set data,
     * an event type or an ID, or in the middle of any line.
     */
    SSEAM_END_MID_EVENT = 1,
    /**
     * The connection broke. Only the caller knows that: pass it to `sseam_answer_outcome`. No parser
     * returns it.
     */
    SSEAM_END_DISCONNECTED = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sseam_end sseam_end;
#else
typedef int32_t sseam_end;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What an item is to the client of a language model.
 */
enum sseam_signal
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Nothing: a keep-alive, or what follows the end.
     */
    SSEAM_IGNORED = 0,
    /**
     * A payload. More is to come.
     */
    SSEAM_PAYLOAD = 1,
    /**
     * The end, with a payload: the usage, the whole response, an error.
     */
    SSEAM_TERMINAL = 2,
    /**
     * The end, with nothing to read.
     */
    SSEAM_SENTINEL = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sseam_signal sseam_signal;
#else
typedef int32_t sseam_signal;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What is new in an answer.
 */
enum sseam_delta_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * The next piece of the visible text, in `text`.
     */
    SSEAM_DELTA_TEXT = 1,
    /**
     * The next piece of what the model thinks before it answers.
     */
    SSEAM_DELTA_REASONING = 2,
    /**
     * The next piece of the model's words where it refuses.
     */
    SSEAM_DELTA_REFUSAL = 3,
    /**
     * A call of a tool, in `call`: a new number where one begins. Its ID and name follow.
     */
    SSEAM_DELTA_CALL = 4,
    /**
     * The next piece of the call's ID.
     */
    SSEAM_DELTA_CALL_ID = 5,
    /**
     * The next piece of the name of the tool that is called.
     */
    SSEAM_DELTA_CALL_NAME = 6,
    /**
     * The next piece of the call's arguments, which are JSON once they are put together.
     */
    SSEAM_DELTA_CALL_ARGUMENTS = 7,
    /**
     * What has to be sent back unchanged, such as a signature: `name` is what it is called, `text` is JSON.
     */
    SSEAM_DELTA_OPAQUE = 8,
    /**
     * The tokens used, all that is known by now: in `usage`.
     */
    SSEAM_DELTA_USAGE = 9,
    /**
     * Why the model stopped: the provider's word.
     */
    SSEAM_DELTA_REASON = 10,
    /**
     * The next piece of the provider's error: `name` is `message`, `code` or `kind`.
     */
    SSEAM_DELTA_ERROR = 11,
    /**
     * The provider starts again: the text and the calls that came are void.
     */
    SSEAM_DELTA_RESTART = 12,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sseam_delta_kind sseam_delta_kind;
#else
typedef int32_t sseam_delta_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What to be notified of, besides events. Combine by `|`.
 */
enum sseam_notify
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Nothing.
     */
    SSEAM_NOTIFY_NONE = 0,
    /**
     * Comments: a server's sign of life.
     */
    SSEAM_NOTIFY_COMMENTS = 1,
    /**
     * Fields that the standard does not know, such as the `error: {...}` of some servers.
     */
    SSEAM_NOTIFY_UNKNOWN_FIELDS = 2,
    /**
     * Blocks without data.
     */
    SSEAM_NOTIFY_EMPTY_BLOCKS = 4,
    /**
     * What can say something of an answer: unknown fields and blocks without data.
     */
    SSEAM_NOTIFY_ANSWER = 6,
    /**
     * Valid `retry` fields.
     */
    SSEAM_NOTIFY_RETRY = 8,
    /**
     * All of it.
     */
    SSEAM_NOTIFY_ALL = 15,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sseam_notify sseam_notify;
#else
typedef uint32_t sseam_notify;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Reads the answer in one stream of a language model, whatever the provider.
 */
typedef struct sseam_answer sseam_answer;

/**
 * A parser of one event stream. Create it by `sseam_parser_new`, or without a heap by `sseam_parser_init`.
 */
typedef struct sseam_parser sseam_parser;

/**
 * Follows one stream of a language model and determines how it ended, whatever the provider. To get what the
 * model says, use an `sseam_answer`, which contains a tracker.
 */
typedef struct sseam_tracker sseam_tracker;

/**
 * A text: `len` bytes from `ptr` on, which need not be UTF-8, may hold NUL, and do NOT end in NUL. Print
 * it by `printf("%.*s", (int)text.len, text.ptr)` or `fwrite(text.ptr, 1, text.len, stdout)`.
 *
 * What the library returns has a `ptr` that is never NULL. In what it is given, a NULL `ptr` is an empty
 * text, or in an `sseam_block` none.
 */
typedef struct {
    /**
     * The first byte. Not to be read from where `len` is 0.
     */
    const char *ptr;
    /**
     * The number of bytes.
     */
    size_t len;
} sseam_text;

/**
 * An event, or a notification. Its texts are valid until the next call of `sseam_next`, `sseam_flush`,
 * `sseam_finish`, `sseam_reset`, `sseam_set_last_event_id` or `sseam_parser_free` for its parser, and not
 * longer than the chunk is. Copy what you keep.
 */
typedef struct {
    /**
     * What it is.
     */
    sseam_item_kind kind;
    /**
     * 1 if the text of a comment or an unknown field did not fit into the limit on data and is only the
     * beginning of it. Else 0.
     */
    uint32_t truncated;
    /**
     * The event type: the value of the last `event` field, or `message`. Of `SSEAM_UNKNOWN_FIELD` the
     * field's name.
     */
    sseam_text event_type;
    /**
     * The data: the values of all `data` fields, joined by LF. Of `SSEAM_COMMENT` and
     * `SSEAM_UNKNOWN_FIELD` the text and the value.
     */
    sseam_text data;
    /**
     * The last event ID, which an earlier event may have set. Empty if there is none.
     */
    sseam_text last_event_id;
} sseam_item;

/**
 * The tokens that an answer took, as its provider counts them. -1 is a count that is not known.
 */
typedef struct {
    /**
     * Tokens of the request.
     */
    int64_t input;
    /**
     * Tokens of the answer.
     */
    int64_t output;
    /**
     * Tokens of the request that were in the provider's cache.
     */
    int64_t cached;
    /**
     * Tokens of reasoning.
     */
    int64_t reasoning;
} sseam_usage;

/**
 * Something new of an answer. Valid during the call that passes it.
 */
typedef struct {
    /**
     * What it is.
     */
    sseam_delta_kind kind;
    /**
     * Which of the answer's calls it is of, counted from 0. Else 0.
     */
    uint32_t call;
    /**
     * A piece of a text: UTF-8, of whole characters, decoded. One text may come in many pieces: append
     * them.
     */
    sseam_text text;
    /**
     * What the text is, for `SSEAM_DELTA_OPAQUE` and `SSEAM_DELTA_ERROR`. Else empty.
     */
    sseam_text name;
    /**
     * The tokens used, for `SSEAM_DELTA_USAGE`. Else NULL.
     */
    const sseam_usage *usage;
} sseam_delta;

/**
 * What `sseam_answer_read` calls for each delta. `user` is the pointer that it was given.
 *
 * It must return: no `longjmp`, no exception. It must not use the answer, nor the parser.
 */
typedef void (*sseam_on_delta)(void *user, const sseam_delta *delta);

/**
 * An event to send, or a comment. A part whose `ptr` is NULL is left out: begin with `= {0}`, and set what
 * you want. `SSEAM_TEXT("...")` makes a text of a string literal.
 */
typedef struct {
    /**
     * The data: any bytes. It is split over `data` lines at each LF, CR and CRLF.
     */
    sseam_text data;
    /**
     * The event type, without CR and LF.
     */
    sseam_text event_type;
    /**
     * The ID, without CR, LF and NUL. An empty one resets the client's.
     */
    sseam_text id;
    /**
     * A comment, such as a keep-alive: any bytes. A block has either data or a comment.
     */
    sseam_text comment;
    /**
     * How long the client is to wait before it connects again, in milliseconds. NULL if it is left out.
     */
    const uint64_t *retry_ms;
} sseam_block;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Returns the version of the linked library.
 *
 * Structs, enumerations and functions stay the same as long as the major and the minor version do. A
 * library fits this header if `sseam_version() >> 8 == SSEAM_VERSION >> 8 && sseam_version() >= SSEAM_VERSION`.
 */
uint32_t sseam_version(void);

/**
 * Returns what a status means: a string that ends in NUL, is never NULL, and must not be freed.
 */
const char *sseam_status_message(sseam_status status);

/**
 * Returns the name of an outcome in lower case, for logs: a string that ends in NUL, is never NULL, and
 * must not be freed.
 */
const char *sseam_outcome_name(sseam_outcome outcome);

/**
 * Creates a parser on the heap, to be freed by `sseam_parser_free`. It takes memory only when it has to keep
 * something, and at most what its limits say.
 *
 * `data_limit` is the most bytes of data that an event may have; 0 means 16 MiB. `meta_limit` is the most
 * bytes of an event type and of an ID; 0 means 64 KiB.
 *
 * Returns NULL if there is no memory. Not in a build without a heap.
 */
sseam_parser *sseam_parser_new(size_t data_limit,
                               size_t meta_limit);

/**
 * Frees a parser that `sseam_parser_new` made. Does nothing if `parser` is NULL.
 */
void sseam_parser_free(sseam_parser *parser);

/**
 * Returns how many bytes of memory `sseam_parser_init` needs: at most `SSEAM_PARSER_SIZE`.
 */
size_t sseam_parser_size(void);

/**
 * Creates a parser in memory that you provide, without a heap.
 *
 * `memory` is for the parser itself: `size` bytes, at least `sseam_parser_size()`, aligned as a
 * `uint64_t`. `data` is for what an event's data cannot borrow from a chunk, and `data_len` is the limit
 * on data. `meta` is for event type and IDs, a third of `meta_len` for each, and a third is the limit on
 * each. All three stay yours, must outlive the parser, and must not be touched while it is in use.
 * Nothing has to be freed.
 *
 *     static uint64_t memory[SSEAM_PARSER_SIZE / 8];
 *     static char data[1024], meta[3 * 64];
 *     sseam_parser *parser =
 *         sseam_parser_init(memory, sizeof memory, data, sizeof data, meta, sizeof meta);
 *
 * Returns NULL if one of the three is NULL, or `memory` is too small or not aligned.
 */
sseam_parser *sseam_parser_init(void *memory,
                                size_t size,
                                char *data,
                                size_t data_len,
                                char *meta,
                                size_t meta_len);

/**
 * Selects what `sseam_next` and `sseam_flush` return besides events: `sseam_notify` values, combined by
 * `|`. A new parser returns events alone.
 *
 * Returns false and changes nothing if `parser` is NULL, if there are unknown bits, or in the middle of an
 * event. Call it before the first chunk, or after `sseam_finish` or `sseam_reset`. Not in a build without
 * notifications.
 */
bool sseam_set_notify(sseam_parser *parser,
                      uint32_t notify);

/**
 * Returns the next event or notification of a chunk.
 *
 * `*chunk` and `*len` are a chunk of the stream, cut anywhere. They are advanced past what was taken;
 * what is left is for the next call. Call it in a loop until it returns `SSEAM_NEED_MORE`, which means that
 * the chunk is used up, and then with the next chunk. A positive status means that `*item` is set. The
 * parser keeps copies of what it needs of a chunk that is used up.
 *
 * The time is linear in the chunk's length. What an event takes is bounded by the parser's limits.
 */
sseam_status sseam_next(sseam_parser *parser,
                        const char **chunk,
                        size_t *len,
                        sseam_item *item);

/**
 * Returns what is pending at the end of the stream, as if its lines and a blank line had ended. Call it
 * until it returns `SSEAM_NEED_MORE`, and then `sseam_finish`.
 *
 * The standard discards such an event, and so does `sseam_finish`. But some servers close the connection
 * right after `data: [DONE]`, so clients of language models call this:
 *
 *     sseam_end end = sseam_end_now(parser); // Before the flush, which leaves nothing pending.
 *     while ((status = sseam_flush(parser, &item)) > 0)
 *         show(&item); // It was unfinished.
 *     sseam_finish(parser);
 *
 * An event that was cut cannot be distinguished from one that lacks only its blank line: it is returned,
 * and its ID becomes the last event ID. Do not flush if you will connect again with that ID.
 */
sseam_status sseam_flush(sseam_parser *parser,
                         sseam_item *item);

/**
 * Returns what `sseam_finish` would return now, and changes nothing.
 *
 * Returns `SSEAM_END_DISCONNECTED` if `parser` is NULL.
 */
sseam_end sseam_end_now(const sseam_parser *parser);

/**
 * Ends the stream: discards what is pending, as the standard requires, and returns whether there was
 * anything. Afterwards the parser is as after `sseam_reset`.
 *
 * Returns `SSEAM_END_DISCONNECTED` if `parser` is NULL.
 */
sseam_end sseam_finish(sseam_parser *parser);

/**
 * Prepares the parser for a new connection: discards what is pending. The last event ID, the retry time
 * and the selected notifications stay. Does nothing if `parser` is NULL.
 */
void sseam_reset(sseam_parser *parser);

/**
 * Returns the last event ID, to be sent as `Last-Event-ID` when the client connects again. Empty if there
 * is none, or if `parser` is NULL. Valid as long as the texts of an item are.
 */
sseam_text sseam_last_event_id(const sseam_parser *parser);

/**
 * Sets the last event ID, to resume a stream of an earlier run.
 *
 * Returns false and changes nothing if it contains NUL, CR or LF, exceeds the limit, if there is no
 * memory for it, or if `parser` is NULL.
 */
bool sseam_set_last_event_id(sseam_parser *parser, const char *id, size_t len);

/**
 * Writes the reconnection time of the last valid `retry` field to `*ms`: how long to wait before
 * connecting again, in milliseconds.
 *
 * Valid are ASCII digits up to 18446744073709551615. They take effect at the end of their line, before the
 * event of their block; other `retry` fields are ignored.
 *
 * Returns false and writes nothing if there was none, or if an argument is NULL.
 */
bool sseam_retry_ms(const sseam_parser *parser,
                    uint64_t *ms);

/**
 * Creates a tracker on the heap, to be freed by `sseam_tracker_free`. For `protocol` see
 * `sseam_tracker_init`.
 *
 * Returns NULL if there is no memory, or no protocol of that name. Not in a build without a heap.
 */
sseam_tracker *sseam_tracker_new(const char *protocol);

/**
 * Frees a tracker that `sseam_tracker_new` made. Does nothing if `tracker` is NULL.
 */
void sseam_tracker_free(sseam_tracker *tracker);

/**
 * Returns how many bytes of memory `sseam_tracker_init` needs: at most `SSEAM_TRACKER_SIZE`.
 */
size_t sseam_tracker_size(void);

/**
 * Creates a tracker in memory that you provide: `size` bytes, at least `sseam_tracker_size()`, aligned as a
 * `uint64_t`. Nothing has to be freed.
 *
 * `protocol` is the name of a protocol, such as `chat` (OpenAI Chat Completions and what is compatible),
 * `responses`, `messages` (Anthropic) or `generate-content` (Gemini). All are listed on the page
 * `docs.rs/sseam/latest/sseam/guide/c`. With NULL it is recognized from the events.
 *
 * A tracker is for one stream. Returns NULL if `memory` is NULL, too small or not aligned, or if there is
 * no protocol of that name.
 */
sseam_tracker *sseam_tracker_init(void *memory,
                                  size_t size,
                                  const char *protocol);

/**
 * Processes the next item of the stream, of any kind, and returns what it is.
 *
 * Give it each item for which `sseam_next` or `sseam_flush` returned a positive status. Let the parser
 * select `SSEAM_NOTIFY_ANSWER`: some servers fail or end a stream by what is no event. Returns
 * `SSEAM_IGNORED` if an argument is NULL.
 */
sseam_signal sseam_tracker_notice(sseam_tracker *tracker,
                                  const sseam_item *item);

/**
 * Returns how the stream ended, or would if it ended here: `end` is what `sseam_finish` returned, or
 * `SSEAM_END_DISCONNECTED` if the connection broke. Changes nothing. Returns `SSEAM_UNKNOWN` if `tracker`
 * is NULL.
 */
sseam_outcome sseam_tracker_outcome(const sseam_tracker *tracker,
                                    sseam_end end);

/**
 * Returns true once the end was seen: stop reading, or read on so that the connection can be used again.
 * Returns false if `tracker` is NULL.
 */
bool sseam_tracker_is_over(const sseam_tracker *tracker);

/**
 * Returns the name of the protocol: empty as long as it is not known, or if `tracker` is NULL. Valid
 * forever.
 */
sseam_text sseam_tracker_protocol(const sseam_tracker *tracker);

/**
 * Copies the provider's word for why the model stopped, such as `stop` or `length`, to `to`, as far as
 * there is room, and ends it in NUL. Of several words it is the worst.
 *
 * Returns the length of the word without the NUL, at most 47: 0 if there is none yet or if `tracker` is
 * NULL. Writes nothing if `to` is NULL or `room` is 0.
 */
size_t sseam_tracker_reason(const sseam_tracker *tracker,
                            char *to,
                            size_t room);

/**
 * Creates an answer on the heap, to be freed by `sseam_answer_free`. For `protocol` see
 * `sseam_tracker_init`.
 *
 * Returns NULL if there is no memory, or no protocol of that name. Not in a build without a heap.
 */
sseam_answer *sseam_answer_new(const char *protocol);

/**
 * Frees an answer that `sseam_answer_new` made. Does nothing if `answer` is NULL.
 */
void sseam_answer_free(sseam_answer *answer);

/**
 * Returns how many bytes of memory `sseam_answer_init` needs: at most `SSEAM_ANSWER_SIZE`.
 */
size_t sseam_answer_size(void);

/**
 * Creates an answer in memory that you provide: `size` bytes, at least `sseam_answer_size()`, aligned as a
 * `uint64_t`. Nothing has to be freed. For `protocol` see `sseam_tracker_init`.
 *
 * Returns NULL if `memory` is NULL, too small or not aligned, or if there is no protocol of that name.
 */
sseam_answer *sseam_answer_init(void *memory,
                                size_t size,
                                const char *protocol);

/**
 * Processes the next item of the stream, of any kind, and calls `on_delta` with each thing that is new in it.
 *
 * Give it each item for which `sseam_next` or `sseam_flush` returned a positive status. Let the parser
 * select `SSEAM_NOTIFY_ANSWER`: some servers fail or end a stream by what is no event. `on_delta` may be
 * NULL: usage, reason and outcome are kept all the same.
 *
 * Returns what the item is: `SSEAM_IGNORED` if `answer` or `item` is NULL.
 */
sseam_signal sseam_answer_read(sseam_answer *answer,
                               const sseam_item *item,
                               sseam_on_delta on_delta,
                               void *user);

/**
 * Returns how the answer ended, or would if the stream ended here: see `sseam_tracker_outcome`.
 */
sseam_outcome sseam_answer_outcome(const sseam_answer *answer, sseam_end end);

/**
 * Writes the tokens used, as far as they are known, to `*usage`. Without an answer, none is. Does nothing
 * if `usage` is NULL.
 */
void sseam_answer_usage(const sseam_answer *answer,
                        sseam_usage *usage);

/**
 * Returns the answer's tracker, for the protocol, the reason, and whether the end was seen. It is valid as
 * long as the answer is. Returns NULL if `answer` is NULL.
 */
const sseam_tracker *sseam_answer_tracker(const sseam_answer *answer);

/**
 * Writes the block to `to`, a buffer of `room` bytes, much as `snprintf` does: returns the number of bytes
 * of the block, and writes nothing if that exceeds the room. No NUL is added.
 *
 * A reader of the block gets exactly one event, or one comment, with these values, whatever they contain.
 *
 * Returns 0 if the block is invalid: `block` is NULL or all of it is left out, it has both data and a
 * comment, the event type holds CR or LF, or the ID holds CR, LF or NUL. With `to` NULL nothing is written.
 * The block's texts must not be in `to`.
 */
size_t sseam_encode(const sseam_block *block,
                    char *to,
                    size_t room);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* SSEAM_H */
