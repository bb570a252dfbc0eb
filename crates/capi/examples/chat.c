/*
 * What does the model say, and is that all of it? Sends a request over libcurl, prints the answer as it
 * comes, and exits with its outcome:
 *
 *     ./chat https://api.example.com/v1/chat/completions '{"model": "...", "stream": true, ...}'
 *
 * The environment variable API_KEY, if there is one, goes into the header `Authorization`.
 */
#include <stdio.h>
#include <stdlib.h>

#include <curl/curl.h>
#include <sseam.h>

struct client {
    sseam_parser *parser;
    sseam_answer *answer;
};

static void on_delta(void *user, const sseam_delta *delta) {
    (void)user;
    if (delta->kind == SSEAM_DELTA_TEXT) {
        fwrite(delta->text.ptr, 1, delta->text.len, stdout);
        fflush(stdout);
    } else if (delta->kind == SSEAM_DELTA_ERROR) {
        fprintf(stderr, "%.*s: %.*s\n", (int)delta->name.len, delta->name.ptr, (int)delta->text.len,
                delta->text.ptr);
    }
}

static size_t on_bytes(char *bytes, size_t size, size_t count, void *user) {
    struct client *client = user;
    const char *chunk = bytes;
    size_t len = size * count;
    sseam_item item;
    while (sseam_next(client->parser, &chunk, &len, &item) > 0)
        sseam_answer_read(client->answer, &item, on_delta, NULL);
    return size * count;
}

int main(int argc, char **argv) {
    struct client client = {sseam_parser_new(0, 0), sseam_answer_new(NULL)};
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    const char *key = getenv("API_KEY");
    char authorization[512], error[CURL_ERROR_SIZE] = "";
    CURL *curl = curl_easy_init();
    sseam_usage usage;
    sseam_item item;

    if (argc != 3 || curl == NULL || client.answer == NULL ||
        !sseam_set_notify(client.parser, SSEAM_NOTIFY_ANSWER)) {
        fprintf(stderr, "usage: %s URL BODY\n", argv[0]);
        return 2;
    }
    if (key != NULL) {
        snprintf(authorization, sizeof authorization, "Authorization: Bearer %s", key);
        headers = curl_slist_append(headers, authorization);
    }
    curl_easy_setopt(curl, CURLOPT_URL, argv[1]);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, argv[2]);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &client);
    CURLcode code = curl_easy_perform(curl);

    /* Some servers leave the last blank line out. */
    while (sseam_flush(client.parser, &item) > 0)
        sseam_answer_read(client.answer, &item, on_delta, NULL);
    sseam_end end = sseam_finish(client.parser);
    if (code != CURLE_OK) {
        fprintf(stderr, "%s\n", error[0] != '\0' ? error : curl_easy_strerror(code));
        end = SSEAM_END_DISCONNECTED;
    }
    sseam_outcome outcome = sseam_answer_outcome(client.answer, end);
    sseam_answer_usage(client.answer, &usage);
    printf("\n%s, %lld tokens\n", sseam_outcome_name(outcome), (long long)usage.output);

    sseam_answer_free(client.answer);
    sseam_parser_free(client.parser);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return outcome;
}
