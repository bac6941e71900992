// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/answer_event.h"

#include "gateway/wire/json_cursor.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

namespace gateway::privacy {

namespace {

using wire::JsonCursor;
using Type = JsonCursor::Type;

/// What holds a text in pieces.
constexpr std::array texts {std::string_view("arguments"), std::string_view("content"),  std::string_view("partial_json"), std::string_view("reasoning"), std::string_view("reasoning_content"),
                            std::string_view("refusal"),   std::string_view("response"), std::string_view("text"),         std::string_view("thinking"),  std::string_view("transcript")};
/// Objects that are there at once.
constexpr std::array wholes {std::string_view("args"), std::string_view("functionCall"), std::string_view("functionResponse"), std::string_view("input"), std::string_view("logprobs")};

constexpr int deepest = 32;

/// The members of an object that say what it is.
struct Object
{
    std::string_view type {}, delta {}, text {}, message {}, content {}, choices {}, candidates {}, item {}, response {};
    std::string_view finish {}, sequence {};
    std::optional<std::int64_t> index {}, output {}, part {}, summary {};
    std::optional<bool> done {}, thought {};
};

Object read(std::string_view json)
{
    Object object;
    JsonCursor cursor(json);
    (void)cursor.members([&](std::string_view key) {
        std::string_view raw;
        const std::size_t from = cursor.offset();
        if (key == "index" || key == "output_index" || key == "content_index" || key == "summary_index") {
            const auto number = cursor.integer();
            (key == "index" ? object.index : key == "output_index" ? object.output : key == "content_index" ? object.part : object.summary) = number;
            return cursor.offset() > from || cursor.skip();
        }
        if (key == "done" || key == "thought") {
            const auto truth = cursor.boolean();
            (key == "done" ? object.done : object.thought) = truth;
            return truth || cursor.skip();
        }
        if (!cursor.skip(raw))
            return false;
        struct Named
        {
            std::string_view name;
            std::string_view Object::*member;
        };
        static constexpr std::array named {Named {"type", &Object::type},       Named {"delta", &Object::delta},           Named {"text", &Object::text},         Named {"message", &Object::message},
                                           Named {"content", &Object::content}, Named {"choices", &Object::choices},       Named {"candidates", &Object::candidates}, Named {"item_id", &Object::item},
                                           Named {"finishReason", &Object::finish}, Named {"finish_reason", &Object::finish}, Named {"sequence_number", &Object::sequence}, Named {"response", &Object::response}};
        for (const Named &each : named) {
            if (each.name == key)
                object.*each.member = raw;
        }
        return true;
    });
    return object;
}

std::string_view unquoted(std::string_view raw)
{
    return raw.size() >= 2 && raw.front() == '"' ? raw.substr(1, raw.size() - 2) : std::string_view();
}

bool isText(std::string_view raw)
{
    return raw.size() >= 2 && raw.front() == '"';
}

std::string numberOr(const std::optional<std::int64_t> &number, std::size_t otherwise)
{
    return std::to_string(number.value_or(static_cast<std::int64_t>(otherwise)));
}

class Reader
{
public:
    explicit Reader(std::string_view json) : m_json(json) {}

    AnswerEvent event()
    {
        const Object top = read(m_json);
        const std::string_view type = unquoted(top.type);
        if (!top.sequence.empty())
            m_event.sequence = spanOf(top.sequence);
        if (top.choices.starts_with('['))
            list(top.choices, "choice", [this](const Object &choice, const std::string &channel) { parts(choice.delta.empty() ? choice.text : choice.delta, channel, choice.delta.empty() ? "text" : "", isText(choice.finish)); }, true);
        else if (top.candidates.starts_with('['))
            list(top.candidates, "candidate", [this](const Object &candidate, const std::string &channel) { parts(candidate.content, channel, "", isText(candidate.finish)); }, true);
        else if (type == "content_block_delta")
            parts(top.delta, fmt::format("block {}/", numberOr(top.index, 0)), "", false);
        else if (type == "content_block_stop")
            m_event.ends.push_back(fmt::format("block {}/", numberOr(top.index, 0)));
        else if (type == "message_delta" || type == "message_stop" || type == "error" || type == "response.completed" || type == "response.incomplete" || type == "response.failed" || type == "transcript.text.done")
            m_event.endsAll = true;
        else if (type.ends_with(".delta") && isText(top.delta))
            piece(top.delta, channelOf(top, type.substr(0, type.size() - 6)), type.find("_call_arguments") == std::string_view::npos ? Inside::Json : Inside::JsonInString, false);
        else if (type.ends_with(".done"))
            m_event.ends.push_back(channelOf(top, type.substr(0, type.size() - 5)));
        else if (top.done) // Ollama's
            parts(isText(top.response) ? top.response : top.message, "line/", isText(top.response) ? "response" : "", *top.done);
        return std::move(m_event);
    }

private:
    [[nodiscard]] wire::Span spanOf(std::string_view raw) const
    {
        const auto from = static_cast<std::uint32_t>(raw.data() - m_json.data());
        return {.from = from, .to = from + static_cast<std::uint32_t>(raw.size())};
    }

    static std::string channelOf(const Object &top, std::string_view base)
    {
        return fmt::format("{}/{}/{}/{}/{}", base, unquoted(top.item), numberOr(top.output, 0), numberOr(top.part, 0), numberOr(top.summary, 0));
    }

    void piece(std::string_view raw, std::string channel, Inside inside, bool last)
    {
        m_event.pieces.push_back({.raw = spanOf(unquoted(raw)), .channel = std::move(channel), .inside = inside, .last = last});
    }

    template <typename Visit>
    void list(std::string_view raw, std::string_view what, const Visit &visit, bool ends)
    {
        JsonCursor cursor(raw);
        std::size_t place = 0;
        (void)cursor.elements([&] {
            std::string_view element;
            if (!cursor.skip(element))
                return false;
            const Object object = read(element);
            const std::string channel = fmt::format("{} {}/", what, numberOr(object.index, place++));
            visit(object, channel);
            if (ends && isText(object.finish))
                m_event.ends.push_back(channel);
            return true;
        });
    }

    /// All pieces of texts in a value.
    /// @param key  its own; empty: an object's members have theirs
    void parts(std::string_view raw, const std::string &channel, std::string_view key, bool last, int depth = 0)
    {
        if (raw.empty() || depth > deepest)
            return;
        if (isText(raw)) {
            if (std::ranges::find(texts, key) != texts.end())
                piece(raw, channel + std::string(key), key == "arguments" || key == "partial_json" ? Inside::JsonInString : Inside::Json, last);
            return;
        }
        JsonCursor cursor(raw);
        if (raw.front() == '{') {
            (void)cursor.members([&](std::string_view name) {
                std::string_view value;
                if (!cursor.skip(value))
                    return false;
                if (std::ranges::find(wholes, name) == wholes.end())
                    parts(value, isText(value) ? channel : fmt::format("{}{}/", channel, name), name, last, depth + 1);
                return true;
            });
        } else if (raw.front() == '[') {
            std::size_t place = 0;
            (void)cursor.elements([&] {
                std::string_view value;
                if (!cursor.skip(value))
                    return false;
                const Object object = read(value);
                const std::string which = key == "parts" ? (object.thought.value_or(false) ? "thought" : "said") : numberOr(object.index, place);
                ++place;
                parts(value, fmt::format("{}{}/", channel, which), key, last, depth + 1);
                return true;
            });
        }
    }

    std::string_view m_json;
    AnswerEvent m_event;
};

} // namespace

AnswerEvent readAnswerEvent(std::string_view json)
{
    return Reader(json).event();
}

} // namespace gateway::privacy
