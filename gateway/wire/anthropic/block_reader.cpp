// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/anthropic/block_reader.h"

#include "gateway/wire/neutral/seal.h"
#include "gateway/wire/neutral/turns.h"

#include <utility>

namespace gateway::wire::anthropic {
namespace {

using Type = JsonCursor::Type;

/// All that a block can have; its type says what it means.
struct Block
{
    Chars type {}, text {}, id {}, name {}, toolUseId {}, thinking {}, signature {}, data {}, title {};
    Json input {}, citations {}, cacheControl {}, whole {};
    MediaSource source {};
    std::vector<TextOrMedia> content {};
    std::optional<bool> isError {};
};

class BlockReader
{
public:
    BlockReader(RequestCursor &in, ChatRequest &request) : m_in(in), m_request(request) {}

    /// A string stands for one text block.
    bool content(std::string_view name, std::vector<ChatPart> &parts)
    {
        if (m_in.type() == Type::String) {
            TextPart text;
            if (!m_in.chars(name, text.text))
                return false;
            if (!text.text.empty())
                parts.emplace_back(text);
            return true;
        }
        if (m_in.type() != Type::Array)
            return m_in.fail(name, "must be a string or an array of blocks");
        return m_in.elements(name, [&] {
            Block block;
            return read(block) && add(block, parts);
        });
    }

private:
    bool read(Block &block)
    {
        if (m_in.type() != Type::Object)
            return m_in.fail({}, "must be an object with a type");
        // Read twice: once to have it whole, should it be one that is not known here.
        if (!m_in.any(block.whole))
            return false;
        RequestCursor inner(block.whole.raw);
        if (!inner.members({}, [&](std::string_view key) { return member(inner, key, block); })) {
            Error error = std::move(inner).error();
            return m_in.fail(error.where, "has the wrong type");
        }
        return true;
    }

    bool member(RequestCursor &in, std::string_view key, Block &block)
    {
        if (key == "type")
            return in.chars(key, block.type);
        if (key == "text")
            return in.chars(key, block.text);
        if (key == "id")
            return in.chars(key, block.id);
        if (key == "name")
            return in.chars(key, block.name);
        if (key == "tool_use_id")
            return in.chars(key, block.toolUseId);
        if (key == "thinking")
            return in.chars(key, block.thinking);
        if (key == "signature")
            return in.chars(key, block.signature);
        if (key == "data")
            return in.chars(key, block.data);
        if (key == "title")
            return in.chars(key, block.title);
        if (key == "input")
            return in.any(block.input);
        if (key == "citations" && in.type() == Type::Object)
            return in.object(key, block.citations);
        if (key == "cache_control")
            return in.object(key, block.cacheControl);
        if (key == "is_error")
            return in.boolean(key, block.isError);
        if (key == "source" && in.type() == Type::Object)
            return source(in, block.source);
        if (key == "content")
            return resultContent(in, block.content);
        return in.skip();
    }

    static bool source(RequestCursor &in, MediaSource &source)
    {
        Chars kind, url, fileId;
        const bool read = in.members("source", [&](std::string_view key) {
            if (key == "type")
                return in.chars(key, kind);
            if (key == "media_type")
                return in.chars(key, source.mediaType);
            if (key == "data")
                return in.chars(key, source.data);
            if (key == "url")
                return in.chars(key, url);
            return key == "file_id" ? in.chars(key, fileId) : in.skip();
        });
        if (kind.raw == "url")
            source = {.kind = MediaSource::Kind::Url, .mediaType = source.mediaType, .data = url};
        else if (kind.raw == "file")
            source = {.kind = MediaSource::Kind::FileId, .data = fileId};
        else if (kind.raw == "text")
            source.kind = MediaSource::Kind::Text;
        return read;
    }

    /// Of a tool_result: a string, or blocks of text, image and document.
    bool resultContent(RequestCursor &in, std::vector<TextOrMedia> &content)
    {
        if (in.type() == Type::String) {
            TextPart text;
            if (!in.chars("content", text.text))
                return false;
            content.push_back({text});
            return true;
        }
        if (in.type() != Type::Array)
            return in.skip();
        return in.elements("content", [&] {
            Block block;
            if (!in.members({}, [&](std::string_view key) { return member(in, key, block); }))
                return false;
            if (block.type.raw == "text")
                content.push_back({TextPart {.text = block.text, .cacheControl = block.cacheControl}});
            else if ((block.type.raw == "image" || block.type.raw == "document") && block.source.data.empty())
                return in.fail("source", "is missing, or of a kind that is not known here");
            else if (block.type.raw == "image")
                content.push_back({ImagePart {.source = block.source, .cacheControl = block.cacheControl}});
            else if (block.type.raw == "document")
                content.push_back({FilePart {.source = block.source, .name = block.title, .citations = block.citations, .cacheControl = block.cacheControl}});
            return true;
        });
    }

    bool add(Block &block, std::vector<ChatPart> &parts)
    {
        const std::string_view type = block.type.raw;
        if (type == "text")
            parts.emplace_back(TextPart {.text = block.text, .cacheControl = block.cacheControl});
        else if ((type == "image" || type == "document") && block.source.data.empty())
            parts.emplace_back(NativePart {.of = WireFormat::Anthropic, .block = block.whole}); // a source of another kind
        else if (type == "image")
            parts.emplace_back(ImagePart {.source = block.source, .cacheControl = block.cacheControl});
        else if (type == "document")
            parts.emplace_back(FilePart {.source = block.source, .name = block.title, .citations = block.citations, .cacheControl = block.cacheControl});
        else if (type == "tool_use" && block.name.empty())
            return m_in.fail("name", "is missing");
        else if (type == "tool_use" && block.id.empty())
            return m_in.fail("id", "is missing: a tool_result answers it by that");
        else if (type == "tool_use")
            parts.emplace_back(ToolCallPart {.id = block.id, .name = block.name, .arguments = block.input});
        else if (type == "tool_result")
            return result(block, parts);
        else if (type == "thinking")
            parts.emplace_back(thought(block.thinking, block.signature));
        else if (type == "redacted_thinking")
            parts.emplace_back(redacted(block.data));
        else if (type.empty())
            return m_in.fail("type", "is missing");
        else
            parts.emplace_back(NativePart {.of = WireFormat::Anthropic, .block = block.whole});
        return true;
    }

    /// Anthropic signs all its thoughts: one without a signature is another's.
    static ThinkingPart thought(Chars text, Chars signature)
    {
        if (signature.empty())
            return {.text = text};
        const Seal seal = readSeal(signature, WireFormat::Anthropic);
        return {.text = text, .signature = seal.text, .issuer = seal.issuer};
    }

    static ThinkingPart redacted(Chars data)
    {
        const Seal seal = readSeal(data, WireFormat::Anthropic);
        return {.redacted = seal.text, .issuer = seal.issuer};
    }

    bool result(Block &block, std::vector<ChatPart> &parts)
    {
        if (block.toolUseId.empty())
            return m_in.fail("tool_use_id", "is missing: a tool_result names the tool_use that it answers");
        parts.emplace_back(ToolResultPart {.callId = block.toolUseId, .content = std::move(block.content), .isError = block.isError.value_or(false), .cacheControl = block.cacheControl});
        return true;
    }

    RequestCursor &m_in;
    ChatRequest &m_request;
};

bool readMessage(RequestCursor &in, ChatRequest &request)
{
    ChatMessage message;
    Chars role;
    if (in.type() != Type::Object)
        return in.fail({}, "must be an object with a role");
    const bool read = in.members({}, [&](std::string_view key) {
        if (key == "role")
            return in.chars(key, role);
        return key == "content" ? BlockReader(in, request).content(key, message.parts) : in.skip();
    });
    if (!read)
        return false;
    if (role.raw == "user")
        message.role = Role::User;
    else if (role.raw == "assistant")
        message.role = Role::Assistant;
    else if (role.raw == "system")
        message.role = Role::System;
    else
        return in.fail("role", role.empty() ? "is missing" : "must be user or assistant");
    addTurns(std::move(message), request.messages);
    return true;
}

} // namespace

bool readSystem(RequestCursor &in, ChatRequest &request)
{
    ChatMessage message {.role = Role::System};
    if (in.type() == Type::Null)
        return in.skip();
    if (!BlockReader(in, request).content("system", message.parts))
        return false;
    // Wherever the member stands in the body, the system's words come first.
    if (!message.parts.empty())
        request.messages.insert(request.messages.begin(), std::move(message));
    return true;
}

bool readMessages(RequestCursor &in, ChatRequest &request)
{
    return in.elements("messages", [&] { return readMessage(in, request); });
}

} // namespace gateway::wire::anthropic
