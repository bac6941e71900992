// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/error.h"
#include "gateway/core/header_view.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::stages {

/// What a caller says to Signalbox itself, in headers or in the body's `signalbox` object (api.md, "Headers in").
struct CallOptions
{
    std::string metadata;            ///< JSON object text; empty: none
    std::string tags;                ///< comma-joined
    std::string customer;
    std::string session;
    std::string region;              ///< where the answer must come from: "eu", "us-east-1"; empty: anywhere
    std::string route;               ///< in place of the body's model; empty: the body's
    std::optional<Duration> timeout; ///< for the whole call
};

/// Reads x-signalbox-* headers over the object's members of the same names.
/// @param object  text of the body's `signalbox`; empty: absent
/// Errors: BadRequest, with the header or member as `where`.
Result<CallOptions> readCallOptions(std::span<const HeaderView> headers, std::string_view object);

} // namespace gateway::stages
