// As libcpr's parser goes about it, written anew: a string is the buffer; each line is copied from its front, which is
// then erased; name and value are strings of their own; the event goes to a std::function.
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "way.h"

namespace {

struct Event {
    std::string type = "message", data, id;
};

class Lines {
public:
    explicit Lines(std::function<void(Event &&)> on_event) : on_event_(std::move(on_event)) {}

    void feed(std::string_view bytes) {
        buffer_ += bytes;
        for (std::size_t end; (end = buffer_.find('\n')) != std::string::npos;) {
            std::string line(buffer_, 0, end);
            buffer_.erase(0, end + 1);
            if (!line.empty() && line.back() == '\r') line.pop_back();
            take(line);
        }
    }

private:
    void take(const std::string &line) {
        if (line.empty()) {
            if (!event_.data.empty()) on_event_(std::move(event_));
            event_ = Event();
            return;
        }
        const std::size_t colon = line.find(':');
        if (colon == 0) return;
        std::string name = line, value;
        if (colon != std::string::npos) {
            name = line.substr(0, colon);
            const bool has_space = colon + 1 < line.size() && line[colon + 1] == ' ';
            value = line.substr(colon + (has_space ? 2 : 1));
        }
        if (name == "data") {
            if (!event_.data.empty()) event_.data += '\n';
            event_.data += value;
        } else if (name == "event") {
            event_.type = value;
        } else if (name == "id") {
            event_.id = value;
        }
    }

    std::function<void(Event &&)> on_event_;
    std::string buffer_;
    Event event_;
};

} // namespace

void *way_new() {
    return new Lines([](Event &&event) {
        on_event(event.type.data(), event.type.size(), event.data.data(), event.data.size());
    });
}

void way_feed(void *way, const char *bytes, std::size_t len) {
    static_cast<Lines *>(way)->feed({bytes, len});
}
