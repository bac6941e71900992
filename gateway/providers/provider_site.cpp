// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/provider_site.h"

#include "gateway/core/text.h"
#include "gateway/wire/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace gateway::providers {
namespace {

constexpr std::string_view modelMark = "{model}";
constexpr std::string_view foundryVersion = "2024-05-01-preview"; // wire.md section 1
constexpr std::string_view responsesVersion = "2025-04-01-preview";
constexpr std::string_view realtimeVersion = "2025-04-01-preview";
constexpr std::array<std::string_view, 4> googleKeys {"key", "$key", "access_token", "oauth_token"}; // parameters in which Google's APIs take them

/// Every byte but RFC 3986's unreserved ones, as Bedrock's signature wants it; Google's and Azure's servers take it too.
void addEncoded(std::string &out, std::string_view text)
{
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain)
            out += c;
        else
            fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
}

void replaceMark(std::string &text, std::string_view mark, std::string_view value)
{
    if (const std::size_t at = text.find(mark); at != std::string::npos)
        text.replace(at, mark.size(), value);
}

/// Whether the first segment is a version: "/v1/files", "/v1beta", "/v1p2beta1/x".
bool beginsWithVersion(std::string_view path)
{
    const std::string_view segment = path.substr(std::min<std::size_t>(path.size(), 1), path.find('/', 1) - 1);
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    const std::size_t digits = segment.find_first_not_of("0123456789", 1);
    if (!path.starts_with('/') || segment.size() < 2 || segment[0] != 'v' || !isDigit(segment[1]))
        return false;
    const std::string_view stage = digits == std::string_view::npos ? std::string_view() : segment.substr(digits);
    return stage.empty() || stage.find("alpha") != std::string_view::npos || stage.find("beta") != std::string_view::npos;
}

/// A base path without the version at its end, of whatever kind: the path behind it has its own.
std::string_view withoutVersion(std::string_view base, std::string_view versionPrefix)
{
    if (!versionPrefix.empty() && base.ends_with(versionPrefix))
        return base.substr(0, base.size() - versionPrefix.size());
    const std::size_t slash = base.rfind('/');
    return slash != std::string_view::npos && beginsWithVersion(base.substr(slash)) ? base.substr(0, slash) : base;
}

/// "?api-version=2024-10-21" -> "2024-10-21"
std::string_view versionOf(std::string_view azureQuery)
{
    return azureQuery.substr(std::string_view("?api-version=").size());
}

/// What becomes part of a host name.
bool isLabel(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'; });
}

/// The kind's own address with the provider's settings in it.
Result<std::string> baseOf(const ProviderKind &kind, const config::Provider &provider)
{
    std::string base(provider.baseUrl.empty() ? kind.baseUrl : std::string_view(provider.baseUrl));
    if (base.empty())
        return fail(ErrorCode::Invalid, fmt::format("needs a base_url: kind {} has no address of its own.", kind.name), "base_url");
    const auto fill = [&](std::string_view mark, std::string_view name, std::string_view value) -> Result<void> {
        if (base.find(mark) == std::string::npos)
            return {};
        if (!isLabel(value))
            return fail(ErrorCode::Invalid, fmt::format("needs {} (letters, digits and hyphens), or a base_url of its own.", name), std::string(name));
        replaceMark(base, mark, value);
        return {};
    };
    if (provider.location == "global")
        replaceMark(base, "{location}-", ""); // Vertex: aiplatform.googleapis.com itself
    for (const auto &[mark, name, value] : {std::tuple("{region}", "region", provider.region), std::tuple("{location}", "location", provider.location)}) {
        if (auto filled = fill(mark, name, value); !filled)
            return std::unexpected(std::move(filled.error()));
    }
    return base;
}

} // namespace

Result<ProviderSite> ProviderSite::make(const ProviderKind &kind, const config::Provider &provider)
{
    auto base = baseOf(kind, provider);
    if (!base)
        return std::unexpected(std::move(base.error()));
    auto url = parseEndpointUrl(*base);
    if (!url)
        return fail(ErrorCode::Invalid, std::move(url.error().message), "base_url");
    if (kind.auth == Auth::GoogleToken && (!isLabel(provider.project) || !isLabel(provider.location)))
        return fail(ErrorCode::Invalid, "needs project and location: the Google Cloud project's id, and a region such as europe-west1 or global.",
                    isLabel(provider.project) ? "location" : "project");
    const ProviderKind &own = kindAt(kind, url->basePath);
    ProviderSite site(own, std::move(*url));
    site.prepare(provider);
    return site;
}

void ProviderSite::prepare(const config::Provider &provider)
{
    m_deployments = {provider.deployments.begin(), provider.deployments.end()};
    m_ownBase = m_url.basePath;
    if (m_kind->auth == Auth::ApiKey)
        prepareAzure(provider.apiVersion);
    for (std::size_t i = 0; i < endpointCount; ++i) {
        const auto endpoint = static_cast<Endpoint>(i);
        if (!has(endpoint))
            continue;
        for (const bool stream : {false, true}) {
            std::string path = pathTemplate(endpoint, stream);
            replaceMark(path, "{project}", provider.project);
            replaceMark(path, "{location}", provider.location);
            // Azure's base is made up here, with its version: it is not one that somebody wrote behind the address.
            m_targets[i][stream] = m_kind->auth == Auth::ApiKey ? m_url.basePath + path : joinTarget(m_url.basePath, m_kind->versionPrefix, path);
        }
    }
}

/// Azure has three forms (wire.md section 1): deployments in the path with a dated api-version, /openai/v1 with the
/// deployment as the model, and Foundry's /models.
void ProviderSite::prepareAzure(std::string_view version)
{
    std::string &base = m_url.basePath;
    const bool namesV1 = base.ends_with("/openai/v1");
    for (const std::string_view tail : {std::string_view("/openai/v1"), std::string_view("/openai"), std::string_view("/models")}) {
        if (base.ends_with(tail))
            base.resize(base.size() - tail.size());
    }
    m_ownBase = base;
    const bool foundry = m_url.host.ends_with(".services.ai.azure.com");
    const bool dated = version.size() >= 10 && version[4] == '-';
    m_classicAzure = dated && !foundry && !namesV1;
    if (foundry && !namesV1) {
        m_azureQuery = fmt::format("?api-version={}", dated ? version : foundryVersion);
        base += "/models";
    } else if (m_classicAzure) {
        m_azureQuery = fmt::format("?api-version={}", version);
        base += "/openai";
    } else {
        m_azureQuery = version == "preview" ? "?api-version=preview" : "";
        base += "/openai/v1";
    }
}

std::string ProviderSite::pathTemplate(Endpoint endpoint, bool stream) const
{
    const bool isChat = endpoint == Endpoint::ChatCompletions || endpoint == Endpoint::Messages || endpoint == Endpoint::GenerateContent || endpoint == Endpoint::Responses;
    std::string path(stream && isChat && !m_kind->chatStreamPath.empty() ? m_kind->chatStreamPath : m_kind->path(endpoint));
    if (m_kind->auth != Auth::ApiKey)
        return path;
    if (m_classicAzure && endpoint == Endpoint::Responses) // the one that has no deployment in its path
        return fmt::format("{}?api-version={}", path, std::max(versionOf(m_azureQuery), responsesVersion));
    if (endpoint == Endpoint::Realtime && m_classicAzure)
        return fmt::format("/realtime?api-version={}&deployment={{model}}", std::max(versionOf(m_azureQuery), realtimeVersion));
    if (endpoint == Endpoint::Realtime)
        return path;
    return (m_classicAzure ? "/deployments/{model}" : "") + path + m_azureQuery;
}

wire::WireFormat ProviderSite::format(Endpoint endpoint, std::string_view model) const
{
    if (endpoint == Endpoint::Responses && !m_kind->responsesPath.empty())
        return wire::WireFormat::OpenAiResponses;
    if (m_kind->auth == Auth::GoogleToken && model.starts_with("claude"))
        return wire::WireFormat::Anthropic;
    return m_kind->format;
}

bool ProviderSite::pathNamesModel(Endpoint endpoint) const
{
    return m_targets[static_cast<std::size_t>(endpoint)][0].find(modelMark) != std::string::npos;
}

std::string_view ProviderSite::deployment(std::string_view model) const
{
    const auto found = m_deployments.find(model);
    return found == m_deployments.end() ? model : std::string_view(found->second);
}

std::string_view ProviderSite::vertexMethod(Endpoint endpoint, std::string_view model, bool stream) const
{
    if (endpoint == Endpoint::Embeddings)
        return ":predict";
    const bool claude = format(endpoint, model) == wire::WireFormat::Anthropic;
    if (endpoint == Endpoint::CountTokens)
        return claude ? ":rawPredict" : ":countTokens";
    if (claude)
        return stream ? ":streamRawPredict" : ":rawPredict";
    return stream ? ":streamGenerateContent?alt=sse" : ":generateContent";
}

std::string_view ProviderSite::target(Endpoint endpoint, std::string_view model, bool stream, std::string &room) const
{
    const std::string &known = m_targets[static_cast<std::size_t>(endpoint)][stream];
    const std::size_t at = known.find(modelMark);
    if (at == std::string::npos)
        return known;
    room.assign(known, 0, at);
    const bool vertex = m_kind->auth == Auth::GoogleToken;
    if (vertex) {
        const bool claude = format(endpoint, model) == wire::WireFormat::Anthropic;
        replaceMark(room, "{publisher}", claude ? "anthropic" : "google");
    }
    // Claude's tokens are counted by a model of its own there.
    if (vertex && endpoint == Endpoint::CountTokens && format(endpoint, model) == wire::WireFormat::Anthropic)
        room += "count-tokens";
    else
        addEncoded(room, deployment(model));
    room.append(known, at + modelMark.size());
    if (vertex)
        room += vertexMethod(endpoint, model, stream);
    return room;
}

std::string_view ProviderSite::modelOf(std::string_view deployment) const
{
    const auto found = std::ranges::find(m_deployments, deployment, [](const auto &entry) { return std::string_view(entry.second); });
    return found == m_deployments.end() ? deployment : std::string_view(found->first);
}

std::string ProviderSite::storedTarget(std::string_view id, std::string_view below, std::string_view query) const
{
    const std::string_view own = m_targets[static_cast<std::size_t>(Endpoint::Responses)][0]; // Azure's has a query
    const std::size_t queryAt = std::min(own.find('?'), own.size());
    std::string target(own.substr(0, queryAt));
    target += '/';
    addEncoded(target, id);
    target.append(below).append(own.substr(queryAt));
    if (!query.empty())
        target.append(queryAt < own.size() ? "&" : "?").append(query);
    return target;
}

std::string_view ProviderSite::prefixTarget(Endpoint endpoint, std::string_view model, std::string &room) const
{
    const std::string_view path = m_kind->dialect.prefixPath;
    if (path.empty())
        return target(endpoint, model, true, room);
    std::string_view base = m_url.basePath;
    for (const std::string_view version : {std::string_view("/v1"), path.substr(0, path.find('/', 1))}) {
        if (base.ends_with(version))
            base.remove_suffix(version.size());
    }
    room.assign(base).append(path);
    return room;
}

std::string ProviderSite::targetOf(std::string_view path, std::string_view query) const
{
    std::string_view base = m_ownBase;
    const bool repeated = !base.empty() && path.starts_with(base) && (path.size() == base.size() || path[base.size()] == '/');
    if (repeated)
        base = {};
    else if (beginsWithVersion(path))
        base = withoutVersion(base, m_kind->versionPrefix);
    std::string target(base);
    target += path.empty() ? std::string_view("/") : path;
    const bool keyInQuery = m_kind->auth == Auth::GoogApiKey || m_kind->auth == Auth::GoogleToken; // one of the caller's, in place of the credential
    const std::string kept = keyInQuery ? wire::withoutParameters(query, googleKeys) : std::string(query);
    if (!kept.empty())
        target.append("?").append(kept);
    return target;
}

} // namespace gateway::providers
