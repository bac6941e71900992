// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/path.h"

#include <array>
#include <charconv>

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

constexpr std::array rows {
    Row {"/v1/chat/completions", PathKind::Call, Endpoint::ChatCompletions, post},
    Row {"/v1/completions", PathKind::Call, Endpoint::Completions, post},
    Row {"/v1/embeddings", PathKind::Call, Endpoint::Embeddings, post},
    Row {"/v1/models", PathKind::Models, Endpoint::Models, get},
    Row {"/healthz", PathKind::Health, Endpoint::Other, get},
    Row {"/readyz", PathKind::Ready, Endpoint::Other, get},
    Row {"/metrics", PathKind::Metrics, Endpoint::Other, get},
    Row {"/version", PathKind::Version, Endpoint::Other, get},
};

/// APIs of api.md that come later: said so by name rather than as an unknown path.
constexpr std::array<std::string_view, 12> notBuilt {
    "/v1/responses", "/v1/messages", "/v1beta/models/", "/openai/deployments/", "/v1/images/", "/v1/audio/", "/v1/moderations",
    "/v1/rerank", "/passthrough/", "/v1/realtime", "/v1/messages/count_tokens", "/v1/responses/"};

bool methodFits(std::string_view method, std::string_view allow)
{
    if (method == "OPTIONS")
        return true;
    return allow == post ? method == "POST" : method == "GET" || method == "HEAD";
}

std::string percentDecoded(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned value = 0;
        if (text[i] == '%' && i + 2 < text.size()
            && std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr == text.data() + i + 3) {
            out += static_cast<char>(value);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

CallerFormat formatOf(std::string_view path)
{
    if (path == "/v1/messages" || path.starts_with("/v1/messages/"))
        return CallerFormat::Anthropic;
    return path.starts_with("/v1beta/") ? CallerFormat::Gemini : CallerFormat::OpenAi;
}

} // namespace

PathMatch matchPath(std::string_view method, std::string_view path)
{
    PathMatch match;
    while (path.size() > 1 && path.ends_with('/'))
        path.remove_suffix(1);
    match.format = formatOf(path);
    for (const Row &row : rows) {
        if (row.path != path)
            continue;
        match.kind = row.kind;
        match.endpoint = row.endpoint;
        match.methodAllowed = methodFits(method, row.allow);
        match.allow = row.allow;
        return match;
    }
    constexpr std::string_view models = "/v1/models/";
    if (path.starts_with(models)) {
        match.kind = PathKind::Model;
        match.endpoint = Endpoint::Models;
        match.argument = percentDecoded(path.substr(models.size()));
        match.methodAllowed = methodFits(method, get);
        match.allow = get;
        return match;
    }
    if (path == "/admin" || path.starts_with("/admin/"))
        match.kind = PathKind::Admin;
    for (const std::string_view later : notBuilt) {
        if (path == later || (later.ends_with('/') && path.starts_with(later)))
            match.kind = PathKind::NotBuilt;
    }
    return match;
}

} // namespace gateway::wire
