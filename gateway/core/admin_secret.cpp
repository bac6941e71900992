// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/admin_secret.h"

#include "gateway/core/key_hash.h"

#include <string_view>

namespace gateway {

std::string newAdminSecret()
{
    std::string secret = newKeySecret();
    secret.replace(0, std::string_view("sb-").size(), adminSecretPrefix);
    return secret;
}

} // namespace gateway
