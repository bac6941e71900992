// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/openai_responses/item_reader.h"

#include "gateway/wire/data_url.h"
#include "gateway/wire/neutral/result_content.h"
#include "gateway/wire/neutral/take_chars.h"
#include "gateway/wire/neutral/seal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>

namespace gateway::wire::openai_responses {
namespace {

using Type = JsonCursor::Type;

constexpr std::array<std::pair<std::string_view, Role>, 4> roles {
    {{"user", Role::User}, {"assistant", Role::Assistant}, {"system", Role::System}, {"developer", Role::Developer}}};

std::string_view truncated(std::string_view text)
{
    return text.substr(0, 40);
}

/// What an item is, before its members are read: an item of an unknown type may have any.
struct ItemKind
{
    Chars type {};
    bool role = false, id = false;

    explicit ItemKind(Json item)
    {
        JsonCursor in(item.raw);
        in.members([&](std::string_view key) {
            if (key == "type")
                return takeChars(in, type);
            role = role || key == "role";
            id = id || key == "id";
            return in.skip();
        });
    }
};

class ItemReader
{
public:
    ItemReader(RequestCursor &in, ChatRequest &request) : m_in(in), m_request(request) {}

    bool item()
    {
        if (m_in.type() != Type::Object)
            return m_in.fail({}, "must be an object: a message or another item");
        Json whole;
        RequestCursor ahead = m_in;
        if (!ahead.any(whole))
            return m_in.skip();
        const ItemKind kind(whole);
        const std::string_view type = kind.type.raw;
        if (type == "message" || (type.empty() && (kind.role || !kind.id)))
            return message();
        if (type == "function_call")
            return call();
        if (type == "function_call_output")
            return result();
        if (type == "reasoning")
            return reasoning();
        turn().parts.emplace_back(NativePart {.of = WireFormat::OpenAiResponses, .block = whole});
        return m_in.skip();
    }

private:
    bool message()
    {
        Chars word;
        std::vector<ChatPart> parts;
        const bool read = m_in.members({}, [&](std::string_view key) {
            if (key == "role")
                return m_in.chars(key, word);
            return key == "content" ? content(key, parts) : m_in.skip();
        });
        if (!read)
            return false;
        const auto role = std::ranges::find(roles, word.raw, &std::pair<std::string_view, Role>::first);
        if (word.empty() || role == roles.end())
            return m_in.fail("role", word.empty() ? std::string("is missing") : fmt::format("is \"{}\", which is none of system, developer, user, assistant", truncated(word.raw)));
        if (role->second != Role::Assistant) {
            m_request.messages.push_back({.role = role->second, .parts = std::move(parts)});
            return true;
        }
        // What was thought before it belongs to it. So do words between calls: their results must follow them in one row.
        ChatMessage &to = m_turnSpoke && !m_turnCalled ? newTurn() : turn();
        std::ranges::move(parts, std::back_inserter(to.parts));
        m_turnSpoke = true;
        return true;
    }

    /// A string stands for one text.
    bool content(std::string_view name, std::vector<ChatPart> &parts)
    {
        if (m_in.type() == Type::Array)
            return m_in.elements(name, [&] { return part(parts); });
        TextPart text;
        if (m_in.type() != Type::String && m_in.type() != Type::Null)
            return m_in.fail(name, "must be a string or an array of parts");
        if (!m_in.chars(name, text.text))
            return false;
        if (!text.text.empty())
            parts.emplace_back(text);
        return true;
    }

    bool part(std::vector<ChatPart> &parts)
    {
        Chars type, text, refusal;
        ImagePart image;
        AudioPart audio;
        FilePart file;
        if (m_in.type() != Type::Object)
            return m_in.fail({}, "must be an object with a type");
        const bool read = m_in.members({}, [&](std::string_view key) {
            if (key == "type")
                return m_in.chars(key, type);
            if (key == "text")
                return m_in.chars(key, text);
            if (key == "refusal")
                return m_in.chars(key, refusal);
            if (key == "detail")
                return m_in.chars(key, image.detail);
            if (key == "image_url")
                return imageUrl(key, image.source);
            if (key == "input_audio")
                return m_in.members(key, [&](std::string_view inner) {
                    return inner == "data" ? m_in.chars(inner, audio.data) : inner == "format" ? m_in.chars(inner, audio.format) : m_in.skip();
                });
            return fileMember(key, file);
        });
        if (!read)
            return false;
        const std::string_view word = type.raw;
        if (word == "input_text" || word == "output_text" || word == "text")
            parts.emplace_back(TextPart {.text = text});
        else if (word == "refusal")
            parts.emplace_back(RefusalPart {.text = refusal});
        else if (word == "input_image")
            return addImage(image, file, parts);
        else if (word == "input_audio" && audio.data.empty())
            return m_in.fail("input_audio.data", "is missing");
        else if (word == "input_file" && file.source.data.empty())
            return m_in.fail("file_data", "is missing, and so are file_url and file_id");
        else if (word == "input_audio")
            parts.emplace_back(audio);
        else if (word == "input_file")
            parts.emplace_back(file);
        else
            return m_in.fail("type", word.empty() ? std::string("is missing")
                                                  : fmt::format("is \"{}\", which is none of input_text, input_image, input_file, input_audio, output_text, refusal", truncated(word)));
        return true;
    }

    bool imageUrl(std::string_view name, MediaSource &source)
    {
        Chars url;
        const bool read = m_in.type() != Type::Object ? m_in.chars(name, url) : m_in.members(name, [&](std::string_view inner) { // as in chat
            return inner == "url" ? m_in.chars(inner, url) : m_in.skip();
        });
        if (!url.empty())
            source = sourceOfUrl(url);
        return read;
    }

    bool addImage(ImagePart &image, const FilePart &file, std::vector<ChatPart> &parts)
    {
        if (image.source.data.empty())
            image.source = file.source;
        if (image.source.data.empty())
            return m_in.fail("image_url", "is missing");
        parts.emplace_back(image);
        return true;
    }

    bool fileMember(std::string_view key, FilePart &file)
    {
        using Kind = MediaSource::Kind;
        Chars value;
        if (key == "filename")
            return m_in.chars(key, file.name);
        if (key != "file_data" && key != "file_id" && key != "file_url")
            return m_in.skip();
        if (!m_in.chars(key, value) || value.empty())
            return !m_in.failed();
        if (key == "file_data") {
            file.source = sourceOfUrl(value);
            if (file.source.kind == Kind::Url) // bytes without the address's form around them
                file.source = {.kind = Kind::Base64, .data = value};
        } else {
            file.source = {.kind = key == "file_id" ? Kind::FileId : Kind::Url, .data = value};
        }
        return true;
    }

    bool call()
    {
        ToolCallPart call {.signature = std::exchange(m_callSignature, {})};
        const bool read = m_in.members({}, [&](std::string_view key) {
            if (key == "call_id")
                return m_in.chars(key, call.id);
            if (key == "name")
                return m_in.chars(key, call.name);
            return key == "arguments" ? arguments(key, call) : m_in.skip();
        });
        if (!read)
            return false;
        if (call.id.empty())
            return m_in.fail("call_id", "is missing: a call is known by it");
        if (call.name.empty())
            return m_in.fail("name", "is missing");
        turn().parts.emplace_back(call);
        m_turnCalled = true;
        return true;
    }

    bool arguments(std::string_view name, ToolCallPart &call)
    {
        if (m_in.type() == Type::Object) // in place of its text (wire.md 11, trap 6)
            return m_in.any(call.arguments);
        Chars text;
        if (!m_in.chars(name, text))
            return false;
        call.arguments = {m_request.plain(text)};
        return true;
    }

    bool result()
    {
        ToolResultPart result;
        std::vector<ChatPart> parts;
        const bool read = m_in.members({}, [&](std::string_view key) {
            if (key == "call_id")
                return m_in.chars(key, result.callId);
            return key == "output" ? content(key, parts) : m_in.skip();
        });
        if (!read)
            return false;
        if (result.callId.empty())
            return m_in.fail("call_id", "is missing: an output names the call that it answers");
        if (!addResultContent(parts, result))
            return m_in.fail("output", "may hold text, images and files alone");
        m_request.messages.emplace_back(ChatMessage {.role = Role::Tool}).parts.emplace_back(std::move(result));
        return true;
    }

    bool reasoning()
    {
        Chars encrypted;
        std::string summary, words;
        const bool read = m_in.members({}, [&](std::string_view key) {
            if (key == "encrypted_content")
                return m_in.chars(key, encrypted);
            if (key == "summary")
                return m_in.elements(key, [&] { return paragraph(summary); });
            return key == "content" ? m_in.elements(key, [&] { return paragraph(words); }) : m_in.skip();
        });
        if (!read)
            return false;
        const Seal seal = readSeal(encrypted, WireFormat::OpenAiResponses);
        if (seal.of == Seal::Of::Call) {
            m_callSignature = seal.text;
            return true;
        }
        ThinkingPart part {.text = {m_request.keep(summary.empty() ? std::move(words) : std::move(summary))}, .issuer = seal.issuer};
        // OpenAI's own does not say whether it is all there is.
        const bool redacted = seal.of == Seal::Of::Redacted || (seal.issuer == WireFormat::OpenAiResponses && part.text.empty());
        (redacted ? part.redacted : part.signature) = seal.text;
        if (!part.text.empty() || !seal.text.empty())
            turn().parts.emplace_back(part);
        return true;
    }

    bool paragraph(std::string &to)
    {
        Chars text;
        if (!m_in.members({}, [&](std::string_view key) { return key == "text" ? m_in.chars(key, text) : m_in.skip(); }))
            return false;
        if (!to.empty() && !text.empty())
            to += "\\n\\n"; // as escaped
        to += text.raw;
        return true;
    }

    /// The assistant's turn that goes on, or a new one.
    ChatMessage &turn()
    {
        return !m_request.messages.empty() && m_request.messages.back().role == Role::Assistant ? m_request.messages.back() : newTurn();
    }

    ChatMessage &newTurn()
    {
        m_turnSpoke = m_turnCalled = false;
        return m_request.messages.emplace_back(ChatMessage {.role = Role::Assistant});
    }

    RequestCursor &m_in;
    ChatRequest &m_request;
    Chars m_callSignature;     ///< of the call that comes next
    bool m_turnSpoke = false;  ///< the assistant's turn holds a message
    bool m_turnCalled = false; ///< it holds calls
};

} // namespace

bool readInput(RequestCursor &in, ChatRequest &request)
{
    if (in.type() == Type::String) {
        TextPart text;
        if (!in.chars("input", text.text))
            return false;
        request.messages.emplace_back(ChatMessage {.role = Role::User}).parts.emplace_back(text);
        return true;
    }
    if (in.type() != Type::Array && in.type() != Type::Null)
        return in.fail("input", "must be a string or an array of items");
    ItemReader reader(in, request);
    return in.elements("input", [&] { return reader.item(); });
}

} // namespace gateway::wire::openai_responses
