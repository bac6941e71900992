// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/path.h"

#include "gateway/wire/percent.h"

#include <algorithm>
#include <array>

namespace gateway::wire {
namespace {

struct Row
{
    std::string_view path;
    PathKind kind;
    Endpoint endpoint;
    std::string_view allow;
};

constexpr std::string_view get = "GET, HEAD, OPTIONS";
constexpr std::string_view post = "POST, OPTIONS";

constexpr std::string_view webSocket = "GET, OPTIONS";
constexpr std::string_view getOrDelete = "GET, HEAD, DELETE, OPTIONS";
constexpr std::string_view anyMethod = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

constexpr std::array rows {
    Row {"/v1/chat/completions", PathKind::Call, Endpoint::ChatCompletions, post},
    Row {"/v1/completions", PathKind::Call, Endpoint::Completions, post},
    Row {"/v1/embeddings", PathKind::Call, Endpoint::Embeddings, post},
    Row {"/v1/responses", PathKind::Call, Endpoint::Responses, post},
    Row {"/v1/messages", PathKind::Call, Endpoint::Messages, post},
    Row {"/v1/messages/count_tokens", PathKind::Call, Endpoint::CountTokens, post},
    Row {"/v1/images/generations", PathKind::Call, Endpoint::Images, post},
    Row {"/v1/images/edits", PathKind::Call, Endpoint::ImageEdits, post},
    Row {"/v1/audio/transcriptions", PathKind::Call, Endpoint::Transcriptions, post},
    Row {"/v1/audio/speech", PathKind::Call, Endpoint::Speech, post},
    Row {"/v1/moderations", PathKind::Call, Endpoint::Moderations, post},
    Row {"/v1/rerank", PathKind::Call, Endpoint::Rerank, post},
    Row {"/v1/realtime", PathKind::Call, Endpoint::Realtime, webSocket},
    Row {"/openai/realtime", PathKind::Call, Endpoint::Realtime, webSocket}, // Azure's
    Row {"/v1/models", PathKind::Models, Endpoint::Models, get},
    Row {"/v1/calls", PathKind::CallLog, Endpoint::Other, get},
    Row {"/v1/feedback", PathKind::Feedback, Endpoint::Other, post},
    Row {"/healthz", PathKind::Health, Endpoint::Other, get},
    Row {"/readyz", PathKind::Ready, Endpoint::Other, get},
    Row {"/metrics", PathKind::Metrics, Endpoint::Other, get},
    Row {"/version", PathKind::Version, Endpoint::Other, get},
};

/// LiteLLM's management calls, which the admin API answers (admin/litellm).
constexpr std::array<std::string_view, 9> managementPaths {"/key/generate", "/key/info", "/key/update", "/key/delete", "/team/new", "/team/info", "/spend/logs", "/model/info", "/v1/model/info"};

constexpr std::string_view modelsPath = "/v1/models/";
constexpr std::string_view callsPath = "/v1/calls/";
constexpr std::string_view promptsPath = "/v1/prompts/";
constexpr std::string_view storedPath = "/v1/responses/";
constexpr std::string_view geminiPath = "/v1beta/models/";
constexpr std::string_view geminiAlphaPath = "/v1alpha/models/";
constexpr std::string_view azurePath = "/openai/deployments/";
constexpr std::string_view azureNewPath = "/openai/v1/";
constexpr std::string_view passthroughPath = "/passthrough/";

bool methodFits(std::string_view method, std::string_view allow)
{
    if (method == "OPTIONS")
        return true;
    for (std::size_t from = 0; from < allow.size();) {
        const std::size_t end = std::min(allow.find(',', from), allow.size());
        if (allow.substr(from, end - from) == method)
            return true;
        from = end + 2;
    }
    return false;
}

/// What stands behind the models' folder of any of Gemini's versions; empty: the path is none of Gemini's. Its v1 has the
/// folder that OpenAI's models have, where the method behind the last colon tells them apart.
std::string_view geminiRest(std::string_view path)
{
    for (const std::string_view folder : {geminiPath, geminiAlphaPath}) {
        if (path.starts_with(folder))
            return path.substr(folder.size());
    }
    constexpr std::array<std::string_view, 3> methods {":generateContent", ":streamGenerateContent", ":countTokens"};
    const bool call = path.starts_with(modelsPath) && std::ranges::any_of(methods, [&](std::string_view method) { return path.ends_with(method); });
    return call ? path.substr(modelsPath.size()) : std::string_view();
}

CallerFormat formatOf(std::string_view path)
{
    if (path == "/v1/messages" || path.starts_with("/v1/messages/"))
        return CallerFormat::Anthropic;
    if (path == "/v1/responses" || path.starts_with("/v1/responses/"))
        return CallerFormat::Responses;
    return path.starts_with("/v1beta/") || !geminiRest(path).empty() ? CallerFormat::Gemini : CallerFormat::OpenAi;
}

void allowOnly(PathMatch &match, std::string_view method, std::string_view allow)
{
    match.methodAllowed = methodFits(method, allow);
    match.allow = allow;
}

bool matchRow(PathMatch &match, std::string_view method, std::string_view path)
{
    for (const Row &row : rows) {
        if (row.path != path)
            continue;
        match.kind = row.kind;
        match.endpoint = row.endpoint;
        allowOnly(match, method, row.allow);
        return true;
    }
    return false;
}

/// "/v1beta/models/{model}:generateContent" and its kin.
void matchGemini(PathMatch &match, std::string_view method, std::string_view rest)
{
    const std::size_t colon = rest.rfind(':');
    const std::string_view action = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
    match.streams = action == "streamGenerateContent";
    if (action == "generateContent" || match.streams)
        match.endpoint = Endpoint::GenerateContent;
    else if (action == "countTokens")
        match.endpoint = Endpoint::CountTokens;
    else
        return;
    match.kind = PathKind::Call;
    match.model = percentDecoded(rest.substr(0, colon));
    allowOnly(match, method, post);
}

/// "/openai/deployments/{deployment}/chat/completions".
void matchAzure(PathMatch &match, std::string_view method, std::string_view rest)
{
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos || slash == 0)
        return;
    const std::string path = "/v1" + std::string(rest.substr(slash));
    PathMatch inner;
    if (!matchRow(inner, method, path) || inner.kind != PathKind::Call || inner.endpoint == Endpoint::Messages || inner.endpoint == Endpoint::CountTokens)
        return;
    inner.format = match.format;
    inner.model = percentDecoded(rest.substr(0, slash));
    match = std::move(inner);
}

void matchPassthrough(PathMatch &match, std::string_view method, std::string_view rest)
{
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    if (slash == 0)
        return;
    match.kind = PathKind::Passthrough;
    match.endpoint = Endpoint::Passthrough;
    match.argument = percentDecoded(rest.substr(0, slash));
    match.rest = rest.substr(slash);
    allowOnly(match, method, anyMethod);
}

void matchNamed(PathMatch &match, std::string_view method, PathKind kind, Endpoint endpoint, std::string_view argument, std::string_view allow)
{
    match.kind = kind;
    match.endpoint = endpoint;
    match.argument = percentDecoded(argument);
    allowOnly(match, method, allow);
}

/// "/v1/responses/{id}", with "/input_items" or "/cancel" behind it.
void matchStored(PathMatch &match, std::string_view method, std::string_view rest)
{
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    match.rest = rest.substr(slash);
    if (slash == 0 || (!match.rest.empty() && match.rest != "/input_items" && match.rest != "/cancel"))
        return;
    matchNamed(match, method, PathKind::Stored, Endpoint::Responses, rest.substr(0, slash), match.rest.empty() ? getOrDelete : match.rest == "/cancel" ? post : get);
}

/// "/v1/prompts/{prompt}/completions": a chat call, of which the prompt is the most part.
void matchPrompt(PathMatch &match, std::string_view method, std::string_view rest)
{
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    if (slash > 0 && rest.substr(slash) == "/completions")
        matchNamed(match, method, PathKind::Call, Endpoint::ChatCompletions, rest.substr(0, slash), post);
}

/// Which method a path of the admin API takes, its own table says.
void matchAdmin(PathMatch &match, std::string_view method)
{
    match.kind = PathKind::Admin;
    allowOnly(match, method, anyMethod);
}

} // namespace

PathMatch matchPath(std::string_view method, std::string_view path)
{
    PathMatch match;
    if (path.starts_with(passthroughPath)) { // its slashes are the provider's
        matchPassthrough(match, method, path.substr(passthroughPath.size()));
        return match;
    }
    while (path.size() > 1 && path.ends_with('/'))
        path.remove_suffix(1);
    if (path.starts_with(azureNewPath))
        path.remove_prefix(azureNewPath.size() - std::string_view("/v1/").size());
    match.format = formatOf(path);
    if (matchRow(match, method, path))
        return match;
    if (const std::string_view rest = geminiRest(path); !rest.empty())
        matchGemini(match, method, rest);
    else if (path.starts_with(modelsPath))
        matchNamed(match, method, PathKind::Model, Endpoint::Models, path.substr(modelsPath.size()), get);
    else if (path.starts_with(callsPath))
        matchNamed(match, method, PathKind::CallLog, Endpoint::Other, path.substr(callsPath.size()), get);
    else if (path.starts_with(promptsPath))
        matchPrompt(match, method, path.substr(promptsPath.size()));
    else if (path.starts_with(storedPath))
        matchStored(match, method, path.substr(storedPath.size()));
    else if (path.starts_with(azurePath))
        matchAzure(match, method, path.substr(azurePath.size()));
    else if (path == "/admin" || path.starts_with("/admin/") || std::ranges::find(managementPaths, path) != managementPaths.end())
        matchAdmin(match, method);
    return match;
}

} // namespace gateway::wire
