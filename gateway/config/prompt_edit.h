// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/prompt.h"
#include "gateway/core/error.h"

/// Changing a prompt: versions are added and never changed, labels move. Pure.
namespace gateway::config {

/// Adds a version behind the latest, without labels. @return its number
std::int64_t addVersion(Prompt &prompt, PromptVersion version);

/// Puts a label on a version, and takes it off where it was: publishing, and rolling back.
/// @return NotFound: there is no such version
Result<> moveLabel(Prompt &prompt, const std::string &label, std::int64_t version);
/// @return NotFound: no version has it
Result<> removeLabel(Prompt &prompt, const std::string &label);

/// What an edit does to versions that are there: one may not be changed but in its labels, nor go while a label is on it.
/// @param field  of the prompt: "prompts[0]"
Problems versionProblems(const Prompt &before, const Prompt &after, const std::string &field);

} // namespace gateway::config
