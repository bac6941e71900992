// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/prompt_tools.h"
#include "gateway/config/prompt_diff.h"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

/// Prompts' parts as the admin API takes and shows them. Pure.
namespace gateway::admin {

/// A version from a body with the fields of the configuration file but `version`, which it gets by itself.
/// @param prompt  the name of whose it is
/// Errors: BadRequest; Invalid with the field.
Result<config::PromptVersion> readVersion(const nlohmann::ordered_json &body, const std::string &prompt);
/// The same of a test set.
Result<config::PromptTestSet> readTestSet(const nlohmann::ordered_json &body, const config::Prompt &prompt);

/// Feedback from {value, weight, comment, metadata}; whether its figures are right is the facade's to say. BadRequest.
Result<Feedback> readFeedback(const nlohmann::ordered_json &body);

nlohmann::ordered_json feedbackJson(const std::vector<Feedback> &feedback);
nlohmann::ordered_json diffJson(const std::vector<config::DiffPart> &parts);
nlohmann::ordered_json figuresJson(const std::vector<PromptFigures> &figures, const config::Prompt &prompt);
nlohmann::ordered_json testsJson(const std::vector<api::TestResult> &results);

} // namespace gateway::admin
