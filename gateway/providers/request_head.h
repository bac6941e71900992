// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/core/pooled_containers.h"
#include "gateway/providers/endpoint_url.h"
#include "gateway/providers/provider_table.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::providers {

/// What differs from call to call in a request's head. Views hold while the head is written.
struct RequestLine
{
    std::string_view method = "POST";
    std::string_view target;                          ///< path and query
    std::string_view accept = "application/json";
    std::string_view contentType = "application/json"; ///< empty: not said
    std::optional<std::size_t> contentLength {};      ///< nullopt: the request has no body, and no type of one
    std::string_view more {};                         ///< further lines, each with its CRLF: a token, a signature
};

/// The constant part of a request's head, for one provider and credential: made once for each configuration, so that a
/// call only writes its request line and length. Holds the credential: never logged.
class RequestHead
{
public:
    /// @param apiKey   empty: none, or one that is not sent as it is (Auth::GoogleToken, signatures)
    /// @param headers  the provider's own; Host, Content-Type, Content-Length, Transfer-Encoding, Connection, Accept and
    ///                 Accept-Encoding among them are Invalid, as is the header that the key goes in, where there is one
    /// @return Invalid for line breaks or control characters in a key or header (never with its value)
    static Result<RequestHead> make(const ProviderKind &kind, const EndpointUrl &url, std::string_view apiKey, const std::map<std::string, std::string> &headers);

    /// Whether a header of that name (ASCII case ignored) is among the constant ones.
    [[nodiscard]] bool sets(std::string_view name) const;
    /// Request line and all headers with the empty line.
    void write(const RequestLine &line, PooledText &out) const;
    [[nodiscard]] std::string text(const RequestLine &line) const;

private:
    template <typename Text>
    void writeTo(const RequestLine &line, Text &out) const;

    std::string m_fixed; ///< behind the request line, from Host to the last constant header
};

} // namespace gateway::providers
