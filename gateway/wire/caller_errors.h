// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/wire/caller_format.h"
#include "gateway/wire/upstream_error.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::wire {

/// How a class of error is told: status, and OpenAI's type and code (api.md, "Errors").
struct ErrorShape
{
    int status = 500;
    std::string_view type;
    std::string_view code;
};
ErrorShape shapeOf(ErrorCode code);

/// The status that the caller gets.
int callerStatus(ErrorCode code);

/// An error's body in the caller's format; `error.where` becomes OpenAI's `param`. OpenAI: always the four keys.
std::string errorBody(const Error &error, CallerFormat format);

/// A provider's own 4xx, given back to the caller in the caller's format with the provider's message, type, param and
/// code (faults.md F15, F16). Its status is `callerStatusOf`.
std::string errorBody(const UpstreamError &error, CallerFormat format);

/// The status for a provider's own 4xx that goes back: the provider's, where it is one of 400, 413, 415, 422, else 400.
int callerStatusOf(const UpstreamError &error);

/// The error as the last event of a stream that has begun (wire.md section 8): `data: {"error":...}` without a [DONE]
/// behind it, Anthropic's and the Responses' `event: error`; for Gemini's SDKs an `error:` line beside the data. The
/// connection closes after it. (A Gemini stream that is an array has GenerateStreamWriter::errorElement().)
/// @param sequence  for Responses: the event's sequence_number
std::string errorEvent(const Error &error, CallerFormat format, std::int64_t sequence = 0);

} // namespace gateway::wire
