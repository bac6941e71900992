// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/error.h"
#include "gateway/providers/endpoint_url.h"
#include "gateway/providers/jwt_signer.h"
#include "gateway/providers/request_head.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::providers {

/// A token as its server gave it.
struct AccessToken
{
    std::string value;    ///< fit for a header
    Duration lifetime {}; ///< from the answer on; at most a day
};

/// A request for a token, ready to be sent. Holds secrets: never logged.
struct TokenRequest
{
    std::string head;                    ///< request line and headers, with the empty line
    std::string body {};                 ///< a form; empty: there is none
    std::vector<std::string> secrets {}; ///< what may stand in neither the answer's words nor the log, longest first
};

/// What an access token is asked for with: a service account's key (RFC 7523), an application's secret at Entra ID (RFC 6749
/// 4.4), or nothing but the machine that asks (wire.md section 10). Made once for each configuration; pure, immutable, any
/// thread. Holds secrets: never logged.
class TokenGrant
{
public:
    /// @param json  of the key's file
    /// @return Invalid, in words that follow "`service_account` ", never with what stands in it
    static Result<TokenGrant> forServiceAccount(std::string_view json);
    /// @param tenant  its id or domain; for a cloud of its own its whole address: "https://login.microsoftonline.us/contoso.com"
    /// @param scope   see entraScope()
    static Result<TokenGrant> forEntra(std::string_view tenant, std::string_view clientId, const std::string &clientSecret, std::string_view scope);
    /// @param host  of the metadata server, "metadata.google.internal"
    static Result<TokenGrant> forMetadata(std::string_view host);

    /// Where it is asked for.
    [[nodiscard]] const EndpointUrl &url() const { return m_url; }
    /// Whether that is this machine's own server, which no proxy knows and which has a private address.
    [[nodiscard]] bool isLocal() const { return m_local; }
    /// The same for the same token: made of all that it depends on, and tells none of it.
    [[nodiscard]] const std::string &key() const { return m_key; }

    /// @param now  goes into a service account's assertion, which holds for an hour
    [[nodiscard]] Result<TokenRequest> request(WallTime now) const;

private:
    struct Assertion
    {
        JwtSigner signer;
        std::string header; ///< JSON
        std::string issuer, audience;
    };

    TokenGrant(EndpointUrl url, RequestHead head) : m_url(std::move(url)), m_head(std::move(head)) {}
    static Result<TokenGrant> at(std::string_view url);

    EndpointUrl m_url;
    RequestHead m_head;
    std::string m_key;
    std::optional<Assertion> m_assertion;
    std::string m_form;                 ///< where there is no assertion; empty: a GET
    std::vector<std::string> m_secrets; ///< longest first
    bool m_local = false;
};

/// The scope of tokens for an Azure resource at that host: each cloud has its own (wire.md section 1).
std::string_view entraScope(std::string_view host);

/// Reads a token server's answer (RFC 6749, 5). UpstreamAuth where it refuses, RateLimited, ServerError, Redirect, or
/// Malformed; in its own words, without a secret.
/// @param server   for the words: "oauth2.googleapis.com"
/// @param secrets  of the request
Result<AccessToken> readToken(int status, std::string_view body, std::string_view server, std::span<const std::string> secrets);

} // namespace gateway::providers
