/*
 * libsseam for C++17: owners of the objects of sseam.h, and views of its texts. Header only.
 *
 *     sseam::parser parser;
 *     sseam::item item;
 *     for (std::string_view chunk; read(chunk);)
 *         while (sseam_status status = parser.next(chunk, item)) {
 *             if (status == SSEAM_ITEM) std::cout << item.event_type() << ": " << item.data() << '\n';
 *             else std::cerr << sseam_status_message(status) << '\n'; // One event was lost.
 *         }
 *
 * What sseam.h says of lifetimes and threads holds here, too: a view of an item is valid until the next call
 * for its parser that is not to a const one. Constructors throw std::bad_alloc; nothing else throws, except
 * functions of yours. A status is never negative: no argument can be NULL.
 */
#ifndef SSEAM_HPP
#define SSEAM_HPP

#include <sseam.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sseam {

/** A view of a text. */
inline std::string_view view(sseam_text text) noexcept { return {text.ptr, text.len}; }

/** A text of a view. */
inline sseam_text text(std::string_view view) noexcept {
    return {view.data() == nullptr ? "" : view.data(), view.size()};
}

/** An event, or a notification. */
class item {
public:
    sseam_item_kind kind() const noexcept { return raw_.kind; }
    bool truncated() const noexcept { return raw_.truncated != 0; }
    std::string_view event_type() const noexcept { return view(raw_.event_type); }
    std::string_view data() const noexcept { return view(raw_.data); }
    std::string_view last_event_id() const noexcept { return view(raw_.last_event_id); }

    const sseam_item *get() const noexcept { return &raw_; }
    sseam_item *get() noexcept { return &raw_; }

private:
    sseam_item raw_{SSEAM_NO_ITEM, 0, {"", 0}, {"", 0}, {"", 0}};
};

/** A parser of one event stream. */
class parser {
public:
    /** With limits in bytes on data, and on each of event type and ID; 0 is the default of sseam_parser_new. */
    explicit parser(std::size_t data_limit = 0, std::size_t meta_limit = 0)
        : raw_(sseam_parser_new(data_limit, meta_limit)) {
        if (!raw_) throw std::bad_alloc();
    }

    /** See sseam_set_notify. */
    bool set_notify(std::uint32_t notify) noexcept { return sseam_set_notify(get(), notify); }

    /** See sseam_next: takes from the front of the chunk, and returns SSEAM_NEED_MORE, 0, once it is empty. */
    sseam_status next(std::string_view &chunk, item &item) noexcept {
        const char *ptr = chunk.data();
        std::size_t len = chunk.size();
        const sseam_status status = sseam_next(get(), &ptr, &len, item.get());
        chunk = {ptr, len};
        return status;
    }

    /** See sseam_flush. */
    sseam_status flush(item &item) noexcept { return sseam_flush(get(), item.get()); }

    /** See sseam_end_now. */
    sseam_end end_now() const noexcept { return sseam_end_now(raw_.get()); }
    /** See sseam_finish. */
    sseam_end finish() noexcept { return sseam_finish(get()); }

    /** See sseam_reset. */
    void reset() noexcept { sseam_reset(get()); }

    std::string_view last_event_id() const noexcept { return view(sseam_last_event_id(raw_.get())); }

    /** See sseam_set_last_event_id. */
    bool set_last_event_id(std::string_view id) noexcept {
        return sseam_set_last_event_id(get(), id.data(), id.size());
    }

    /** The reconnection time, if there was a valid `retry` field. */
    std::optional<std::chrono::duration<std::uint64_t, std::milli>> retry() const noexcept {
        std::uint64_t ms = 0;
        if (!sseam_retry_ms(raw_.get(), &ms)) return std::nullopt;
        return std::chrono::duration<std::uint64_t, std::milli>(ms);
    }

    sseam_parser *get() noexcept { return raw_.get(); }

private:
    struct free {
        void operator()(sseam_parser *raw) const noexcept { sseam_parser_free(raw); }
    };
    std::unique_ptr<sseam_parser, free> raw_;
};

/** The provider's word for why the model stopped; empty if there is none yet. */
inline std::string reason(const sseam_tracker *tracker) {
    char word[48];
    return {word, sseam_tracker_reason(tracker, word, sizeof word)};
}

namespace detail {
template <class Raw> Raw *made(Raw *raw, bool named) {
    if (raw == nullptr && named) throw std::invalid_argument("sseam: no such protocol, or no memory");
    if (raw == nullptr) throw std::bad_alloc();
    return raw;
}
} // namespace detail

/** The verdict on one stream of a language model. */
class tracker {
public:
    /** Of this protocol, or of one that is recognized. Throws std::invalid_argument for an unknown name. */
    explicit tracker(const char *protocol = nullptr)
        : raw_(detail::made(sseam_tracker_new(protocol), protocol != nullptr)) {}

    sseam_signal notice(const item &item) noexcept { return sseam_tracker_notice(raw_.get(), item.get()); }
    sseam_outcome outcome(sseam_end end) const noexcept { return sseam_tracker_outcome(raw_.get(), end); }
    const sseam_tracker *get() const noexcept { return raw_.get(); }

private:
    struct free {
        void operator()(sseam_tracker *raw) const noexcept { sseam_tracker_free(raw); }
    };
    std::unique_ptr<sseam_tracker, free> raw_;
};

/** The answer in one stream of a language model. */
class answer {
public:
    /** As of a tracker. */
    explicit answer(const char *protocol = nullptr)
        : raw_(detail::made(sseam_answer_new(protocol), protocol != nullptr)) {}

    /**
     * Takes the next item, and calls `on_delta(const sseam_delta &)` with what is new in it. An exception of
     * that is thrown on once all of the item is read; no further delta is passed.
     */
    template <class OnDelta> sseam_signal read(const item &item, OnDelta &&on_delta) {
        using Function = std::remove_reference_t<OnDelta>;
        struct Call {
            Function &on_delta;
            std::exception_ptr thrown;
        } call{on_delta, nullptr};
        const auto pass = [](void *user, const sseam_delta *delta) noexcept {
            Call &it = *static_cast<Call *>(user);
            if (it.thrown) return;
            try {
                it.on_delta(*delta);
            } catch (...) {
                it.thrown = std::current_exception();
            }
        };
        const sseam_signal signal = sseam_answer_read(raw_.get(), item.get(), pass, &call);
        if (call.thrown) std::rethrow_exception(call.thrown);
        return signal;
    }

    sseam_outcome outcome(sseam_end end) const noexcept { return sseam_answer_outcome(raw_.get(), end); }

    sseam_usage usage() const noexcept {
        sseam_usage usage;
        sseam_answer_usage(raw_.get(), &usage);
        return usage;
    }

    /** For sseam_tracker_protocol, sseam_tracker_is_over, and reason. */
    const sseam_tracker *tracker() const noexcept { return sseam_answer_tracker(raw_.get()); }

private:
    struct free {
        void operator()(sseam_answer *raw) const noexcept { sseam_answer_free(raw); }
    };
    std::unique_ptr<sseam_answer, free> raw_;
};

/** Appends the block to a string. Returns false and appends nothing if it cannot be: see sseam_encode. */
inline bool append(std::string &to, const sseam_block &block) {
    const std::size_t len = sseam_encode(&block, nullptr, 0), before = to.size();
    to.resize(before + len);
    return len != 0 && sseam_encode(&block, &to[before], len) == len;
}

} // namespace sseam

#endif
