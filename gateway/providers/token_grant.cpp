// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/token_grant.h"

#include "gateway/config/service_account.h"
#include "gateway/core/text.h"
#include "gateway/providers/aws_sigv4.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/provider_words.h"
#include "gateway/wire/upstream_error.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <new>

namespace gateway::providers {
namespace {

constexpr std::string_view googleScope = "https://www.googleapis.com/auth/cloud-platform";
constexpr std::string_view entraAuthority = "https://login.microsoftonline.com";
constexpr std::string_view entraPath = "/oauth2/v2.0/token";
constexpr std::string_view metadataPath = "/computeMetadata/v1/instance/service-accounts/default/token";
constexpr std::string_view formType = "application/x-www-form-urlencoded";
constexpr std::chrono::seconds assertionLifetime {3600}; // Google allows no more
constexpr std::chrono::seconds longestLifetime = std::chrono::days {1};
constexpr std::chrono::seconds untoldLifetime = std::chrono::minutes {5}; // RFC 6749 only recommends expires_in
constexpr std::size_t longestToken = 16 * 1024;
constexpr std::size_t shownWords = 300;

/// One name for all that a token depends on.
std::string keyOf(std::initializer_list<std::string_view> parts)
{
    std::string all;
    for (const std::string_view part : parts)
        all.append(part).append(1, '\0');
    std::array<std::byte, 32> digest {};
    if (EVP_Digest(all.data(), all.size(), reinterpret_cast<unsigned char *>(digest.data()), nullptr, EVP_sha256(), nullptr) != 1)
        throw std::bad_alloc();
    return toHex(digest);
}

/// Secrets in the forms in which they stand in a request, longest first.
std::vector<std::string> secretForms(std::initializer_list<std::string_view> secrets)
{
    std::vector<std::string> forms;
    for (const std::string_view secret : secrets) {
        forms.emplace_back(secret);
        if (std::string encoded = encodeSegment(secret); encoded != secret)
            forms.push_back(std::move(encoded));
    }
    std::erase(forms, std::string());
    std::ranges::stable_sort(forms, std::ranges::greater(), &std::string::size);
    return forms;
}

/// What stands in a token server's answer, as far as it matters.
struct Answer
{
    std::string token, error, description;
    std::int64_t lifetime = std::chrono::seconds(untoldLifetime).count();
};

std::string textOf(wire::JsonCursor &cursor, bool &whole)
{
    std::string_view raw;
    if (cursor.type() == wire::JsonCursor::Type::String) {
        whole = cursor.string(raw);
        return whole ? wire::unescapeJson(raw) : std::string();
    }
    whole = cursor.skip();
    return {};
}

/// A number, or one in quotes as older Azure servers send it; anything else is no lifetime.
std::int64_t secondsOf(wire::JsonCursor &cursor, bool &whole)
{
    std::string_view raw;
    whole = cursor.skip(raw);
    if (raw.size() >= 2 && raw.starts_with('"'))
        raw = raw.substr(1, raw.size() - 2);
    std::int64_t seconds = 0;
    std::from_chars(raw.data(), raw.data() + raw.size(), seconds);
    return seconds;
}

Answer readAnswer(std::string_view body)
{
    Answer answer;
    wire::JsonCursor cursor(body);
    const bool whole = cursor.members([&](std::string_view key) {
        bool read = false;
        if (key == "access_token")
            answer.token = textOf(cursor, read);
        else if (key == "expires_in")
            answer.lifetime = secondsOf(cursor, read);
        else if (key == "error")
            answer.error = textOf(cursor, read);
        else if (key == "error_description")
            answer.description = textOf(cursor, read);
        else
            read = cursor.skip();
        return read;
    });
    return whole ? answer : Answer {};
}

bool fitsHeader(std::string_view token)
{
    return !token.empty() && token.size() <= longestToken && std::ranges::all_of(token, [](char c) { return c > 0x20 && c < 0x7F; });
}

ErrorCode classOf(int status)
{
    if (status < 300)
        return ErrorCode::Malformed;
    if (status < 400)
        return ErrorCode::Redirect;
    if (status == 429)
        return ErrorCode::RateLimited;
    if (status >= 500 || status == 408)
        return ErrorCode::ServerError;
    return ErrorCode::UpstreamAuth; // RFC 6749 5.2: whatever it does not like about the credential is a 400
}

std::string wordsOf(int status, const Answer &answer, std::string_view body, std::span<const std::string> secrets)
{
    if (status < 300)
        return "an answer without a usable access_token";
    if (status < 400)
        return fmt::format("a redirect (HTTP {}), which is not followed", status);
    if (answer.error.empty() && answer.description.empty())
        return wire::classifyUpstreamError(status, {}, body, {}, secrets).toError().message;
    std::string said = answer.error;
    if (!answer.description.empty())
        said += (said.empty() ? "" : ": ") + answer.description;
    said = wire::withoutSecrets(toValidUtf8(wire::withoutValues(std::move(said), secrets)));
    std::ranges::replace_if(said, [](char c) { return c == '\r' || c == '\n'; }, ' '); // Entra's have several lines
    return fmt::format("HTTP {} {}", status, truncatedUtf8(said, shownWords));
}

} // namespace

Result<TokenGrant> TokenGrant::at(std::string_view address)
{
    auto url = parseEndpointUrl(address);
    if (!url)
        return std::unexpected(std::move(url.error()));
    auto head = RequestHead::make(ProviderKind {}, *url, {}, {});
    if (!head)
        return std::unexpected(std::move(head.error()));
    return TokenGrant(std::move(*url), std::move(*head));
}

Result<TokenGrant> TokenGrant::forServiceAccount(std::string_view json)
{
    const auto account = config::readServiceAccount(json);
    if (!account)
        return std::unexpected(account.error());
    auto signer = JwtSigner::make(account->privateKey);
    if (!signer)
        return fail(ErrorCode::Invalid, fmt::format("has a `private_key` that {}", signer.error().message), "private_key");
    auto grant = at(account->tokenUri);
    if (!grant)
        return fail(ErrorCode::Invalid, fmt::format("has a `token_uri` that cannot be asked: {}", grant.error().message), "token_uri");
    const std::string id = account->privateKeyId.empty() ? std::string() : fmt::format(",\"kid\":{}", jsonQuoted(account->privateKeyId));
    grant->m_assertion = Assertion {.signer = std::move(*signer), .header = fmt::format("{{\"alg\":\"RS256\",\"typ\":\"JWT\"{}}}", id), .issuer = account->clientEmail,
                                    .audience = account->tokenUri};
    grant->m_key = keyOf({"service account", account->tokenUri, account->clientEmail, account->privateKeyId, account->privateKey});
    grant->m_secrets = secretForms({json, account->privateKey});
    return grant;
}

Result<TokenGrant> TokenGrant::forEntra(std::string_view tenant, std::string_view clientId, const std::string &clientSecret, std::string_view scope)
{
    const bool whole = tenant.find("://") != std::string_view::npos;
    while (whole && tenant.ends_with('/'))
        tenant.remove_suffix(1);
    const std::string address = whole ? std::string(tenant) : fmt::format("{}/{}", entraAuthority, encodeSegment(tenant));
    auto grant = at(address + std::string(entraPath));
    if (!grant)
        return fail(ErrorCode::Invalid, fmt::format("`tenant_id` is no tenant that can be asked: {}", grant.error().message), "tenant_id");
    grant->m_form = fmt::format("grant_type=client_credentials&client_id={}&client_secret={}&scope={}", encodeSegment(clientId), encodeSegment(clientSecret), encodeSegment(scope));
    grant->m_key = keyOf({"entra", address, clientId, clientSecret, scope});
    grant->m_secrets = secretForms({clientSecret});
    return grant;
}

Result<TokenGrant> TokenGrant::forMetadata(std::string_view host)
{
    auto grant = at(fmt::format("http://{}{}", host, metadataPath));
    if (!grant)
        return fail(ErrorCode::Invalid, fmt::format("GCE_METADATA_HOST is not a host that can be asked: {}", grant.error().message));
    grant->m_key = keyOf({"metadata", host});
    grant->m_local = true;
    return grant;
}

Result<TokenRequest> TokenGrant::request(WallTime now) const
{
    const std::string_view target = m_url.basePath.empty() ? std::string_view("/") : std::string_view(m_url.basePath);
    if (m_local)
        return TokenRequest {.head = m_head.text({.method = "GET", .target = target, .more = "Metadata-Flavor: Google\r\n"})};
    TokenRequest request {.head = {}, .body = m_form, .secrets = m_secrets};
    if (m_assertion) {
        const auto issued = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch();
        auto assertion = m_assertion->signer.sign(m_assertion->header,
                                                  fmt::format("{{\"iss\":{},\"scope\":\"{}\",\"aud\":{},\"iat\":{},\"exp\":{}}}", jsonQuoted(m_assertion->issuer), googleScope,
                                                              jsonQuoted(m_assertion->audience), issued.count(), (issued + assertionLifetime).count()));
        if (!assertion)
            return fail(ErrorCode::UpstreamAuth, "The service account's key cannot sign, so that no access token can be asked for.");
        request.body = fmt::format("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={}", *assertion);
        request.secrets.push_back(std::move(*assertion));
        std::ranges::stable_sort(request.secrets, std::ranges::greater(), &std::string::size);
    }
    request.head = m_head.text({.target = target, .contentType = formType, .contentLength = request.body.size()});
    return request;
}

std::string_view entraScope(std::string_view host)
{
    if (host.ends_with(".azure.us"))
        return "https://cognitiveservices.azure.us/.default";
    if (host.ends_with(".azure.cn"))
        return "https://cognitiveservices.azure.cn/.default";
    return "https://cognitiveservices.azure.com/.default";
}

Result<AccessToken> readToken(int status, std::string_view body, std::string_view server, std::span<const std::string> secrets)
{
    Answer answer = readAnswer(body);
    if (status >= 200 && status < 300 && fitsHeader(answer.token) && answer.lifetime > 0)
        return AccessToken {.value = std::move(answer.token), .lifetime = std::chrono::seconds(std::min<std::int64_t>(answer.lifetime, longestLifetime.count()))};
    return fail(classOf(status), fmt::format("The token server {} gave {}", server, wordsOf(status, answer, body, secrets)));
}

} // namespace gateway::providers
