// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/endpoint.h"
#include "gateway/core/header_view.h"
#include "gateway/wire/request_scan.h"

#include <span>
#include <string>
#include <string_view>

/// How calls name a prompt (api.md, "Headers in"). Pure.
namespace gateway::stages {

/// The one that `x-signalbox-prompt` names; empty: none.
[[nodiscard]] std::string_view promptInHeaders(std::span<const HeaderView> headers);

/// Where the scan of a call's body has to look for one.
/// @param besideBody  the one that the call names there; empty: none
[[nodiscard]] wire::PromptNamed whereNamed(Endpoint endpoint, std::string_view besideBody);

/// The reference, of the one place or the other; empty: the call names no prompt.
[[nodiscard]] std::string promptNamed(const wire::RequestScan &scan, std::string_view besideBody);

} // namespace gateway::stages
