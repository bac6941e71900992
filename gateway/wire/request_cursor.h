// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/json_pieces.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gateway::wire {

/// Reads a request's JSON by type, and keeps the first mistake with its place ("messages.2.content.0.text"), for a 400
/// whose `param` names it. A JSON null counts as absent everywhere. Every function gives false after a mistake, which ends
/// the walk. The text must outlive what is read.
class RequestCursor
{
public:
    explicit RequestCursor(std::string_view text) : m_json(text) {}

    bool chars(std::string_view name, Chars &out);                      ///< a string
    bool number(std::string_view name, Json &out);                      ///< a number, its digits kept
    bool integer(std::string_view name, std::optional<std::int64_t> &out);
    bool boolean(std::string_view name, std::optional<bool> &out);
    bool object(std::string_view name, Json &out);                      ///< an object, unread
    bool any(Json &out);                                                ///< any value, unread
    bool skip();
    [[nodiscard]] JsonCursor::Type type() { return m_json.type(); }

    /// Walks the text as one object with nothing behind it: a request's body. visit(key) as for members().
    template <typename Visit>
    Result<void> body(Visit &&visit)
    {
        if (type() == JsonCursor::Type::Object && members({}, std::forward<Visit>(visit)) && atEnd())
            return {};
        return std::unexpected(std::move(*this).error());
    }

    /// Walks an object, or takes a null. visit(key) reads the member's value and gives true to go on.
    template <typename Visit>
    bool members(std::string_view name, Visit &&visit)
    {
        if (m_json.null())
            return true;
        if (type() != JsonCursor::Type::Object)
            return fail(name, "must be an object");
        const Step step(*this, name);
        return m_json.members([&](std::string_view key) { return visit(plainKey(key)); }) || malformed();
    }

    /// Walks an array, or takes a null. visit() reads one element.
    template <typename Visit>
    bool elements(std::string_view name, Visit &&visit)
    {
        if (m_json.null())
            return true;
        if (type() != JsonCursor::Type::Array)
            return fail(name, "must be an array");
        const Step step(*this, name);
        std::size_t index = 0;
        return m_json.elements([&] {
            const Step element(*this, std::to_string(index++));
            return visit();
        }) || malformed();
    }

    /// The first mistake: `what` follows the place's name in the message. Always false.
    bool fail(std::string_view name, std::string_view what);
    [[nodiscard]] bool failed() const { return m_error.has_value(); }
    [[nodiscard]] bool atEnd() { return m_json.atEnd(); }
    [[nodiscard]] Error error() &&; ///< BadRequest; where nothing was said, that the JSON is broken

private:
    /// A name on the way, for the time of its value.
    class Step
    {
    public:
        Step(RequestCursor &cursor, std::string_view name);
        ~Step() { m_path.resize(m_before); }
        Step(const Step &) = delete;
        Step &operator=(const Step &) = delete;

    private:
        std::string &m_path;
        std::size_t m_before;
    };

    std::string_view plainKey(std::string_view raw);
    bool malformed();

    JsonCursor m_json;
    std::string m_path;
    std::string m_key; ///< of a key that is written with escapes
    std::optional<Error> m_error;
};

} // namespace gateway::wire
