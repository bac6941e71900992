// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace gateway::wire {

/// Text as it stands between the quotes of a JSON string, escapes as the sender wrote them. Every format is JSON, so text
/// goes from one to another as it is: nothing is unescaped and escaped again, and no lone surrogate or odd escape is lost.
/// unescapeJson() (json_cursor.h) gives the plain text, jsonQuoted() (core/text.h) makes one of it, with its quotes. Borrowed bytes.
struct Chars
{
    std::string_view raw {};
    [[nodiscard]] bool empty() const { return raw.empty(); }
    bool operator==(const Chars &) const = default;
};

/// A JSON value as the sender wrote it: 64-bit numbers, `1e-05`, key order and duplicate keys survive. Empty: absent.
/// Borrowed bytes.
struct Json
{
    std::string_view raw {};
    [[nodiscard]] bool empty() const { return raw.empty(); }
    bool operator==(const Json &) const = default;
};

/// A member of an object that is not known here, to be carried where the other side can take it.
struct UnknownMember
{
    std::string_view name {}; ///< as written
    Json value {};
    bool operator==(const UnknownMember &) const = default;

    /// Its name for people: one that is empty has quotes, so that it is told as something.
    [[nodiscard]] std::string_view shownName() const { return name.empty() ? std::string_view("\"\"") : name; }
};

} // namespace gateway::wire
