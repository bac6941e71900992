// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/clock.h"
#include "gateway/core/error.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::providers {

/// An AWS access key that signs requests to Bedrock in one region (aws_sigv4.h). Made once for each configuration; pure,
/// immutable, any thread. Holds secrets: never logged.
class AwsSigner
{
public:
    /// @return Invalid where the credential has no whole access key, or one with a space or control character
    static Result<AwsSigner> make(const config::Credential &credential, std::string_view region);

    /// The header lines that sign a request, each with its CRLF.
    /// @param head  as it will be sent but for these lines: request line and headers, with the empty line
    /// @param body  its pieces
    /// @param now   the provider's clock, as near as it is known: five minutes off are refused
    [[nodiscard]] std::string lines(std::string_view head, std::span<const std::string_view> body, WallTime now) const;

private:
    AwsSigner() = default;
    std::string m_region, m_accessKeyId, m_secretAccessKey, m_sessionToken;
};

} // namespace gateway::providers
