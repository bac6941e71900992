// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/log_sink.h"
#include "gateway/core/clock.h"
#include "gateway/core/error.h"

#include <QNetworkAccessManager>
#include <QObject>

#include <functional>
#include <string>
#include <string_view>

class QNetworkReply;

namespace gateway::api {

/// Where an object is: of Amazon under the bucket's own host, of other storage, and of buckets with a dot in their names (no
/// certificate is for those), under the bucket's name in the path.
struct S3Address
{
    std::string origin; ///< "https://bucket.s3.us-east-1.amazonaws.com"
    std::string host;   ///< as the header says it
    std::string path;   ///< encoded: "/2026/11/30/calls.jsonl.zst"
};
[[nodiscard]] S3Address s3Address(const config::S3Place &place, std::string_view key);

/// Puts objects into S3-compatible storage, signed by Signature Version 4. On one thread with an event loop.
class S3Client : public QObject
{
    Q_OBJECT
public:
    /// @param clock  outlives this
    explicit S3Client(const Clock &clock, QObject *parent = nullptr);

    /// Whom to put to from now on. What is under way goes on.
    /// @param place  with its secrets in clear
    /// @param proxy  gateway.proxy; empty: none
    void configure(const config::S3Place &place, const std::string &proxy);

    /// @param done  called once, unless the client ends before. Errors have words without secrets: "it answered 403 (AccessDenied)"
    void put(const std::string &key, std::string bytes, std::function<void(Result<>)> done);

private:
    const Clock &m_clock;
    QNetworkAccessManager m_network;
    config::S3Place m_place;
};

} // namespace gateway::api
