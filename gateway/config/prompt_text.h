// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/check_entries.h"
#include "gateway/config/map_reader.h"
#include "gateway/config/prompt.h"

#include <string>

/// Prompts out of their text form. Internal to config/.
namespace gateway::config {

/// Texts of messages and partials are taken as they stand: nothing of the environment or the vault is put into them.
Prompt readPrompt(Reading &reading, const Node &node, const std::string &field);
/// @param field  of the list: "prompts"
void checkPrompts(Checks &checks, const std::string &field, const std::vector<Prompt> &prompts);
void checkPrompt(Checks &checks, const std::string &field, const Prompt &prompt);

} // namespace gateway::config
