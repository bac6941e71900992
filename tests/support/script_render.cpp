// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/script_state.h"

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <cstring>

namespace support::detail {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t created = 1760000000;

std::string_view reasonPhrase(int status)
{
    switch (status) {
    case 200: return "OK";
    case 302: return "Found";
    case 307: return "Temporary Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 404: return "Not Found";
    case 429: return "Too Many Requests";
    case 500: return "Internal Server Error";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    default: return "Status";
    }
}

bool endsWhole(Ending ending)
{
    return ending == Ending::Open || ending == Ending::Close || ending == Ending::CloseOnNext || ending == Ending::SayClose;
}

std::string hex(std::size_t number)
{
    char text[20];
    std::snprintf(text, sizeof text, "%zx", number);
    return text;
}

std::string base64OfFloats(const std::vector<float> &vector)
{
    std::string encoded((vector.size() * sizeof(float) + 2) / 3 * 4, '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char *>(encoded.data()), reinterpret_cast<const unsigned char *>(vector.data()),
        static_cast<int>(vector.size() * sizeof(float)));
    return encoded;
}

/// Builds the JSON of one answer for one request.
class Renderer
{
public:
    Renderer(const ScriptState &state, const Received &request)
        : m_state(state)
        , m_model(state.model.empty() ? request.field("model").value_or("fake-model") : state.model)
        , m_usageAsked(request.field("stream_options.include_usage") == "true")
        , m_base64(request.field("encoding_format") == "base64")
        , m_streamed(state.form == Form::Stream || request.field("stream") == "true")
        , m_anthropic(request.target.ends_with("/messages"))
    {
    }

    [[nodiscard]] bool streamed() const
    {
        return m_state.form == Form::Stream || (m_streamed && (m_state.form == Form::Answer || m_state.form == Form::Completion));
    }

    [[nodiscard]] std::vector<Piece> streamPieces() const
    {
        std::vector<Piece> pieces;
        if (m_state.byteOrderMark)
            pieces.push_back({.bytes = "\xEF\xBB\xBF"});
        const std::vector<Part> parts = partsOfStream();
        if (m_anthropic) {
            for (Piece &piece : anthropicPieces(m_state, parts, m_model))
                pieces.push_back(std::move(piece));
            return pieces;
        }
        for (const Part &part : parts)
            addPart(part, pieces);
        return pieces;
    }

    [[nodiscard]] std::string wholeBody() const
    {
        switch (m_state.form) {
        case Form::Answer: return m_anthropic ? anthropicBody(m_state, m_model) : chatBody();
        case Form::Completion: return completionBody();
        case Form::Embeddings: return embeddingsBody();
        case Form::Models: return modelsBody();
        case Form::Raw:
        case Form::Whole:
        case Form::Stream: break;
        }
        return m_anthropic && !m_state.anthropicBody.empty() ? m_state.anthropicBody : m_state.body;
    }

private:
    /// answer() says only what is special: the role before it and the end behind it are understood.
    [[nodiscard]] std::vector<Part> partsOfStream() const
    {
        std::vector<Part> parts = m_state.parts;
        if (m_state.form == Form::Stream)
            return parts;
        if (m_state.form == Form::Answer)
            parts.insert(parts.begin(), Part {.kind = Part::Kind::Role});
        const auto ends = [](const Part &part) { return part.kind == Part::Kind::Finish || part.kind == Part::Kind::Error; };
        if (endsWhole(m_state.ending) && std::ranges::none_of(parts, ends))
            parts.push_back({.kind = Part::Kind::Finish, .text = finishReason(m_state)});
        return parts;
    }

    void addPart(const Part &part, std::vector<Piece> &pieces) const
    {
        switch (part.kind) {
        case Part::Kind::Role: pieces.push_back(chunk(Json {{"role", "assistant"}, {"content", ""}}, nullptr)); return;
        case Part::Kind::Text:
            pieces.push_back(chunk(Json {{"content", part.text}}, nullptr));
            pieces.back().times = part.number;
            return;
        case Part::Kind::ToolCall: addToolCall(part, pieces); return;
        case Part::Kind::Finish: addFinish(part, pieces); return;
        case Part::Kind::Event: pieces.push_back({.bytes = eventText(m_state, part.text, part.name)}); return;
        case Part::Kind::Comment: pieces.push_back({.bytes = ": " + part.text + lineEndOf(m_state) + lineEndOf(m_state)}); return;
        case Part::Kind::Error: pieces.push_back({.bytes = eventText(m_state, errorJson(part).dump(), {})}); return;
        case Part::Kind::Bytes: pieces.push_back({.bytes = part.text}); return;
        case Part::Kind::Pause: pieces.push_back({.kind = WireStep::Kind::Pause, .pause = part.pause}); return;
        case Part::Kind::Hold: pieces.push_back({.kind = WireStep::Kind::Hold}); return;
        }
    }

    void addToolCall(const Part &part, std::vector<Piece> &pieces) const
    {
        std::size_t index = 0;
        for (const Part &other : m_state.parts) {
            if (other.kind == Part::Kind::ToolCall && other.id == part.id)
                break;
            index += other.kind == Part::Kind::ToolCall;
        }
        Json opening {{"index", index}, {"id", part.id}, {"type", "function"}, {"function", {{"name", part.name}, {"arguments", ""}}}};
        pieces.push_back(chunk(Json {{"tool_calls", Json::array({std::move(opening)})}}, nullptr));
        for (std::size_t from = 0; from < part.text.size(); from += part.number) {
            Json delta {{"index", index}, {"function", {{"arguments", part.text.substr(from, part.number)}}}};
            pieces.push_back(chunk(Json {{"tool_calls", Json::array({std::move(delta)})}}, nullptr));
        }
    }

    void addFinish(const Part &part, std::vector<Piece> &pieces) const
    {
        Json finishing = chunkJson(Json::object(), part.text);
        const UsagePlace place = m_state.usagePlace;
        if (place == UsagePlace::Finishing)
            finishing["usage"] = usageJson();
        if (place == UsagePlace::XGroq)
            finishing["x_groq"] = Json {{"id", "req_fake"}, {"usage", usageJson()}};
        if (place == UsagePlace::InChoice)
            finishing["choices"][0]["usage"] = usageJson();
        pieces.push_back({.bytes = eventText(m_state, finishing.dump(), {})});
        if (place == UsagePlace::Always || (place == UsagePlace::WhenAsked && m_usageAsked)) {
            Json last = chunkJson(Json::object(), nullptr);
            last["choices"] = Json::array();
            last["usage"] = usageJson();
            pieces.push_back({.bytes = eventText(m_state, last.dump(), {})});
        }
        if (m_state.done)
            pieces.push_back({.bytes = eventText(m_state, "[DONE]", {})});
    }

    [[nodiscard]] Piece chunk(Json delta, Json finish) const
    {
        return {.bytes = eventText(m_state, chunkJson(std::move(delta), std::move(finish)).dump(), {})};
    }

    [[nodiscard]] Json chunkJson(Json delta, Json finish) const
    {
        Json choice {{"index", 0}};
        if (m_state.form == Form::Completion)
            choice["text"] = delta.contains("content") ? delta["content"] : Json("");
        else
            choice["delta"] = std::move(delta);
        choice["logprobs"] = nullptr;
        choice["finish_reason"] = std::move(finish);
        Json chunk {{"id", "chatcmpl-fake"}, {"object", m_state.form == Form::Completion ? "text_completion" : "chat.completion.chunk"},
            {"created", created}, {"model", m_model}, {"choices", Json::array({std::move(choice)})}};
        if (m_state.usagePlace == UsagePlace::EveryChunk)
            chunk["usage"] = usageJson();
        else if (m_state.usagePlace == UsagePlace::WhenAsked && m_usageAsked)
            chunk["usage"] = nullptr;
        return chunk;
    }

    [[nodiscard]] Json usageJson() const
    {
        return Json {{"prompt_tokens", m_state.promptTokens}, {"completion_tokens", m_state.completionTokens},
            {"total_tokens", m_state.promptTokens + m_state.completionTokens}, {"prompt_tokens_details", {{"cached_tokens", m_state.cachedTokens}}}};
    }

    [[nodiscard]] static Json errorJson(const Part &part)
    {
        return Json {{"error", {{"message", part.text}, {"type", part.name}, {"param", nullptr}, {"code", nullptr}}}};
    }

    [[nodiscard]] std::string withUsage(Json body) const
    {
        if (m_state.usagePlace != UsagePlace::Nowhere)
            body["usage"] = usageJson();
        return body.dump();
    }

    [[nodiscard]] std::string chatBody() const
    {
        for (const Part &part : m_state.parts) {
            if (part.kind == Part::Kind::Error)
                return errorJson(part).dump();
        }
        Json message {{"role", "assistant"}, {"content", wholeText(m_state)}};
        for (const Part &part : m_state.parts) {
            if (part.kind != Part::Kind::ToolCall)
                continue;
            message["content"] = nullptr;
            message["tool_calls"].push_back(Json {{"id", part.id}, {"type", "function"}, {"function", {{"name", part.name}, {"arguments", part.text}}}});
        }
        Json choice {{"index", 0}, {"message", std::move(message)}, {"logprobs", nullptr}, {"finish_reason", finishReason(m_state)}};
        return withUsage(Json {{"id", "chatcmpl-fake"}, {"object", "chat.completion"}, {"created", created}, {"model", m_model}, {"choices", Json::array({std::move(choice)})}});
    }

    [[nodiscard]] std::string completionBody() const
    {
        Json choice {{"index", 0}, {"text", wholeText(m_state)}, {"logprobs", nullptr}, {"finish_reason", finishReason(m_state)}};
        return withUsage(Json {{"id", "cmpl-fake"}, {"object", "text_completion"}, {"created", created}, {"model", m_model}, {"choices", Json::array({std::move(choice)})}});
    }

    [[nodiscard]] std::string embeddingsBody() const
    {
        Json data = Json::array();
        for (const std::vector<float> &vector : m_state.vectors) {
            Json entry {{"object", "embedding"}, {"index", data.size()}};
            if (m_base64)
                entry["embedding"] = base64OfFloats(vector);
            else
                entry["embedding"] = vector;
            data.push_back(std::move(entry));
        }
        Json body {{"object", "list"}, {"data", std::move(data)}, {"model", m_model}};
        if (m_state.usagePlace != UsagePlace::Nowhere)
            body["usage"] = Json {{"prompt_tokens", m_state.promptTokens}, {"total_tokens", m_state.promptTokens}};
        return body.dump();
    }

    [[nodiscard]] std::string modelsBody() const
    {
        Json data = Json::array();
        for (const std::string &id : m_state.ids)
            data.push_back(Json {{"id", id}, {"object", "model"}, {"created", created}, {"owned_by", "fake"}});
        return Json {{"object", "list"}, {"data", std::move(data)}}.dump();
    }

    const ScriptState &m_state;
    std::string m_model;
    bool m_usageAsked;
    bool m_base64;
    bool m_streamed;
    bool m_anthropic; ///< what is asked is Anthropic's API
};

std::string headBytes(const ScriptState &state, bool streamed, const std::optional<std::size_t> &length, bool chunked)
{
    std::string head = "HTTP/1.1 " + std::to_string(state.status) + " ";
    head += reasonPhrase(state.status);
    head += "\r\nContent-Type: " + (streamed ? std::string("text/event-stream; charset=utf-8") : state.contentType) + "\r\nx-request-id: req_fake\r\n";
    for (const auto &[name, value] : state.headers)
        head += name + ": " + value + "\r\n";
    for (std::size_t i = 0; i < state.floodCount; ++i)
        head += "x-flood-" + std::to_string(i) + ": " + std::string(state.floodSize, 'f') + "\r\n";
    if (chunked)
        head += "Transfer-Encoding: chunked\r\n";
    if (length)
        head += "Content-Length: " + std::to_string(*length) + "\r\n";
    if (state.ending == Ending::SayClose || (!chunked && !length))
        head += "Connection: close\r\n";
    return head + "\r\n";
}

std::string asChunks(const std::string &bytes, std::size_t size)
{
    std::string framed;
    for (std::size_t from = 0; from < bytes.size(); from += size) {
        const std::size_t count = std::min(size, bytes.size() - from);
        framed += hex(count) + "\r\n";
        framed.append(bytes, from, count);
        framed += "\r\n";
    }
    return framed;
}

void addBody(const ScriptState &state, std::vector<Piece> pieces, bool chunked, Rendered &rendered)
{
    for (Piece &piece : pieces) {
        WireStep step {.kind = piece.kind, .bytes = std::move(piece.bytes), .times = piece.times, .pause = piece.pause};
        if (chunked)
            step.bytes = asChunks(step.bytes, state.chunkSize ? state.chunkSize : std::max<std::size_t>(step.bytes.size(), 1));
        rendered.steps.push_back(std::move(step));
    }
    if (chunked && state.ending == Ending::CutInChunk)
        rendered.steps.push_back({.bytes = "40\r\ndata: {\"id\":\"chatcmpl-fake\","});
    else if (chunked && endsWhole(state.ending))
        rendered.steps.push_back({.bytes = "0\r\n\r\n"});
}

/// Waiting parts of a whole answer come between its head and its body.
std::vector<Piece> wholePieces(const ScriptState &state, std::string body)
{
    std::vector<Piece> pieces;
    for (const Part &part : state.parts) {
        if (part.kind == Part::Kind::Pause)
            pieces.push_back({.kind = WireStep::Kind::Pause, .pause = part.pause});
        if (part.kind == Part::Kind::Hold)
            pieces.push_back({.kind = WireStep::Kind::Hold});
    }
    if (!endsWhole(state.ending))
        body.resize(body.size() / 2);
    pieces.push_back({.bytes = std::move(body)});
    return pieces;
}

std::size_t bytesIn(const std::vector<Piece> &pieces)
{
    std::size_t size = 0;
    for (const Piece &piece : pieces)
        size += piece.bytes.size() * piece.times;
    return size;
}

} // namespace

std::string lineEndOf(const ScriptState &state)
{
    switch (state.lineEnd) {
    case LineEnd::CrLf: return "\r\n";
    case LineEnd::Cr: return "\r";
    case LineEnd::Lf: break;
    }
    return "\n";
}

std::string eventText(const ScriptState &state, std::string data, const std::string &name)
{
    const std::string lineEnd = lineEndOf(state);
    std::string text;
    if (state.commentsBetween)
        text += ": keep-alive" + lineEnd + lineEnd;
    if (!name.empty())
        text += (state.noSpace ? "event:" : "event: ") + name + lineEnd;
    if (state.multiLineData) {
        const Json parsed = Json::parse(data, nullptr, false);
        if (parsed.is_object())
            data = parsed.dump(1);
    }
    for (std::size_t from = 0; from <= data.size();) {
        const std::size_t to = std::min(data.find('\n', from), data.size());
        text += (state.noSpace ? "data:" : "data: ") + data.substr(from, to - from) + lineEnd;
        from = to + 1;
    }
    return text + lineEnd;
}

std::string wholeText(const ScriptState &state)
{
    std::string text;
    for (const Part &part : state.parts) {
        for (std::size_t i = 0; part.kind == Part::Kind::Text && i < part.number; ++i)
            text += part.text;
    }
    return text;
}

std::string finishReason(const ScriptState &state)
{
    for (const Part &part : state.parts) {
        if (part.kind == Part::Kind::Finish)
            return part.text;
    }
    const bool calls = std::ranges::any_of(state.parts, [](const Part &part) { return part.kind == Part::Kind::ToolCall; });
    return calls ? "tool_calls" : "stop";
}

Rendered render(const ScriptState &state, const Received &request)
{
    Rendered rendered {.steps = {}, .ending = state.ending, .writeSize = state.writeSize, .writePause = state.writePause};
    if (state.headDelay.count() > 0)
        rendered.steps.push_back({.kind = WireStep::Kind::Pause, .pause = state.headDelay});
    if (state.form == Form::Raw) {
        if (!state.silent)
            addBody(state, {{.bytes = state.body}}, false, rendered);
        return rendered;
    }

    const Renderer renderer(state, request);
    const bool streamed = renderer.streamed();
    std::string body = streamed ? std::string() : renderer.wholeBody();
    const std::size_t fullSize = body.size();
    std::vector<Piece> pieces = streamed ? renderer.streamPieces() : wholePieces(state, std::move(body));

    std::optional<std::size_t> length = state.contentLength;
    if (!length && !streamed && !state.untilClose && !state.chunkSize)
        length = fullSize;
    const bool chunked = !length && !state.untilClose;
    rendered.steps.push_back({.bytes = headBytes(state, state.form != Form::Stream && streamed, length, chunked)});

    const bool tooShort = length && *length > bytesIn(pieces);
    addBody(state, std::move(pieces), chunked, rendered);
    if (rendered.ending == Ending::Open && (tooShort || state.untilClose))
        rendered.ending = Ending::Close; // there is no other way to say that no more will come
    return rendered;
}

} // namespace support::detail
