// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/prompt.h"
#include "gateway/core/prompt_results.h"

#include <string>
#include <vector>

/// The made-up prompts of the pictures.
namespace tests {

std::vector<gateway::config::Prompt> scenePrompts();
std::vector<gateway::PromptFigures> sceneFigures(const std::string &prompt);
/// What a route makes of a run, in pieces.
std::vector<std::string> sceneAnswer(const std::string &route);

} // namespace tests
