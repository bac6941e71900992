// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/routing/attempt_sequence.h"
#include "gateway/wire/upstream_error.h"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::stages {

/// How one attempt ended.
struct AttemptEnd
{
    enum class Kind : std::uint8_t {
        Answered, ///< the caller has its reply
        Over,     ///< there is nothing more to try: the caller left, or was told of a cut
        Failed    ///< `failure` decides what comes next
    };
    Kind kind = Kind::Over;
    routing::Failure failure {};
    std::optional<wire::UpstreamError> words {}; ///< the provider's own, where it said any
    /// A provider's answer as it came: what passthrough gives to its caller where nothing better follows.
    struct Own
    {
        int status = 0;
        std::string type;    ///< Content-Type
        std::string headers; ///< each "name: value\r\n"
        std::string body;
    };
    std::optional<Own> own {};
};

/// A failure of the way there: no answer, or none that is whole.
AttemptEnd failedBy(const Error &error, std::string_view provider, int httpStatus = 0);
/// A failure that the provider told.
AttemptEnd failedBy(wire::UpstreamError error, std::string_view provider);

} // namespace gateway::stages
