// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_request.h"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace gateway::wire::cohere {

/// Functions' names as Cohere takes them and as the caller knows them. Cohere's hold letters, digits and _, and begin with
/// no digit; callers' may hold - and . too. A name that it would refuse is sent with _ in those places, and with a number
/// behind it where another function has that name; the decoder gives the caller's name back.
class ToolNames
{
public:
    ToolNames() = default;
    /// Knows every name of the request: its tools' and its history's.
    explicit ToolNames(const ChatRequest &request);

    /// Both give the name itself where nothing had to be changed. Views into this, or `name`.
    [[nodiscard]] Chars sent(Chars name) const { return lookUp(m_sent, name); }
    [[nodiscard]] Chars asked(Chars name) const { return lookUp(m_asked, name); }

private:
    using Map = std::map<std::string, std::string, std::less<>>;

    static Chars lookUp(const Map &map, Chars name);
    void change(std::string_view name, const std::set<std::string_view> &taken);

    Map m_sent;  ///< the caller's name to Cohere's, where they differ
    Map m_asked; ///< and back
};

} // namespace gateway::wire::cohere
