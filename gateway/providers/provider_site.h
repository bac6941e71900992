// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/error.h"
#include "gateway/providers/endpoint_url.h"
#include "gateway/providers/provider_table.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::providers {

/// Where one provider's endpoints are: its kind, base URL and settings put together, once for each configuration.
/// Immutable; any thread.
class ProviderSite
{
public:
    /// @return Invalid with `where` for the setting that is missing or wrong: base_url, region, project, location
    static Result<ProviderSite> make(const ProviderKind &kind, const config::Provider &provider);

    [[nodiscard]] const ProviderKind &kind() const { return *m_kind; } ///< as it is at this address
    [[nodiscard]] const EndpointUrl &url() const { return m_url; }

    /// What is spoken with the provider for a caller's endpoint: Responses where both sides have it, else the format of
    /// its chat endpoint (Vertex speaks Google's with Google's models, Anthropic's with Claude).
    [[nodiscard]] wire::WireFormat format(Endpoint endpoint, std::string_view model) const;
    [[nodiscard]] bool has(Endpoint endpoint) const { return !m_kind->path(endpoint).empty(); }
    /// Whether the path names the model, so that the body need not (and at Vertex must not).
    [[nodiscard]] bool pathNamesModel(Endpoint endpoint) const;

    /// The request target: path and query. Ask has() first.
    /// @param model  the provider's name for it
    /// @param room   holds what had to be put together; the answer may point into it
    [[nodiscard]] std::string_view target(Endpoint endpoint, std::string_view model, bool stream, std::string &room) const;
    /// The target of a response that the provider keeps. Only where Responses is spoken with it.
    /// @param id     plain, as the provider gave it
    /// @param below  what is wanted of it: "", "/input_items", "/cancel"
    /// @param query  the caller's, as sent
    [[nodiscard]] std::string storedTarget(std::string_view id, std::string_view below, std::string_view query) const;
    /// As target() of a stream, for the rest of an answer (prefix.h): some kinds take it at an address of its own.
    [[nodiscard]] std::string_view prefixTarget(Endpoint endpoint, std::string_view model, std::string &room) const;
    /// The target of a path of the provider's own, as passthrough asks for it: below the base URL, whose version, or whole
    /// path, the caller may have written too.
    [[nodiscard]] std::string targetOf(std::string_view path, std::string_view query) const;
    /// The name under which the provider knows a model: Azure's deployments; else the name itself.
    [[nodiscard]] std::string_view deployment(std::string_view model) const;
    /// The model that is deployed there under that name; else the name itself.
    [[nodiscard]] std::string_view modelOf(std::string_view deployment) const;

private:
    ProviderSite(const ProviderKind &kind, EndpointUrl url) : m_kind(&kind), m_url(std::move(url)) {}
    void prepare(const config::Provider &provider);
    void prepareAzure(std::string_view version);
    [[nodiscard]] std::string pathTemplate(Endpoint endpoint, bool stream) const;
    [[nodiscard]] std::string_view vertexMethod(Endpoint endpoint, std::string_view model, bool stream) const;

    const ProviderKind *m_kind;
    EndpointUrl m_url;
    std::map<std::string, std::string, std::less<>> m_deployments;
    /// By endpoint, whole and streamed: the target, still with {model} in it where the path names it.
    std::array<std::array<std::string, 2>, endpointCount> m_targets {};
    std::string m_ownBase;    ///< path of the base URL without what Azure's forms add
    std::string m_azureQuery; ///< "?api-version=..."
    bool m_classicAzure = false;
};

} // namespace gateway::providers
