// The C++ wrapper: owners, views, and exceptions of a function that is called.
#include <cassert>
#include <cstdio>
#include <stdexcept>
#include <string>

#include <sseam.hpp>

#undef NDEBUG
#include <cassert>

int main() {
    using namespace std::string_view_literals;
    sseam::parser parser(100);
    sseam::item item;
    assert(item.kind() == SSEAM_NO_ITEM && item.data().empty());
    assert(parser.set_notify(SSEAM_NOTIFY_COMMENTS));
    std::string seen;
    for (std::string_view chunk : {"event: add\ndata: 73"sv, ""sv, "857293\nid: 8\nretry: 5\n\n: c\n"sv}) {
        while (sseam_status status = parser.next(chunk, item)) {
            assert(status == SSEAM_ITEM && !item.truncated());
            seen += std::string(item.event_type()) + "," + std::string(item.data()) + ";";
        }
        assert(chunk.empty());
    }
    assert(seen == "add,73857293;,c;");
    assert(parser.last_event_id() == "8" && parser.set_last_event_id("9") && parser.last_event_id() == "9");
    assert(parser.retry()->count() == 5);
    std::string_view rest = "data: [DONE]";
    assert(parser.next(rest, item) == SSEAM_NEED_MORE);
    assert(parser.flush(item) == SSEAM_ITEM && item.data() == "[DONE]" && item.last_event_id() == "9");
    assert(parser.flush(item) == SSEAM_NEED_MORE && parser.finish() == SSEAM_END_CLEAN);
    sseam::parser moved = std::move(parser);
    moved.reset();

    sseam::answer answer;
    sseam::tracker tracker("chat");
    rest = "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    std::string text;
    while (moved.next(rest, item)) {
        tracker.notice(item);
        answer.read(item, [&](const sseam_delta &delta) {
            if (delta.kind == SSEAM_DELTA_TEXT) text += sseam::view(delta.text);
        });
    }
    assert(text == "Hi" && sseam::reason(answer.tracker()) == "stop" && answer.usage().input == -1);
    assert(answer.outcome(moved.finish()) == SSEAM_COMPLETED);
    assert(tracker.outcome(SSEAM_END_DISCONNECTED) == SSEAM_COMPLETED);

    sseam::answer other;
    rest = "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\n";
    assert(moved.next(rest, item) == SSEAM_ITEM);
    bool caught = false;
    try {
        other.read(item, [](const sseam_delta &) { throw std::runtime_error("mine"); });
    } catch (const std::runtime_error &error) {
        caught = error.what() == "mine"sv;
    }
    assert(caught && other.outcome(SSEAM_END_CLEAN) == SSEAM_COMPLETED);
    try {
        sseam::answer none("no such");
        assert(false);
    } catch (const std::invalid_argument &) {
    }

    std::string out = ">";
    sseam_block block{};
    block.data = sseam::text("a\nb");
    assert(sseam::append(out, block) && out == ">data: a\ndata: b\n\n");
    block.id = sseam::text("\n");
    assert(!sseam::append(out, block) && out.size() == 18);
    std::puts("right");
}
