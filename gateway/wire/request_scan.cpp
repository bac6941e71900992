// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/request_scan.h"

#include "gateway/core/text.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/prompt_scan.h"
#include "gateway/wire/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace gateway::wire {
namespace {

/// The keys that the gateway reads: one of them twice is refused, since providers take the last and a check would see
/// the first (architecture.md, "Fast path").
enum class Key : std::uint8_t {
    Model, Messages, Input, Prompt, Contents, System, Tools, Stream, StreamOptions, MaxTokens, MaxCompletionTokens, N, User,
    Metadata, Signalbox, Fallbacks, ResponseFormat, Instructions, SystemInstruction, MaxOutputTokens, GenerationConfig,
    GenerateContentRequest, PromptId, PromptVariables, Unknown
};

/// What OpenAI takes where nobody names a model, which is how its SDKs' examples ask.
constexpr std::string_view usualModerationModel = "omni-moderation-latest";

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
    KeyName {"response_format", Key::ResponseFormat}, KeyName {"instructions", Key::Instructions},
    KeyName {"systemInstruction", Key::SystemInstruction}, KeyName {"system_instruction", Key::SystemInstruction},
    KeyName {"max_output_tokens", Key::MaxOutputTokens}, KeyName {"generationConfig", Key::GenerationConfig},
    KeyName {"generation_config", Key::GenerationConfig}, KeyName {"generateContentRequest", Key::GenerateContentRequest},
    KeyName {"prompt_id", Key::PromptId}, KeyName {"prompt_variables", Key::PromptVariables},
};

/// Whether the text of this member is what the endpoint's model reads.
bool isPrompt(Endpoint endpoint, Key key)
{
    switch (endpoint) {
    case Endpoint::ChatCompletions: return key == Key::Messages;
    case Endpoint::Completions:
    case Endpoint::Images:
    case Endpoint::ImageEdits: return key == Key::Prompt;
    case Endpoint::Embeddings:
    case Endpoint::Moderations:
    case Endpoint::Speech: return key == Key::Input;
    case Endpoint::Messages: return key == Key::Messages || key == Key::System;
    case Endpoint::Responses: return key == Key::Input || key == Key::Instructions;
    case Endpoint::GenerateContent: return key == Key::Contents || key == Key::SystemInstruction;
    case Endpoint::CountTokens:
        return key == Key::Messages || key == Key::System || key == Key::Contents || key == Key::SystemInstruction || key == Key::GenerateContentRequest;
    case Endpoint::Models:
    case Endpoint::Other:
    case Endpoint::Transcriptions:
    case Endpoint::Rerank:
    case Endpoint::Passthrough:
    case Endpoint::Realtime: break;
    }
    return false;
}

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
    Scanner(std::string_view body, Endpoint endpoint, std::string_view pathModel, std::string_view usualModel, PromptNamed prompt)
        : m_endpoint(endpoint), m_pathNamesModel(!pathModel.empty()), m_usualModel(usualModel), m_prompt(prompt), m_cursor(body, JsonCursor::Strings::Checked)
    {
        m_scan.body = body;
        m_scan.model = pathModel;
        m_scan.members.reserve(16);
    }

    Result<RequestScan> run()
    {
        if (!isUtf8(m_scan.body))
            return bad("The request body is not valid UTF-8.");
        if (const Result<void> walked = walk(); !walked)
            return std::unexpected(walked.error());
        if (m_scan.model.empty())
            m_scan.model = !m_usualModel.empty() || m_endpoint != Endpoint::Moderations ? m_usualModel : usualModerationModel;
        if (const Result<void> complete = checkComplete(); !complete)
            return std::unexpected(complete.error());
        return std::move(m_scan);
    }

private:
    Result<void> walk()
    {
        const JsonCursor::Type type = m_cursor.type();
        if (type == JsonCursor::Type::None)
            return notJson();
        if (type != JsonCursor::Type::Object)
            return bad("The request body must be a JSON object.");
        m_cursor.take('{');
        if (!m_cursor.take('}')) {
            do {
                if (Result<void> read = readMember(); !read)
                    return read;
            } while (m_cursor.take(','));
            if (!m_cursor.take('}'))
                return unclosed();
        }
        if (!m_cursor.atEnd())
            return bad(fmt::format("The request body goes on behind the end of its JSON object, at byte {}.", m_cursor.offset()));
        return {};
    }

    Result<void> readMember()
    {
        std::string_view rawName;
        if (!m_cursor.string(rawName) || !m_cursor.take(':'))
            return notJson();
        const JsonCursor::Type type = m_cursor.type();
        if (type == JsonCursor::Type::None)
            return m_cursor.cutOff() ? notJson() : unreadable(text(rawName));
        Member &member = m_scan.members.emplace_back();
        member.key = spanOf({rawName.data() - 1, rawName.size() + 2});
        member.name = text(rawName);
        member.null = type == JsonCursor::Type::Null;
        member.value.from = static_cast<std::uint32_t>(m_cursor.offset());
        const Key key = keyOf(member.name);
        // What text a prompt holds is counted on the way; all else is passed over, and then looked into where it is read.
        const bool counted = !member.null && !isSeen(key) && isPrompt(m_endpoint, key);
        if (counted) {
            const Result<void> read = count(key, member.name);
            if (!read)
                return m_cursor.cutOff() || m_cursor.controlCharacter() ? notJson() : read;
        } else if (!m_cursor.skip()) {
            return m_cursor.cutOff() || m_cursor.controlCharacter() ? notJson() : unreadable(member.name);
        }
        member.value.to = static_cast<std::uint32_t>(m_cursor.offset());
        if (!endsHere())
            return unclosed();
        return readKnown(key, member, member.value.in(m_scan.body), type);
    }

    Result<void> count(Key key, std::string_view name)
    {
        if (key == Key::Messages || key == Key::Contents)
            return scanMessages(m_cursor, name, m_scan.prompt, m_scan.traits);
        if (key == Key::GenerateContentRequest)
            return scanWrapped(name);
        return key == Key::SystemInstruction ? scanContent(m_cursor, name, m_scan.prompt) : scanInput(m_cursor, name, m_scan.prompt);
    }

    /// Gemini's countTokens takes a whole request in one member.
    Result<void> scanWrapped(std::string_view name)
    {
        Result<void> read;
        const auto visit = [&](std::string_view key) {
            const Key known = keyOf(key);
            if (known != Key::Contents && known != Key::SystemInstruction)
                return m_cursor.skip();
            m_given |= known == Key::Contents ? 1U << static_cast<unsigned>(Key::Contents) : 0;
            read = count(known, key);
            return read.has_value();
        };
        if (m_cursor.type() == JsonCursor::Type::Object && m_cursor.members(visit))
            return {};
        return read ? bad(fmt::format("\"{}\" must be an object.", name), name) : read;
    }

    /// Behind a value stands a comma or the end of its object.
    [[nodiscard]] bool endsHere()
    {
        JsonCursor behind = m_cursor;
        return behind.take(',') || behind.take('}');
    }

    [[nodiscard]] bool isSeen(Key key) const { return (m_seen & (1U << static_cast<unsigned>(key))) != 0; }

    Result<void> readKnown(Key key, const Member &member, std::string_view value, JsonCursor::Type type)
    {
        if (key == Key::Unknown && isVariant(member.name))
            return bad(fmt::format("\"{}\" is spelt \"{}\" in this API. Send it in lower case.", member.name, folded(member.name)), member.name);
        if (key == Key::Unknown)
            return {};
        const std::uint32_t bit = 1U << static_cast<unsigned>(key);
        if (isSeen(key))
            return bad(fmt::format("\"{}\" occurs twice in the request body. Send it once.", member.name), member.name);
        m_seen |= bit;
        if (member.null)
            return {};
        m_given |= bit;
        JsonCursor cursor(value);
        switch (key) {
        case Key::Model: return readModel(member, cursor, type);
        case Key::Tools: return readTools(value, type);
        case Key::Stream: return readStream(cursor, type);
        case Key::StreamOptions: return readStreamOptions(member, cursor, type);
        case Key::GenerationConfig: return readGenerationConfig(cursor, type);
        case Key::MaxTokens:
        case Key::MaxOutputTokens:
        case Key::MaxCompletionTokens: return readMaxTokens(key, member, cursor, type);
        case Key::N: return readChoices(cursor, type);
        case Key::User: return readUser(cursor, type);
        case Key::Metadata: return readMetadata(member, cursor, type);
        case Key::Signalbox: return readSignalbox(member, cursor, type);
        case Key::PromptId: return m_prompt == PromptNamed::Nowhere ? Result<void> {} : readPromptId(member.value, type);
        case Key::PromptVariables: return m_prompt == PromptNamed::Nowhere ? Result<void> {} : readObject(member, type, m_scan.promptVariables);
        case Key::Fallbacks: return readFallbacks(cursor, type);
        case Key::ResponseFormat: m_scan.hasResponseFormat = true; return {};
        case Key::Messages:
        case Key::Input:
        case Key::Prompt: // counted already
        case Key::Contents:
        case Key::System:
        case Key::Instructions:
        case Key::SystemInstruction:
        case Key::GenerateContentRequest:
        case Key::Unknown: return {};
        }
        return {};
    }

    Result<void> readModel(const Member &member, JsonCursor &cursor, JsonCursor::Type type)
    {
        if (m_pathNamesModel) { // what the body says as well goes with the rest, or is replaced
            m_scan.modelValue = type == JsonCursor::Type::String ? member.value : Span {};
            return {};
        }
        std::string_view raw;
        if (type != JsonCursor::Type::String || !cursor.string(raw))
            return bad(fmt::format("\"model\" must be a string with a route's name, not {}.", typeName(type)), "model");
        m_scan.model = text(raw);
        m_scan.modelValue = member.value;
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

    /// Anthropic's callers name their end users there.
    Result<void> readMetadata(const Member &member, JsonCursor &cursor, JsonCursor::Type type)
    {
        if (Result<void> read = readObject(member, type, m_scan.metadata); !read || m_endpoint != Endpoint::Messages)
            return read;
        const bool good = cursor.members([&](std::string_view key) {
            std::string_view raw;
            if (!jsonStringIs(key, "user_id") || cursor.type() != JsonCursor::Type::String)
                return cursor.skip();
            const bool taken = cursor.string(raw);
            m_scan.user = text(raw);
            return taken;
        });
        return good ? Result<void> {} : bad("The request body is not valid JSON within \"metadata\".", "metadata");
    }

    Result<void> readGenerationConfig(JsonCursor &cursor, JsonCursor::Type type)
    {
        if (type != JsonCursor::Type::Object)
            return bad(fmt::format("\"generationConfig\" must be an object, not {}.", typeName(type)), "generationConfig");
        const bool good = cursor.members([&](std::string_view key) {
            std::string_view value;
            if (!cursor.skip(value))
                return false;
            if (key == "maxOutputTokens" || key == "max_output_tokens")
                m_scan.maxTokens = JsonCursor(value).integer();
            m_scan.hasResponseFormat = m_scan.hasResponseFormat || key.starts_with("response");
            return true;
        });
        return good ? Result<void> {} : bad("The request body is not valid JSON within \"generationConfig\".", "generationConfig");
    }

    Result<void> readObject(const Member &member, JsonCursor::Type type, Span &out)
    {
        if (type != JsonCursor::Type::Object)
            return bad(fmt::format("\"{}\" must be an object, not {}.", member.name, typeName(type)), member.name);
        out = member.value;
        return {};
    }

    Result<void> readPromptId(Span value, JsonCursor::Type type)
    {
        if (type != JsonCursor::Type::String)
            return bad(fmt::format("\"prompt_id\" must be a string with a prompt's name, not {}.", typeName(type)), "prompt_id");
        m_scan.promptId = value;
        return {};
    }

    /// What it says of prompts; what stands at the body's top goes before that.
    Result<void> readSignalbox(const Member &member, JsonCursor &cursor, JsonCursor::Type type)
    {
        if (Result<void> read = readObject(member, type, m_scan.signalbox); !read || m_prompt == PromptNamed::Nowhere)
            return read;
        Result<void> fine;
        const bool good = cursor.members([&](std::string_view key) {
            const bool names = jsonStringIs(key, "prompt") || jsonStringIs(key, "prompt_id");
            const JsonCursor::Type inner = cursor.type();
            std::string_view value;
            if (!cursor.skip(value))
                return false;
            if (inner == JsonCursor::Type::Null)
                return true;
            if (names && m_scan.promptId.empty())
                fine = readPromptId(spanOf(value), inner);
            if (jsonStringIs(key, "prompt_variables") && m_scan.promptVariables.empty()) {
                if (inner != JsonCursor::Type::Object)
                    fine = bad(fmt::format("\"signalbox.prompt_variables\" must be an object, not {}.", typeName(inner)), "signalbox.prompt_variables");
                else
                    m_scan.promptVariables = spanOf(value);
            }
            return fine.has_value();
        });
        return good || !fine ? fine : bad("The request body is not valid JSON within \"signalbox\".", "signalbox");
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
        if (m_prompt == PromptNamed::Outside || !m_scan.promptId.empty())
            return {};
        if (m_scan.model.empty() && !m_pathNamesModel)
            return bad(fmt::format("\"model\" is {}. Name a route; GET /v1/models lists those that this key may use.", m_scan.modelValue.empty() ? "missing" : "empty"), "model");
        const bool anthropic = m_endpoint == Endpoint::Messages;
        if ((m_endpoint == Endpoint::ChatCompletions || anthropic) && !given(Key::Messages))
            return bad("\"messages\" is missing: an array of {\"role\", \"content\"} objects.", "messages");
        if (m_endpoint == Endpoint::Completions && !given(Key::Prompt))
            return bad("\"prompt\" is missing: a string, an array of strings, or token ids.", "prompt");
        if (m_endpoint == Endpoint::Embeddings && !given(Key::Input))
            return bad("\"input\" is missing: a string, an array of strings, or token ids.", "input");
        if (m_endpoint == Endpoint::GenerateContent && !given(Key::Contents))
            return bad("\"contents\" is missing: an array of {\"role\", \"parts\"} objects.", "contents");
        if (m_endpoint == Endpoint::CountTokens && !given(Key::Contents) && !given(Key::Messages))
            return bad(m_pathNamesModel ? "\"contents\" is missing: an array of {\"role\", \"parts\"} objects." : "\"messages\" is missing: an array of {\"role\", \"content\"} objects.",
                       m_pathNamesModel ? "contents" : "messages");
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

    /// Why the cursor stands still.
    [[nodiscard]] Result<void> notJson()
    {
        if (m_cursor.controlCharacter())
            return bad(fmt::format("The request body is not valid JSON: a string holds a control character, at byte {}. Escape it.", m_cursor.offset()));
        if (m_cursor.cutOff())
            return bad(fmt::format("The request body is not valid JSON: it ends too early, after {} bytes.", m_scan.body.size()));
        return bad(fmt::format("The request body is not valid JSON at byte {}.", m_cursor.offset()));
    }

    [[nodiscard]] Result<void> unreadable(std::string_view name)
    {
        if (m_cursor.tooDeep())
            return bad(fmt::format("\"{}\" is nested deeper than {} levels.", truncatedUtf8(name, 64), JsonCursor::maxDepth), name);
        const std::size_t at = m_scan.members.empty() || m_scan.members.back().name.data() != name.data() ? m_cursor.offset() : m_scan.members.back().value.from;
        return bad(fmt::format("The request body is not valid JSON: the value of \"{}\", at byte {}, cannot be read.", truncatedUtf8(name, 64), at), name);
    }

    /// What follows the last value is neither a comma nor a brace.
    [[nodiscard]] Result<void> unclosed()
    {
        if (m_cursor.atEnd())
            return notJson();
        const Member &last = m_scan.members.back();
        return bad(fmt::format("The request body is not valid JSON: a comma or brace is missing at byte {}.", last.value.to), last.name);
    }

    Endpoint m_endpoint;
    bool m_pathNamesModel;
    std::string_view m_usualModel;
    PromptNamed m_prompt;
    JsonCursor m_cursor;
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

Result<RequestScan> scanRequest(std::string_view body, Endpoint endpoint, std::string_view pathModel, std::string_view usualModel, PromptNamed prompt)
{
    if (body.size() > std::numeric_limits<std::uint32_t>::max() / 2)
        return fail(ErrorCode::BodyTooLarge, fmt::format("The request body has {} bytes; 2 GB is the most that can be read.", body.size()));
    if (trimmed(body).empty())
        return bad("The request body is empty. Send a JSON object with \"model\".");
    return Scanner(body, endpoint, pathModel, usualModel, prompt).run();
}

} // namespace gateway::wire
