// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/loss.h"
#include "gateway/core/text.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/chat_part.h"
#include "gateway/wire/neutral/json_pieces.h"
#include "gateway/wire/wire_format.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::wire {

enum class Role : std::uint8_t { System, Developer, User, Assistant, Tool };

/// One turn. A Tool turn holds ToolResult parts alone; formats that have no such role (Anthropic, Gemini, Bedrock) are
/// read into Tool and User turns, and their writers merge them again.
struct ChatMessage
{
    Role role = Role::User;
    Chars name {};
    std::vector<ChatPart> parts {};
    std::vector<UnknownMember> unknown {};
};

/// A function that the model may call, or a tool of the provider's own, kept whole in `native` (web search and the like).
struct ChatTool
{
    Chars name {};
    Chars description {};
    Json parameters {};              ///< JSON Schema; empty: none
    std::optional<bool> strict {};
    Json cacheControl {};
    Json native {};                  ///< of the request's own format; the other members are then empty
    WireFormat nativeOf = WireFormat::OpenAiChat;
};

struct ToolChoice
{
    enum class Mode : std::uint8_t { Auto, None, Required, Named, Allowed };
    Mode mode = Mode::Auto;
    bool allowedRequired = false;    ///< Allowed: one of `names` must be called
    std::vector<Chars> names {};     ///< one for Named, some for Allowed
};

struct ResponseFormat
{
    enum class Kind : std::uint8_t { Text, JsonObject, JsonSchema };
    Kind kind = Kind::Text;
    Chars name {};
    Chars description {};
    Json schema {};
    std::optional<bool> strict {};
};

/// How hard the model is to think: by a word, by a number of tokens, or as it likes.
struct Reasoning
{
    enum class Effort : std::uint8_t { None, Minimal, Low, Medium, High, XHigh, Max };
    std::optional<Effort> effort {};
    std::optional<std::int64_t> budgetTokens {};
    bool adaptive = false;
    Chars summary {};                ///< Responses' `summary`; empty: not asked for
};

/// What a caller asked of a chat model, in no provider's format. Numbers that are only handed on keep the caller's digits.
/// Views point into the body that was read (which outlives this), or into what keep() holds: so it can be moved, not copied.
struct ChatRequest
{
    ChatRequest() = default;
    ChatRequest(ChatRequest &&) = default;
    ChatRequest &operator=(ChatRequest &&) = default;

    Chars model {};
    std::vector<ChatMessage> messages {}; ///< system turns among them, in the caller's order
    std::vector<ChatTool> tools {};
    std::optional<ToolChoice> toolChoice {};
    std::optional<bool> parallelToolCalls {};
    std::optional<ResponseFormat> responseFormat {};
    std::optional<Reasoning> reasoning {};
    std::optional<std::int64_t> maxTokens {};
    std::optional<std::int64_t> choices {};  ///< n
    std::vector<Chars> stop {};
    Json temperature {}, topP {}, topK {}, seed {}, frequencyPenalty {}, presencePenalty {};
    Json logitBias {}, logprobs {}, topLogprobs {};
    Chars user {};                       ///< the end user's id
    Chars serviceTier {};
    Chars verbosity {};
    Json metadata {};
    bool stream = false;
    bool includeUsage = false;
    std::vector<UnknownMember> unknown {};      ///< top-level members that no format shares

    /// Plain text of `chars`: as it stands where it has no escape, else unescaped and kept.
    std::string_view plain(Chars chars) { return chars.raw.find('\\') == std::string_view::npos ? chars.raw : keep(unescapeJson(chars.raw)); }

    /// Keeps text that was made, not read, for as long as this lives.
    std::string_view keep(std::string text) { return m_made.emplace_back(std::move(text)); }

    /// Takes over what another request keeps, so that views of its members hold here.
    void adopt(ChatRequest &&other)
    {
        for (std::deque<std::string> &texts : other.m_adopted)
            m_adopted.push_back(std::move(texts));
        m_adopted.push_back(std::move(other.m_made));
    }

    /// Keeps plain text in the form in which text travels: escaped.
    Chars keepChars(std::string_view plain)
    {
        const std::string_view quoted = keep(jsonQuoted(plain));
        return {quoted.substr(1, quoted.size() - 2)};
    }

private:
    std::deque<std::string> m_made; ///< a deque moves without moving its strings
    std::deque<std::deque<std::string>> m_adopted;
};

using gateway::Loss;

} // namespace gateway::wire
