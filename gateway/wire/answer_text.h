// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/endpoint.h"
#include "gateway/wire/json_array_parser.h"
#include "gateway/wire/neutral/answer_decoder.h"
#include "gateway/wire/sse_parser.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::wire {

/// What an answer says, read as it comes, in the format of the caller: of chat whose formats callers speak, and of text
/// completions. Thoughts are left out. Bounded. Not thread-safe; no I/O.
class AnswerText
{
public:
    struct Choice
    {
        std::string escaped {};  ///< as between the quotes of a JSON string
        bool callsTools = false; ///< its turn goes on once they have answered
        bool finished = false;

        [[nodiscard]] std::string text() const;
    };

    [[nodiscard]] static bool reads(Endpoint endpoint);

    explicit AnswerText(Endpoint endpoint);
    ~AnswerText();
    AnswerText(const AnswerText &) = delete;
    AnswerText &operator=(const AnswerText &) = delete;

    void whole(std::string_view body);
    /// More of a stream, cut anywhere.
    /// @param isArray  Gemini's without alt=sse
    void piece(std::string_view bytes, bool isArray);
    void finish();

    [[nodiscard]] const std::vector<Choice> &choices() const { return m_choices; }
    /// Nothing more is said: what comes now tells the caller that all went well.
    [[nodiscard]] bool isEnding() const;
    /// All of it could be read, to its end, and it is not longer than what is kept.
    [[nodiscard]] bool isWhole() const { return m_ended && !m_failed; }

    static constexpr std::size_t longest = 16 * 1024 * 1024; ///< bytes of all choices together
    static constexpr std::size_t mostChoices = 128;

private:
    class Sink;
    void event(std::string_view type, std::string_view data);
    void completion(std::string_view json);
    void say(std::uint32_t choice, std::string_view escaped);
    Choice *at(std::uint32_t choice);

    std::unique_ptr<AnswerDecoder> m_decoder; ///< null: text completions
    SseParser m_events {longest};
    JsonArrayParser m_elements {longest};
    std::vector<Choice> m_choices;
    std::size_t m_size = 0;
    bool m_ended = false;
    bool m_failed = false;
};

} // namespace gateway::wire
