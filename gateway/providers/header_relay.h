// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/header_view.h"
#include "gateway/providers/request_head.h"

#include <span>
#include <string>

/// Headers that travel through the gateway where a provider's own API is passed on (passthrough). Pure; any thread.
namespace gateway::providers {

/// The caller's headers that a provider gets, each a line with its CRLF. Not among them: whatever can hold a key (the
/// gateway's own must not leave it), what belongs to one connection (RFC 9110 7.6.1), what tells of the caller's browser or
/// network, x-signalbox-*, and what `own` says itself.
std::string headersToProvider(std::span<const HeaderView> headers, const RequestHead &own);

/// The provider's headers that the caller gets, likewise: without what belongs to the connection, the body's length and type,
/// which the gateway says itself, cookies of an account that is not the caller's, and what browsers are told about origins.
std::string headersToCaller(std::span<const HeaderView> headers);

} // namespace gateway::providers
