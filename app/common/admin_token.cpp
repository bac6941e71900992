// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/admin_token.h"

#include "gateway/admin/admin_tokens.h"
#include "gateway/config/names.h"

#include <fmt/format.h>

namespace app {

gateway::Result<std::string> adminToken(const Invocation &invocation, const std::filesystem::path &dataFolder)
{
    if (invocation.adminToken.empty())
        return gateway::admin::ownerToken(dataFolder.string());
    if (invocation.adminToken.size() < gateway::config::shortestAdminToken)
        return gateway::fail(gateway::ErrorCode::Invalid, fmt::format("SIGNALBOX_ADMIN_TOKEN is shorter than {} characters. Choose a longer one.", gateway::config::shortestAdminToken));
    return invocation.adminToken;
}

} // namespace app
