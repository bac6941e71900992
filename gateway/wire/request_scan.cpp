// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/request_scan.h"

#include "gateway/core/text.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/json_parser_impl.h"
#include "gateway/wire/prompt_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace gateway::wire {
namespace {

using simdjson::ondemand::document;

/// The keys that the gateway reads: one of them twice is refused, since providers take the last and a check would see
/// the first (architecture.md, "Fast path").
enum class Key : std::uint8_t {
    Model, Messages, Input, Prompt, Contents, System, Tools, Stream, StreamOptions, MaxTokens, MaxCompletionTokens, N, User,
    Metadata, Signalbox, Fallbacks, ResponseFormat, Unknown
};

struct KeyName
{
    std::string_view name;
    Key key;
};

constexpr std::array keyNames {
    KeyName {"model", Key::Model}, KeyName {"messages", Key::Messages}, KeyName {"input", Key::Input}, KeyName {"prompt", Key::Prompt},
    KeyName {"contents", Key::Contents}, KeyName {"system", Key::System}, KeyName {"tools", Key::Tools}, KeyName {"stream", Key::Stream},
    KeyName {"stream_options", Key::StreamOptions}, KeyName {"max_tokens", Key::MaxTokens},
    KeyName {"max_completion_tokens", Key::MaxCompletionTokens}, KeyName {"n", Key::N}, KeyName {"user", Key::User},
    KeyName {"metadata", Key::Metadata}, KeyName {"signalbox", Key::Signalbox}, KeyName {"fallbacks", Key::Fallbacks},
    KeyName {"response_format", Key::ResponseFormat},
};

Key keyOf(std::string_view name)
{
    for (const KeyName &known : keyNames) {
        if (known.name == name)
            return known.key;
    }
    return Key::Unknown;
}

/// The name as a reader that ignores case sees it: Go's JSON package does (Ollama), with U+017F as s and U+212A as k.
std::string folded(std::string_view name)
{
    std::string out;
    for (std::size_t at = 0; at < name.size(); ++at) {
        const std::string_view rest = name.substr(at);
        if (rest.starts_with("\xC5\xBF")) {
            out += 's';
            at += 1;
        } else if (rest.starts_with("\xE2\x84\xAA")) {
            out += 'k';
            at += 2;
        } else {
            out += asciiLower(name[at]);
        }
    }
    return out;
}

/// "Model" is no key of the API, but some providers would read it in place of the model that was checked here.
bool isVariant(std::string_view name)
{
    constexpr std::size_t longest = 40;
    const auto odd = [](char c) { return (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; };
    return name.size() <= longest && std::any_of(name.begin(), name.end(), odd) && keyOf(folded(name)) != Key::Unknown;
}

std::unexpected<Error> bad(std::string message, std::string_view param = {})
{
    return fail(ErrorCode::BadRequest, std::move(message), std::string(param));
}

std::string_view typeName(JsonCursor::Type type)
{
    switch (type) {
    case JsonCursor::Type::Object: return "an object";
    case JsonCursor::Type::Array: return "an array";
    case JsonCursor::Type::String: return "a string";
    case JsonCursor::Type::Number: return "a number";
    case JsonCursor::Type::Bool: return "a boolean";
    case JsonCursor::Type::Null: return "null";
    case JsonCursor::Type::None: return "no JSON value";
    }
    return "no JSON value";
}

class Scanner
{
public:
    Scanner(std::string_view body, Endpoint endpoint) : m_endpoint(endpoint)
    {
        m_scan.body = body;
        m_scan.members.reserve(16);
    }

    Result<RequestScan> run(simdjson::ondemand::parser &parser)
    {
        const simdjson::padded_string_view padded(m_scan.body.data(), m_scan.body.size(), m_scan.body.size() + simdjson::SIMDJSON_PADDING);
        document doc;
        if (const auto error = parser.iterate(padded).get(doc))
            return jsonError(nullptr, error);
        if (const Result<void> walked = walk(doc); !walked)
            return std::unexpected(walked.error());
        if (const Result<void> complete = checkComplete(); !complete)
            return std::unexpected(complete.error());
        return std::move(m_scan);
    }

private:
    Result<void> walk(document &doc)
    {
        simdjson::ondemand::json_type type {};
        if (const auto error = doc.type().get(type))
            return jsonError(&doc, error);
        if (type != simdjson::ondemand::json_type::object)
            return bad("The request body must be a JSON object.");
        simdjson::ondemand::object object;
        if (const auto error = doc.get_object().get(object))
            return jsonError(&doc, error);
        for (auto found : object) {
            simdjson::ondemand::field field;
            if (const auto error = std::move(found).get(field))
                return jsonError(&doc, error);
            if (const Result<void> read = readMember(doc, field); !read)
                return read;
        }
        const char *behind = nullptr;
        if (!doc.current_location().get(behind) && behind < m_scan.body.data() + m_scan.body.size())
            return bad(fmt::format("The request body goes on behind the end of its JSON object, at byte {}.", behind - m_scan.body.data()));
        return {};
    }

    Result<void> readMember(document &doc, simdjson::ondemand::field &field)
    {
        Member member;
        const char *name = field.key().raw();
        JsonCursor nameCursor(m_scan.body.substr(static_cast<std::size_t>(name - 1 - m_scan.body.data())));
        std::string_view rawName;
        if (!nameCursor.string(rawName))
            return jsonError(&doc, simdjson::STRING_ERROR);
        member.key = spanOf({rawName.data() - 1, rawName.size() + 2});
        member.name = text(rawName);

        std::string_view value;
        if (const auto error = wholeValue(field.value(), value))
            return jsonError(&doc, error);
        member.value = spanOf(value);
        JsonCursor cursor(value);
        const JsonCursor::Type type = cursor.type();
        // The parser counts brackets and looks no closer, so each value is walked once more; the largest ones, messages and
        // their like, are walked when their text is counted.
        const Key key = keyOf(member.name);
        const bool walkedLater = key == Key::Messages || key == Key::Input || key == Key::Prompt;
        if (!walkedLater && (!cursor.skip() || !cursor.atEnd()))
            return bad(cursor.tooDeep() ? fmt::format("\"{}\" is nested deeper than {} levels.", truncatedUtf8(member.name, 64), JsonCursor::maxDepth)
                                        : fmt::format("The request body is not valid JSON: the value of \"{}\", at byte {}, cannot be read.",
                                                      truncatedUtf8(member.name, 64), member.value.from), member.name);
        if (!endsThere(member.value.to))
            return bad(fmt::format("The request body is not valid JSON: a comma or brace is missing at byte {}.", member.value.to), member.name);
        member.null = type == JsonCursor::Type::Null;
        m_scan.members.push_back(member);
        return readKnown(key, m_scan.members.back(), value, type);
    }

    /// The parser takes `"a": "b": 1` for one member; here it is none.
    [[nodiscard]] bool endsThere(std::uint32_t at) const
    {
        const std::size_t next = m_scan.body.find_first_not_of(" \t\r\n", at);
        return next != std::string_view::npos && (m_scan.body[next] == ',' || m_scan.body[next] == '}');
    }

    Result<void> readKnown(Key key, const Member &member, std::string_view value, JsonCursor::Type type)
    {
        if (key == Key::Unknown && isVariant(member.name))
            return bad(fmt::format("\"{}\" is spelt \"{}\" in this API. Send it in lower case.", member.name, folded(member.name)), member.name);
        if (key == Key::Unknown)
            return {};
        const std::uint32_t bit = 1U << static_cast<unsigned>(key);
        if (m_seen & bit)
            return bad(fmt::format("\"{}\" occurs twice in the request body. Send it once.", member.name), member.name);
        m_seen |= bit;
        if (member.null)
            return {};
        m_given |= bit;
        JsonCursor cursor(value);
        switch (key) {
        case Key::Model: return readModel(member, cursor, type);
        case Key::Messages: return scanMessages(value, m_scan.prompt, m_scan.traits);
        case Key::Input:
        case Key::Prompt: return scanInput(value, member.name, m_scan.prompt);
        case Key::Tools: return readTools(value, type);
        case Key::Stream: return readStream(cursor, type);
        case Key::StreamOptions: return readStreamOptions(member, cursor, type);
        case Key::MaxTokens:
        case Key::MaxCompletionTokens: return readMaxTokens(key, member, cursor, type);
        case Key::N: return readChoices(cursor, type);
        case Key::User: return readUser(cursor, type);
        case Key::Metadata: return readObject(member, type, m_scan.metadata);
        case Key::Signalbox: return readObject(member, type, m_scan.signalbox);
        case Key::Fallbacks: return readFallbacks(cursor, type);
        case Key::ResponseFormat: m_scan.hasResponseFormat = true; return {};
        case Key::Contents:
        case Key::System:
        case Key::Unknown: return {};
        }
        return {};
    }

    Result<void> readModel(const Member &member, JsonCursor &cursor, JsonCursor::Type type)
    {
        std::string_view raw;
        if (type != JsonCursor::Type::String || !cursor.string(raw))
            return bad(fmt::format("\"model\" must be a string with a route's name, not {}.", typeName(type)), "model");
        m_scan.model = text(raw);
        m_scan.modelValue = member.value;
        if (m_scan.model.empty())
            return bad("\"model\" is empty. Name a route; GET /v1/models lists those that this key may use.", "model");
        return {};
    }

    Result<void> readTools(std::string_view value, JsonCursor::Type type)
    {
        if (type != JsonCursor::Type::Array)
            return bad(fmt::format("\"tools\" must be an array, not {}.", typeName(type)), "tools");
        m_scan.hasTools = value.find('{') != std::string_view::npos;
        m_scan.prompt.text.add(value);
        return {};
    }

    Result<void> readStream(JsonCursor &cursor, JsonCursor::Type type)
    {
        const auto stream = cursor.boolean();
        if (!stream)
            return bad(fmt::format("\"stream\" must be true or false, not {}.", typeName(type)), "stream");
        m_scan.stream = *stream;
        return {};
    }

    Result<void> readStreamOptions(const Member &member, JsonCursor &cursor, JsonCursor::Type type)
    {
        if (type != JsonCursor::Type::Object)
            return bad(fmt::format("\"stream_options\" must be an object, not {}.", typeName(type)), "stream_options");
        m_scan.streamOptions = member.value;
        m_scan.streamOptionsEmpty = true;
        bool twice = false;
        bool wrong = false;
        const bool good = cursor.members([&](std::string_view key) {
            m_scan.streamOptionsEmpty = false;
            std::string_view value;
            if (!cursor.skip(value))
                return false;
            if (!jsonStringIs(key, "include_usage"))
                return true;
            twice = !m_scan.includeUsageValue.empty();
            m_scan.includeUsageValue = spanOf(value);
            wrong = value != "true" && value != "false" && value != "null";
            m_scan.includeUsage = value == "true";
            return !twice && !wrong;
        });
        if (twice || wrong)
            return bad(twice ? "\"stream_options.include_usage\" occurs twice. Send it once."
                             : "\"stream_options.include_usage\" must be true or false.", "stream_options.include_usage");
        if (!good)
            return bad("The request body is not valid JSON within \"stream_options\".", "stream_options");
        return {};
    }

    Result<void> readMaxTokens(Key key, const Member &member, JsonCursor &cursor, JsonCursor::Type type)
    {
        const auto tokens = cursor.integer();
        if (!tokens || *tokens < 0)
            return bad(fmt::format("\"{}\" must be a whole number from 1 on, not {}.", member.name,
                                   type == JsonCursor::Type::Number ? cursorText(member) : typeName(type)), member.name);
        if (key == Key::MaxCompletionTokens || !m_scan.maxTokens)
            m_scan.maxTokens = *tokens;
        return {};
    }

    Result<void> readChoices(JsonCursor &cursor, JsonCursor::Type type)
    {
        const auto n = cursor.integer();
        if (!n || *n < 1 || *n > 1000)
            return bad(fmt::format("\"n\" must be a whole number from 1 on{}.",
                                   type == JsonCursor::Type::Number ? "" : fmt::format(", not {}", typeName(type))), "n");
        m_scan.n = *n;
        return {};
    }

    Result<void> readUser(JsonCursor &cursor, JsonCursor::Type type)
    {
        std::string_view raw;
        if (type != JsonCursor::Type::String || !cursor.string(raw))
            return bad(fmt::format("\"user\" must be a string, not {}.", typeName(type)), "user");
        m_scan.user = text(raw);
        return {};
    }

    Result<void> readObject(const Member &member, JsonCursor::Type type, Span &out)
    {
        if (type != JsonCursor::Type::Object)
            return bad(fmt::format("\"{}\" must be an object, not {}.", member.name, typeName(type)), member.name);
        out = member.value;
        return {};
    }

    /// Each is a model's name, or an object with a `model`, as other gateways write it.
    Result<void> readFallbacks(JsonCursor &cursor, JsonCursor::Type type)
    {
        const auto name = [&] {
            std::string_view raw;
            if (cursor.type() != JsonCursor::Type::String || !cursor.string(raw) || raw.empty())
                return false;
            m_scan.fallbacks.push_back(unescapeJson(raw));
            return true;
        };
        const bool good = type == JsonCursor::Type::Array && cursor.elements([&] {
            if (cursor.type() != JsonCursor::Type::Object)
                return name();
            bool named = false;
            const bool read = cursor.members([&](std::string_view key) {
                if (!jsonStringIs(key, "model"))
                    return cursor.skip();
                named = true;
                return name();
            });
            return read && named;
        });
        if (!good)
            return bad(fmt::format("\"fallbacks\" must be an array of models' names; element {} is not one.", m_scan.fallbacks.size()), "fallbacks");
        return {};
    }

    [[nodiscard]] bool given(Key key) const { return (m_given & (1U << static_cast<unsigned>(key))) != 0; }

    [[nodiscard]] Result<void> checkComplete() const
    {
        if (!given(Key::Model))
            return bad("\"model\" is missing. Name a route; GET /v1/models lists those that this key may use.", "model");
        if (m_endpoint == Endpoint::ChatCompletions && !given(Key::Messages))
            return bad("\"messages\" is missing: an array of {\"role\", \"content\"} objects.", "messages");
        if (m_endpoint == Endpoint::Completions && !given(Key::Prompt))
            return bad("\"prompt\" is missing: a string, an array of strings, or token ids.", "prompt");
        if (m_endpoint == Endpoint::Embeddings && !given(Key::Input))
            return bad("\"input\" is missing: a string, an array of strings, or token ids.", "input");
        return {};
    }

    [[nodiscard]] std::string_view cursorText(const Member &member) const
    {
        return truncatedUtf8(member.value.in(m_scan.body), 32);
    }

    std::string_view text(std::string_view raw)
    {
        if (raw.find('\\') == std::string_view::npos)
            return raw;
        return m_scan.unescaped.emplace_front(unescapeJson(raw));
    }

    [[nodiscard]] Span spanOf(std::string_view part) const
    {
        const auto from = static_cast<std::uint32_t>(part.data() - m_scan.body.data());
        return {.from = from, .to = from + static_cast<std::uint32_t>(part.size())};
    }

    [[nodiscard]] std::unexpected<Error> jsonError(document *doc, simdjson::error_code error) const
    {
        if (error == simdjson::UTF8_ERROR)
            return bad("The request body is not valid UTF-8.");
        std::string place;
        const char *at = nullptr;
        const char *begin = m_scan.body.data();
        if (doc && !doc->current_location().get(at) && at >= begin && at <= begin + m_scan.body.size())
            place = fmt::format(" at byte {}", at - begin);
        else if (error == simdjson::UNCLOSED_STRING)
            place = ": a string is not closed";
        else
            place = fmt::format(": it ends too early, after {} bytes", m_scan.body.size());
        return bad(fmt::format("The request body is not valid JSON{}.", place));
    }

    Endpoint m_endpoint;
    RequestScan m_scan;
    std::uint32_t m_seen = 0;
    std::uint32_t m_given = 0;
};

} // namespace

const Member *RequestScan::find(std::string_view name) const
{
    for (auto member = members.rbegin(); member != members.rend(); ++member) {
        if (member->name == name && !member->null)
            return &*member;
    }
    return nullptr;
}

Result<RequestScan> scanRequest(std::string_view body, Endpoint endpoint, JsonParser &parser)
{
    if (body.size() > std::numeric_limits<std::uint32_t>::max() / 2)
        return fail(ErrorCode::BodyTooLarge, fmt::format("The request body has {} bytes; 2 GB is the most that can be read.", body.size()));
    if (trimmed(body).empty())
        return bad("The request body is empty. Send a JSON object with \"model\".");
    return withParser(parser, body.size(), [&](simdjson::ondemand::parser &chosen) { return Scanner(body, endpoint).run(chosen); });
}

} // namespace gateway::wire
