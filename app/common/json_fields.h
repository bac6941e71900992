// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

/// Fields of requests and answers over control.sock: what has another form counts as not there.
namespace app {

std::string textOf(const nlohmann::json &object, const char *key); ///< empty: there is none
bool isTrue(const nlohmann::json &object, const char *key);
nlohmann::json listOf(const nlohmann::json &object, const char *key); ///< [] where there is none

} // namespace app
