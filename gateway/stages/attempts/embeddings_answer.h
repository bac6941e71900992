// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/stages/attempts/attempt_end.h"

#include <expected>
#include <span>
#include <string>
#include <string_view>

namespace gateway::pipeline {
struct Exchange;
}

namespace gateway::stages {

class AttemptBook;

/// A provider's vectors as OpenAI's answer; their usage goes into the book.
/// @param bodies  of the calls that it took: one, or one for each text
/// @return the caller's body, or how the attempt failed
std::expected<std::string, AttemptEnd> embeddingsAnswer(const pipeline::Exchange &x, AttemptBook &book, std::span<const std::string_view> bodies, int httpStatus);

} // namespace gateway::stages
