// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/telemetry/otlp.h"

#include <QNetworkAccessManager>
#include <QObject>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

class QNetworkReply;

namespace gateway::api {

/// What became of a batch (OTLP/HTTP: Failures).
struct OtlpOutcome
{
    enum class Kind : std::uint8_t {
        Taken,
        Again,  ///< 429, 502, 503, 504, or nobody answered: later
        Refused,///< any other answer: this batch never will be taken
        NoSuch  ///< 404, 405, 501: the collector has no such signal
    };
    Kind kind = Kind::Taken;
    std::string words {};                                   ///< why it was not taken, or what the collector has to say of one that was; without secrets
    std::optional<std::chrono::milliseconds> retryAfter {}; ///< as the collector asked
};

/// Posts OTLP messages to a collector. On one thread with an event loop.
class OtlpSender : public QObject
{
    Q_OBJECT
public:
    explicit OtlpSender(QObject *parent = nullptr);

    /// Whom to send to from now on. What is under way goes on.
    /// @param settings  with its headers' values in clear
    /// @param proxy     gateway.proxy; empty: none
    void configure(const config::TelemetrySettings &settings, const std::string &proxy);

    /// @param body  otlpBytes() of that signal
    /// @param done  called once, unless the sender ends before
    void send(telemetry::OtlpSignal signal, const std::string &body, std::function<void(OtlpOutcome)> done);

private:
    static OtlpOutcome outcomeOf(QNetworkReply &reply);

    QNetworkAccessManager m_network;
    config::TelemetrySettings m_settings;
};

} // namespace gateway::api
