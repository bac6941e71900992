// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/script.h"

#include "tests/support/script_state.h"

#include <nlohmann/json.hpp>

namespace support {

using detail::Ending;
using detail::Form;
using detail::Part;
using detail::ScriptState;

namespace {

struct KnownError
{
    int status;
    const char *type;
    const char *code; ///< nullptr: JSON null
    const char *message;
};

constexpr KnownError knownErrors[] = {
    {400, "invalid_request_error", nullptr, "Invalid request."},
    {401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided."},
    {402, "insufficient_quota", "insufficient_quota", "Insufficient balance."},
    {403, "permission_error", "permission_denied", "You are not allowed to use this."},
    {404, "invalid_request_error", "model_not_found", "The model does not exist or you do not have access to it."},
    {413, "invalid_request_error", "request_too_large", "Request too large."},
    {422, "invalid_request_error", nullptr, "Unprocessable."},
    {429, "requests", "rate_limit_exceeded", "Rate limit reached for requests."},
    {500, "server_error", nullptr, "The server had an error while processing your request."},
    {503, "server_error", "overloaded", "The engine is currently overloaded, please try again later."},
};

std::string errorBody(int status, const std::string &code, const std::string &message)
{
    KnownError known {status, "server_error", nullptr, "The server had an error."};
    for (const KnownError &row : knownErrors) {
        if (row.status == status)
            known = row;
    }
    nlohmann::ordered_json error;
    error["message"] = message.empty() ? known.message : message;
    error["type"] = code == "insufficient_quota" ? code : known.type;
    error["param"] = nullptr;
    if (!code.empty())
        error["code"] = code;
    else if (known.code)
        error["code"] = known.code;
    else
        error["code"] = nullptr;
    nlohmann::ordered_json body;
    body["error"] = std::move(error);
    return body.dump();
}

ScriptState ofForm(Form form)
{
    ScriptState state;
    state.form = form;
    return state;
}

} // namespace

Script::Script(ScriptState state) : m_state(std::make_shared<const ScriptState>(std::move(state))) { }

template <typename Change>
Script Script::with(Change change) const
{
    ScriptState copy = *m_state;
    change(copy);
    return Script(std::move(copy));
}

Script Script::stream()
{
    ScriptState state = ofForm(Form::Stream);
    state.contentType = "text/event-stream; charset=utf-8";
    return Script(std::move(state));
}

Script Script::answer(std::string text)
{
    const Script empty(ofForm(Form::Answer));
    return text.empty() ? empty : empty.text(std::move(text));
}

Script Script::completion(std::string text)
{
    return Script(ofForm(Form::Completion)).text(std::move(text));
}

Script Script::embeddings(std::vector<std::vector<float>> vectors)
{
    ScriptState state = ofForm(Form::Embeddings);
    state.vectors = std::move(vectors);
    return Script(std::move(state));
}

Script Script::models(std::vector<std::string> ids)
{
    ScriptState state = ofForm(Form::Models);
    state.ids = std::move(ids);
    return Script(std::move(state));
}

Script Script::json(int status, std::string body)
{
    return whole(status, "application/json", std::move(body));
}

Script Script::whole(int status, std::string contentType, std::string body)
{
    ScriptState state = ofForm(Form::Whole);
    state.status = status;
    state.contentType = std::move(contentType);
    state.body = std::move(body);
    return Script(std::move(state));
}

Script Script::error(int status, std::string code, std::string message)
{
    return json(status, errorBody(status, code, message)).with([&](ScriptState &state) { state.anthropicBody = detail::anthropicError(status, code, message); });
}

Script Script::html()
{
    return whole(200, "text/html", "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to continue.</body></html>\n");
}

Script Script::silence()
{
    ScriptState state = ofForm(Form::Raw);
    state.silent = true;
    state.ending = Ending::Stall;
    return Script(std::move(state));
}

Script Script::hangUp()
{
    ScriptState state = ofForm(Form::Raw);
    state.silent = true;
    state.ending = Ending::Close;
    return Script(std::move(state));
}

Script Script::raw(std::string bytes)
{
    ScriptState state = ofForm(Form::Raw);
    state.body = std::move(bytes);
    return Script(std::move(state));
}

Script Script::recorded(std::string body, std::string contentType)
{
    ScriptState state = ofForm(Form::Stream);
    state.contentType = std::move(contentType);
    return Script(std::move(state)).bytes(std::move(body));
}

Script Script::status(int code) const
{
    return with([&](ScriptState &state) { state.status = code; });
}

Script Script::header(std::string name, std::string value) const
{
    return with([&](ScriptState &state) { state.headers.emplace_back(std::move(name), std::move(value)); });
}

Script Script::headerFlood(std::size_t count, std::size_t size) const
{
    return with([&](ScriptState &state) {
        state.floodCount = count;
        state.floodSize = size;
    });
}

Script Script::contentLength(std::size_t bytes) const
{
    return with([&](ScriptState &state) { state.contentLength = bytes; });
}

Script Script::untilClose() const
{
    return with([](ScriptState &state) { state.untilClose = true; });
}

Script Script::role() const
{
    return with([](ScriptState &state) { state.parts.push_back({.kind = Part::Kind::Role}); });
}

Script Script::text(std::string delta) const
{
    return repeat(std::move(delta), 1);
}

Script Script::repeat(std::string delta, std::size_t times) const
{
    return with([&](ScriptState &state) { state.parts.push_back({.kind = Part::Kind::Text, .text = std::move(delta), .number = times}); });
}

Script Script::toolCall(std::string name, std::string arguments, std::string id, std::size_t pieceSize) const
{
    return with([&](ScriptState &state) {
        state.parts.push_back({.kind = Part::Kind::ToolCall, .text = std::move(arguments), .name = std::move(name), .id = std::move(id), .number = pieceSize});
    });
}

Script Script::finish(std::string reason) const
{
    return with([&](ScriptState &state) { state.parts.push_back({.kind = Part::Kind::Finish, .text = std::move(reason)}); });
}

Script Script::event(std::string data, std::string name) const
{
    return with([&](ScriptState &state) { state.parts.push_back({.kind = Part::Kind::Event, .text = std::move(data), .name = std::move(name)}); });
}

Script Script::comment(std::string text) const
{
    return with([&](ScriptState &state) { state.parts.push_back({.kind = Part::Kind::Comment, .text = std::move(text)}); });
}

Script Script::errorEvent(std::string message, std::string type) const
{
    return with([&](ScriptState &state) { state.parts.push_back({.kind = Part::Kind::Error, .text = std::move(message), .name = std::move(type)}); });
}

Script Script::bytes(std::string body) const
{
    return with([&](ScriptState &state) { state.parts.push_back({.kind = Part::Kind::Bytes, .text = std::move(body)}); });
}

Script Script::model(std::string name) const
{
    return with([&](ScriptState &state) { state.model = std::move(name); });
}

Script Script::usage(int prompt, int completion) const
{
    return with([&](ScriptState &state) {
        state.promptTokens = prompt;
        state.completionTokens = completion;
    });
}

Script Script::cachedTokens(int count) const
{
    return with([&](ScriptState &state) { state.cachedTokens = count; });
}

Script Script::usagePlace(UsagePlace place) const
{
    return with([&](ScriptState &state) { state.usagePlace = place; });
}

Script Script::withoutDone() const
{
    return with([](ScriptState &state) { state.done = false; });
}

Script Script::lineEnds(LineEnd end) const
{
    return with([&](ScriptState &state) { state.lineEnd = end; });
}

Script Script::multiLineData() const
{
    return with([](ScriptState &state) { state.multiLineData = true; });
}

Script Script::commentsBetween() const
{
    return with([](ScriptState &state) { state.commentsBetween = true; });
}

Script Script::noSpace() const
{
    return with([](ScriptState &state) { state.noSpace = true; });
}

Script Script::byteOrderMark() const
{
    return with([](ScriptState &state) { state.byteOrderMark = true; });
}

Script Script::chunksOf(std::size_t bytes) const
{
    return with([&](ScriptState &state) { state.chunkSize = bytes; });
}

Script Script::writesOf(std::size_t bytes, std::chrono::microseconds pause) const
{
    return with([&](ScriptState &state) {
        state.writeSize = bytes;
        state.writePause = pause;
    });
}

Script Script::pause(std::chrono::milliseconds duration) const
{
    return with([&](ScriptState &state) { state.parts.push_back({.kind = Part::Kind::Pause, .pause = duration}); });
}

Script Script::delayHead(std::chrono::milliseconds duration) const
{
    return with([&](ScriptState &state) { state.headDelay = duration; });
}

Script Script::hold() const
{
    return with([](ScriptState &state) { state.parts.push_back({.kind = Part::Kind::Hold}); });
}

Script Script::cut() const
{
    return with([](ScriptState &state) { state.ending = Ending::Cut; });
}

Script Script::reset() const
{
    return with([](ScriptState &state) { state.ending = Ending::Reset; });
}

Script Script::cutInChunk() const
{
    return with([](ScriptState &state) { state.ending = Ending::CutInChunk; });
}

Script Script::stall() const
{
    return with([](ScriptState &state) { state.ending = Ending::Stall; });
}

Script Script::thenClose() const
{
    return with([](ScriptState &state) { state.ending = Ending::Close; });
}

Script Script::thenCloseOnNextRequest() const
{
    return with([](ScriptState &state) { state.ending = Ending::CloseOnNext; });
}

Script Script::connectionClose() const
{
    return with([](ScriptState &state) { state.ending = Ending::SayClose; });
}

} // namespace support
