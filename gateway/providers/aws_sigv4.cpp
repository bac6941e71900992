// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/aws_sigv4.h"

#include "gateway/core/text.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <map>
#include <new>

namespace gateway::providers {
namespace {

using Digest = std::array<std::byte, 32>;

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

/// These two fail where there is no memory, and never else.
Digest sha256(std::string_view text)
{
    Digest digest;
    if (EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char *>(digest.data()), nullptr, EVP_sha256(), nullptr) != 1)
        throw std::bad_alloc();
    return digest;
}

Digest hmac(std::string_view key, std::string_view text)
{
    Digest digest;
    unsigned int length = 0;
    if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char *>(text.data()), text.size(),
              reinterpret_cast<unsigned char *>(digest.data()), &length))
        throw std::bad_alloc();
    return digest;
}

Digest hmac(const Digest &key, std::string_view text)
{
    return hmac(std::string_view(reinterpret_cast<const char *>(key.data()), key.size()), text);
}

/// 20150830T123600Z
std::string timestamp(WallTime now)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
    const auto day = std::chrono::floor<std::chrono::days>(seconds);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(seconds - day);
    return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", int {date.year()}, unsigned {date.month()}, unsigned {date.day()}, time.hours().count(),
                       time.minutes().count(), time.seconds().count());
}

int hexDigit(char c)
{
    const char low = asciiLower(c);
    return low >= '0' && low <= '9' ? low - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/// A query's name or value as it was before it was encoded.
std::string decoded(std::string_view text)
{
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0 && hexDigit(text[i + 2]) >= 0;
        plain += escape ? static_cast<char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2])) : text[i];
        i += escape ? 2 : 0;
    }
    return plain;
}

/// Calls `visit` with one piece between two `mark`s behind another.
template <typename Visit>
void eachPiece(std::string_view text, char mark, Visit &&visit)
{
    for (;;) {
        const std::size_t end = text.find(mark);
        visit(text.substr(0, end));
        if (end == std::string_view::npos)
            return;
        text.remove_prefix(end + 1);
    }
}

/// The path as sent, every segment of it encoded again: all services but S3 want it so.
std::string canonicalPath(std::string_view path, bool normalise)
{
    std::vector<std::string_view> segments;
    eachPiece(path.starts_with('/') ? path.substr(1) : path, '/', [&](std::string_view segment) {
        if (!normalise || (!segment.empty() && segment != "." && segment != ".."))
            segments.push_back(segment);
        else if (segment == ".." && !segments.empty())
            segments.pop_back();
    });
    std::string out;
    for (const std::string_view segment : segments)
        out += '/' + encodeSegment(segment);
    if (out.empty() || (normalise && path.ends_with('/')))
        out += '/';
    return out;
}

/// Sorted by name, then value, as they are encoded.
std::string canonicalQuery(std::string_view query)
{
    std::vector<std::pair<std::string, std::string>> parameters;
    eachPiece(query, '&', [&](std::string_view piece) {
        const std::size_t equals = piece.find('=');
        const std::string_view value = equals == std::string_view::npos ? std::string_view {} : piece.substr(equals + 1);
        if (!piece.empty())
            parameters.emplace_back(encodeSegment(decoded(piece.substr(0, equals))), encodeSegment(decoded(value)));
    });
    std::ranges::sort(parameters);
    std::string out;
    for (const auto &[name, value] : parameters)
        out += (out.empty() ? "" : "&") + name + '=' + value;
    return out;
}

/// Without white space at its ends; one space for every run of it, folded lines too.
std::string canonicalValue(std::string_view value)
{
    std::string out;
    for (const char c : trimmed(value)) {
        const bool space = c == ' ' || (c >= '\t' && c <= '\r');
        if (!space)
            out += c;
        else if (out.back() != ' ')
            out += ' ';
    }
    return out;
}

/// Set by whoever sends the bytes, or by this.
bool isSigned(std::string_view lowerName)
{
    constexpr std::array<std::string_view, 12> left {"authorization", "connection", "expect", "keep-alive", "te", "transfer-encoding", "upgrade", "user-agent",
                                                     "x-amz-content-sha256", "x-amz-date", "x-amz-security-token", "x-amzn-trace-id"};
    return std::ranges::find(left, lowerName) == left.end();
}

/// What is signed and what is sent for it.
struct Prepared
{
    std::map<std::string, std::string> headers; ///< by lower-case name, values of one name joined by commas
    std::string time, bodyHash;

    Prepared(const SigV4Request &request, const AwsCredentials &credentials, WallTime now, const SigV4Options &options)
        : time(timestamp(now)), bodyHash(toHex(sha256(request.body)))
    {
        for (const HeaderView &header : request.headers) {
            std::string name(header.name);
            std::ranges::transform(name, name.begin(), asciiLower);
            if (!isSigned(name))
                continue;
            const auto [at, first] = headers.try_emplace(std::move(name));
            at->second.append(first ? "" : ",").append(canonicalValue(header.value));
        }
        headers["x-amz-date"] = time;
        if (!credentials.sessionToken.empty() && options.signSessionToken)
            headers["x-amz-security-token"] = canonicalValue(credentials.sessionToken);
        if (options.contentHash)
            headers["x-amz-content-sha256"] = bodyHash;
    }

    [[nodiscard]] std::string signedNames() const
    {
        std::string names;
        for (const auto &[name, value] : headers)
            names += (names.empty() ? "" : ";") + name;
        return names;
    }

    [[nodiscard]] std::string canonical(const SigV4Request &request, const SigV4Options &options) const
    {
        std::string lines;
        for (const auto &[name, value] : headers)
            lines += name + ':' + value + '\n';
        const std::string path = options.pathAsSent ? std::string(request.path) : canonicalPath(request.path, options.normalisePath);
        return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, path, canonicalQuery(request.query), lines, signedNames(), bodyHash);
    }
};

} // namespace

std::string canonicalRequest(const SigV4Request &request, const AwsCredentials &credentials, WallTime now, const SigV4Options &options)
{
    return Prepared(request, credentials, now, options).canonical(request, options);
}

std::vector<std::pair<std::string, std::string>> signSigV4(const SigV4Request &request, const AwsCredentials &credentials, const SigV4Scope &scope, WallTime now,
                                                           const SigV4Options &options)
{
    const Prepared prepared(request, credentials, now, options);
    const std::string_view date = std::string_view(prepared.time).substr(0, 8);
    const std::string place = fmt::format("{}/{}/{}/aws4_request", date, scope.region, scope.service);
    const std::string toSign = fmt::format("{}\n{}\n{}\n{}", algorithm, prepared.time, place, toHex(sha256(prepared.canonical(request, options))));
    const Digest key = hmac(hmac(hmac(hmac("AWS4" + std::string(credentials.secretAccessKey), date), scope.region), scope.service), "aws4_request");

    std::vector<std::pair<std::string, std::string>> headers {{"x-amz-date", prepared.time}};
    if (!credentials.sessionToken.empty())
        headers.emplace_back("x-amz-security-token", credentials.sessionToken);
    if (options.contentHash)
        headers.emplace_back("x-amz-content-sha256", prepared.bodyHash);
    headers.emplace_back("authorization", fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", algorithm, credentials.accessKeyId, place,
                                                      prepared.signedNames(), toHex(hmac(key, toSign))));
    return headers;
}

std::string encodeSegment(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool unreserved = (c >= '0' && c <= '9') || (asciiLower(c) >= 'a' && asciiLower(c) <= 'z') || c == '-' || c == '.' || c == '_' || c == '~';
        if (unreserved)
            out += c;
        else
            out.append(1, '%').append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    }
    return out;
}

} // namespace gateway::providers
