// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gateway::config {

/// Why `value` may not stand in the field of that name of a provider or credential ("region", "service_account"), in words
/// with what to do, for the checks and for forms while one types; nullopt: it may, or nothing is asked of that field. An
/// empty value may always. Regions, locations, projects, tenants and deployments become parts of host names and paths, so
/// they have few characters. The words never hold a secret. Pure; thread-safe.
std::optional<std::string> fieldProblem(std::string_view name, std::string_view value);

/// The same for a pair of `deployments`.
std::optional<std::string> deploymentProblem(std::string_view model, std::string_view deployment);

} // namespace gateway::config
