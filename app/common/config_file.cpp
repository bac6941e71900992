// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/config_file.h"

#include "gateway/config/resolver.h"
#include "gateway/privacy/policy.h"
#include "gateway/providers/kind_fields.h"
#include "gateway/providers/provider_table.h"

#include <ostream>

namespace app {

std::expected<gateway::config::ReadConfig, gateway::config::Problems> loadConfigFile(const std::filesystem::path &path, gateway::config::Origin origin)
{
    std::error_code ignored;
    gateway::config::LocalResolver resolver(std::filesystem::absolute(path, ignored).parent_path());
    static const auto detectors = gateway::privacy::detectorNames();
    gateway::config::ReadOptions options {.file = path.string(), .kindFields = gateway::providers::kindFields(), .detectors = detectors, .resolver = &resolver, .origin = origin};
    for (const auto &kind : gateway::providers::providerKinds())
        options.kinds.emplace_back(kind.name);
    return gateway::config::readConfigFile(path, std::move(options));
}

void print(std::ostream &to, const gateway::config::Problems &problems)
{
    for (const gateway::config::Problem &problem : problems)
        to << problem.text() << '\n';
}

} // namespace app
