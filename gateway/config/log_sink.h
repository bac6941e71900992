// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/values.h"

#include <string>

/// The list `telemetry.sinks`: where records of calls are written too, as lines of JSON, a file or object a day and part. Plain values.
namespace gateway::config {

/// Of S3-compatible storage.
struct S3Place
{
    std::string bucket {};            ///< empty: none
    std::string prefix {};            ///< before the names of objects
    std::string endpoint {};          ///< "http://127.0.0.1:9000"; empty: Amazon's of the region
    std::string region = "us-east-1";
    Secret accessKeyId, secretAccessKey, sessionToken {};
    bool operator==(const S3Place &) const = default;
};

/// Either a folder or a bucket.
struct LogSink
{
    std::string name {};
    bool enabled = true;
    std::string folder {};            ///< of this machine
    S3Place s3 {};
    bool bodies = false;              ///< what was asked and answered goes along, as it is logged
    Millis every = std::chrono::minutes {5}; ///< how long a record waits at most until it is there
    bool operator==(const LogSink &) const = default;
};

inline constexpr std::size_t mostLogSinks = 8;

} // namespace gateway::config
