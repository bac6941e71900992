// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/providers/endpoint_url.h"
#include "gateway/providers/provider_table.h"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace gateway::providers {

/// The constant part of a request's head, for one provider, credential and endpoint: made once per configuration, so that
/// a call only writes its length. Holds the credential: never logged.
class RequestHead
{
public:
    /// @param headers  the provider's own; Host, Authorization, Content-Type, Content-Length, Transfer-Encoding,
    ///                 Connection, Accept-Encoding among them are Invalid, but for Authorization where there is no key
    /// @return NotSupported where the kind has no such endpoint; Invalid for line breaks or control characters in a key
    ///         or header (never with its value)
    static Result<RequestHead> make(const ProviderKind &kind, const EndpointUrl &url, Endpoint endpoint, std::string_view apiKey,
                                    const std::map<std::string, std::string> &headers);

    /// Request line and all headers with the empty line. Endpoint::Models: GET, without body headers.
    [[nodiscard]] std::string text(std::size_t contentLength, bool stream) const;
    [[nodiscard]] const std::string &target() const { return m_target; }

private:
    std::string m_target;
    std::string m_fixed; ///< request line to the last constant header
    bool m_hasBody = true;
};

} // namespace gateway::providers
