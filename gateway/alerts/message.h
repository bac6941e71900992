// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/alert.h"
#include "gateway/core/alert_view.h"

#include <string>
#include <string_view>

/// What is told of an alert, in words and in the forms that services take. Pure.
namespace gateway::alerts {

struct AlertTold
{
    AlertWord word = AlertWord::Fired;
    const config::Alert &alert;
    const AlertFiring &firing;
    WallTime at {};
};

/// "errors: error_rate of route chat is 12 % (above 5 %)", "busy: 280 calls of team search (above 200)"
[[nodiscard]] std::string titleOf(const AlertTold &told);
/// A few lines more: since when, how far, what it is about.
[[nodiscard]] std::string wordsOf(const AlertTold &told);

/// A value of a metric, for people: "12 %", "$4.20", "2.41 s", "1,200".
[[nodiscard]] std::string valueText(double value, config::AlertUnit unit);

/// Slack, Teams or Discord where a webhook says so or its address's host is theirs; else Webhook.
[[nodiscard]] config::NotifyKind formOf(const config::Notify &notify);

/// The JSON that a webhook of that form takes. Names of subjects come from callers: none of them is read as markup or a mention.
[[nodiscard]] std::string webhookBody(config::NotifyKind form, const AlertTold &told);

/// An e-mail as it goes over the wire, with CRLF line ends (RFC 5322, RFC 2047), base64 within.
[[nodiscard]] std::string mailText(const std::string &from, const std::string &to, const AlertTold &told);

} // namespace gateway::alerts
