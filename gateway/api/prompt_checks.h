// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/prompt.h"

#include <string>
#include <vector>

namespace gateway::api {

/// What an answer lacks of what a test case wants of it, in words; empty: it passes. Pure.
std::vector<std::string> failuresOf(const config::PromptTestCase &test, const std::string &answer);

} // namespace gateway::api
