// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/log_sink.h"

#include <array>
#include <string_view>
#include <utility>

namespace gateway::config {

/// The secrets of an S3 place, by their keys: all that has to do with secrets goes through them.
inline constexpr std::array<std::pair<std::string_view, Secret S3Place::*>, 3> s3Secrets {
    {{"access_key_id", &S3Place::accessKeyId}, {"secret_access_key", &S3Place::secretAccessKey}, {"session_token", &S3Place::sessionToken}}};

/// Whether what opens the one opens the other: a secret is only ever sent to where it was given for.
[[nodiscard]] inline bool isSamePlace(const S3Place &a, const S3Place &b)
{
    return a.bucket == b.bucket && a.endpoint == b.endpoint;
}

} // namespace gateway::config
