// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <string>
#include <string_view>

namespace gateway::config {

/// A service account's key as Google's console gives it (wire.md section 10).
struct ServiceAccount
{
    std::string clientEmail;
    std::string projectId;    ///< may be empty
    std::string privateKeyId; ///< may be empty
    std::string privateKey;   ///< PEM
    std::string tokenUri;     ///< where the key is shown for an access token; Google's own where the file names none
};

/// Reads the JSON text. Invalid where it is none, is another kind of file (a person's sign-in, federation), or lacks a
/// member: the words say which and what to do, never what stands in it. Pure.
Result<ServiceAccount> readServiceAccount(std::string_view json);

} // namespace gateway::config
