// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

#include <QString>

namespace ui::calls {

/// What stands for the key in copied commands: the log has none, and a command that is passed on must not have one.
inline constexpr const char *placeholderKey = "sb-YOUR-KEY";

/// Where the gateway listens, for programs on this machine: "http://127.0.0.1:8787".
QString listenerOrigin(const gateway::api::Gateway &gateway);
/// The path by which such a call comes in, with what stands behind '?'.
QString callPath(const gateway::CallRecord &record);
/// What to send again: the body, or where it was not kept whole a small one with the asked model. Not of calls in several parts.
QString bodyToSend(const gateway::CallRecord &record);

/// The call as a curl command for the gateway's own address, with the placeholder key. Where the body was not kept whole,
/// a small one with the asked model stands in.
QString curlOf(const gateway::CallRecord &record, const gateway::api::Gateway &gateway);

} // namespace ui::calls
