// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <string_view>

namespace gateway::routing {

/// Why a call went where it went, in few words for its record: "when[0]: complexity 0.71 >= 0.6; balance by latency:
/// claude 0.4 s before openai 0.9 s". Room for so much and no more, in itself; what does not fit any more is left out.
class DecisionLog
{
public:
    static constexpr std::size_t capacity = 384;

    template <typename... Arguments>
    void note(fmt::format_string<Arguments...> words, Arguments &&...arguments)
    {
        if (m_size != 0)
            append("; ");
        const auto written = fmt::format_to_n(m_text.data() + m_size, m_text.size() - m_size, words, std::forward<Arguments>(arguments)...);
        m_size = static_cast<std::size_t>(written.out - m_text.data());
    }
    /// Goes on with the last note.
    void append(std::string_view words)
    {
        const std::size_t fits = words.copy(m_text.data() + m_size, m_text.size() - m_size);
        m_size += fits;
    }
    [[nodiscard]] std::string_view text() const { return {m_text.data(), m_size}; }

private:
    std::array<char, capacity> m_text;
    std::size_t m_size = 0;
};

} // namespace gateway::routing
