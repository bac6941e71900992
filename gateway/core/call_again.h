// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"
#include "gateway/core/error.h"

#include <string>

namespace gateway {

/// A logged call as it can be sent again.
struct CallAgain
{
    std::string path;      ///< with what stands behind '?'
    std::string body;      ///< JSON
    bool streams = false;  ///< the answer comes as events
    bool anthropic = false; ///< speaks Anthropic's API, which wants its version in a header
};

/// Whether its privacy policy took something out of what the log has of the request: it is sent again without that.
[[nodiscard]] bool isScrubbed(const CallRecord &record);

/// The call that asks what a logged one asked, of another route or model if one is named, and streamed where its API can.
/// Errors: Invalid, with why it cannot be sent again: its request is not kept (any more), or only in part; or it is none that goes
/// with JSON alone (audio, forms, WebSockets, providers' own APIs).
/// @param model  empty: as it was asked
[[nodiscard]] Result<CallAgain> callAgain(const CallDetail &detail, const std::string &model);

} // namespace gateway
