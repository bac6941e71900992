// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace gateway::wire {

/// Keeps chosen members of a JSON object's top level as its bytes come by, split anywhere, and nothing else of it: to find the
/// usage in an answer of any size. Looks at quotes and brackets alone. Not thread-safe; no I/O.
class MemberCatcher
{
public:
    /// @param wanted    names, written without escapes; outlives this
    /// @param mostKept  bytes of all values together; a value beyond is left out
    MemberCatcher(std::span<const std::string_view> wanted, std::size_t mostKept) : m_wanted(wanted), m_mostKept(mostKept) {}

    void feed(std::string_view bytes);
    /// The members that came whole, as an object of their own.
    [[nodiscard]] std::string object() const;

private:
    void take(char c);
    void takeOfString(char c);
    void beginValue();
    void endValue();
    void keep(char c);

    std::span<const std::string_view> m_wanted;
    std::size_t m_mostKept;
    std::string m_key;          ///< of the member under way; longer ones than any that is wanted are cut
    std::string m_kept;         ///< "name":value,...
    std::size_t m_wholeTo = 0;  ///< how much of that is whole members
    std::size_t m_depth = 0;
    bool m_inString = false;
    bool m_escaped = false;
    bool m_inKey = false;
    bool m_expectsKey = false;
    bool m_catching = false;
};

} // namespace gateway::wire
