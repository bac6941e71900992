// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

/// Errors of Bedrock within a 200: exception frames, and JSON that is no answer (wire.md 8).
namespace gateway::wire::bedrock {

/// Whether a frame or body is one: by its type ("throttlingException"), or by a `message` or `__type` in it.
bool isError(std::string_view type, std::string_view json);

/// The error as classifyErrorObject() reads it: {"error": {"type", "message", "status_code"}}. What the model itself said
/// and its status go along; what is no JSON is the message.
std::string errorObject(std::string_view type, std::string_view json);

} // namespace gateway::wire::bedrock
