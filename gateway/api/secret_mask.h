// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <string>
#include <string_view>
#include <vector>

/// What leaves the control thread has no secrets in it: each is replaced by dots and its last four characters. What
/// comes back with such a mask keeps the secret that is stored.
namespace gateway::api {

class Gateway;

std::string maskOf(std::string_view secret); ///< "••••1a2b"; of a short one "••••"; of none ""
bool isMask(std::string_view text);

/// `config` with every secret masked: credentials' secrets (of a service account, its e-mail address and project stay to be
/// seen), the values of providers' secret headers, the metrics token, webhooks' addresses behind their hosts, alerts' secrets, the mail server's password, the
/// password in the proxy's URL.
config::Config masked(config::Config config);

/// Puts the stored secrets in the places that are masked in `next`. Providers are found by id, else by name.
/// @return the fields whose mask stands for nothing that is stored: their secret has to be given again
std::vector<std::string> unmask(config::Config &next, const config::Config &stored);

/// A configuration that comes with secrets, as it would be shown once it is stored: masked, and keys and tokens known by the
/// hashes of those secrets. So it can be compared with the one that holds.
config::Config maskedAsStored(config::Config config, const Gateway &gateway);

} // namespace gateway::api
