// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <algorithm>
#include <array>

namespace gateway::api {

/// Whether what could not be delivered is worth another try.
[[nodiscard]] inline bool isForNow(ErrorCode code)
{
    static constexpr std::array passing {ErrorCode::Dns, ErrorCode::Connect, ErrorCode::ConnectTimeout, ErrorCode::FirstByteTimeout, ErrorCode::IdleTimeout, ErrorCode::TotalTimeout, ErrorCode::Cut, ErrorCode::Malformed,
                                         ErrorCode::ServerError, ErrorCode::ShuttingDown};
    return std::ranges::find(passing, code) != passing.end();
}

} // namespace gateway::api
