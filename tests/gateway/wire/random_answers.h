// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_event.h"
#include "gateway/wire/neutral/escaped.h"

#include <cstdint>
#include <deque>
#include <initializer_list>
#include <random>
#include <string>
#include <string_view>
#include <vector>

/// An answer by chance, but the same for the same number, in the order that chat_event.h promises: thoughts and their seals,
/// words, calls one after another or mixed, with words between them, sources, counts.
class RandomAnswer
{
public:
    explicit RandomAnswer(std::uint32_t seed) : m_random(seed) { make(); }

    void tell(gateway::wire::ChatEventSink &out) const
    {
        for (const auto &event : m_events)
            out.onEvent(event);
    }

private:
    using Chars = gateway::wire::Chars;

    int below(int limit) { return static_cast<int>(m_random() % static_cast<unsigned>(limit)); }
    bool some(int of) { return below(of) == 0; }
    template <typename T>
    T pick(std::initializer_list<T> values)
    {
        return *(values.begin() + below(static_cast<int>(values.size())));
    }
    Chars keep(std::string text) { return {m_texts.emplace_back(std::move(text))}; }
    std::string word() { return "w" + std::to_string(m_words++); }

    /// A piece of a text, as escaped: also nothing but a line end.
    Chars piece()
    {
        std::string raw = some(8) ? "" : word();
        for (int pieces = below(3); pieces >= 0; --pieces)
            raw += pick<const char *>({" ", "\\n", "\\\"", "\\\\", "ü", "世界", "🌍", "\\u00e9", "\\ud83c\\udf0d", "\\/", "\\u2028", "</b>", "data: ", "[DONE]", "\\t"});
        return keep(std::move(raw));
    }

    template <typename Event>
    void add(Event event)
    {
        m_events.emplace_back(std::move(event));
    }

    void make()
    {
        using namespace gateway::wire;
        add(AnswerStart {.id = some(3) ? Chars {} : keep("id_" + word()), .model = keep(word()), .created = some(2) ? 1'700'000'000 : 0});
        const std::uint32_t choices = some(5) ? 2 : 1;
        for (std::uint32_t choice = 0; choice < choices; ++choice)
            this->choice(choice);
        if (!some(5)) {
            const std::int64_t cached = below(20), written = below(10), hour = below(3), reasoning = below(40);
            add(UsageFound {{.input = 40 + below(1000), .output = reasoning + below(500), .cachedInput = cached, .cacheWrite = written, .cacheWrite1h = hour, .reasoning = reasoning}});
        }
        add(AnswerEnd {});
    }

    void choice(std::uint32_t choice)
    {
        using namespace gateway::wire;
        for (int blocks = below(3); blocks > 0; --blocks)
            thought(choice);
        const bool refuses = some(12);
        const int texts = below(5);
        for (int pieces = texts; pieces > 0; --pieces)
            refuses ? add(RefusalDelta {.choice = choice, .text = piece()}) : add(TextDelta {.choice = choice, .text = piece()});
        for (int sources = texts > 0 && some(5) ? 1 + below(2) : 0; sources > 0 && !refuses; --sources)
            add(CitationFound {.choice = choice, .url = keep("https://example.org/" + word()), .title = keep(word())});
        const int calls = refuses || some(2) ? 0 : 1 + below(3);
        this->calls(choice, calls);
        const FinishReason reason = refuses ? pick({FinishReason::Refusal, FinishReason::ContentFilter}) : calls > 0 ? FinishReason::ToolCalls : pick({FinishReason::Stop, FinishReason::Length});
        add(Finish {.choice = choice, .reason = reason, .native = keep(word())});
    }

    /// Ends with a seal, or is one alone.
    void thought(std::uint32_t choice)
    {
        using namespace gateway::wire;
        const auto issuer = pick({WireFormat::Anthropic, WireFormat::Gemini, WireFormat::BedrockConverse});
        if (some(4))
            return add(ThinkingDelta {.choice = choice, .redacted = keep("cmVk" + word() + "A"), .issuer = issuer});
        for (int pieces = 1 + below(3); pieces > 0; --pieces)
            add(ThinkingDelta {.choice = choice, .text = piece(), .issuer = issuer});
        add(ThinkingDelta {.choice = choice, .signature = keep("c2ln" + word() + "A"), .issuer = issuer});
    }

    void calls(std::uint32_t choice, int count)
    {
        using namespace gateway::wire;
        struct Open
        {
            std::uint32_t number;
            std::deque<std::string> pieces;
        };
        std::vector<Open> open;
        std::uint32_t begun = 0;
        while (begun < static_cast<std::uint32_t>(count) || !open.empty()) {
            const bool begins = begun < static_cast<std::uint32_t>(count) && (open.empty() || some(3));
            if (begins) {
                add(ToolCallStart {.choice = choice, .call = begun, .id = keep("call_" + word()), .name = keep("f" + word()), .signature = begun == 0 && some(2) ? keep("c2ln" + word() + "A") : Chars {}}); // of parallel calls, Gemini signs the first
                open.push_back({begun++, arguments()});
                continue;
            }
            const std::size_t which = static_cast<std::size_t>(below(static_cast<int>(open.size())));
            Open &call = open[which];
            if (!call.pieces.empty()) {
                add(ToolCallDelta {.choice = choice, .call = call.number, .arguments = keep(escaped(call.pieces.front()))});
                call.pieces.pop_front();
                continue;
            }
            add(ToolCallEnd {.choice = choice, .call = call.number});
            open.erase(open.begin() + static_cast<std::ptrdiff_t>(which));
        }
    }

    /// A JSON object in pieces that may end anywhere.
    std::deque<std::string> arguments()
    {
        std::string text = "{\"" + word() + "\":" + pick<const char *>({"1", "12345678901234567890", "1e-05", "\"a \\\"b\\\" \\\\ \\u00e9\"", "{\"x\":[1,2,{}]}", "null"}) + "}";
        if (some(5))
            text = some(2) ? "{}" : "";
        std::deque<std::string> pieces;
        while (!text.empty()) {
            const std::size_t size = std::min<std::size_t>(text.size(), 1 + static_cast<std::size_t>(below(7)));
            pieces.push_back(text.substr(0, size));
            text.erase(0, size);
        }
        return pieces;
    }

    std::mt19937 m_random;
    std::deque<std::string> m_texts;
    std::vector<gateway::wire::ChatEvent> m_events;
    int m_words = 0;
};
