// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/header_view.h"

#include <span>
#include <string>
#include <string_view>

/// The caller's place in a distributed trace (W3C Trace Context). Pure functions.
namespace gateway::wire {

/// The trace id within a `traceparent`, 32 lower-case hex digits; empty: the header is not well-formed, and must be treated
/// as if it were absent (Trace Context 3.2).
std::string_view traceIdOf(std::string_view traceparent);

/// The lines that carry the caller's trace on to a provider as they came, each with its CRLF; empty: there is none.
std::string traceLines(std::span<const HeaderView> headers);

} // namespace gateway::wire
